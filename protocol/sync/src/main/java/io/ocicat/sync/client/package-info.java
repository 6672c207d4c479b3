/**
 * The agent's end of sync: {@link io.ocicat.sync.client.Controller} is the controller as the
 * agent's owner thread sees it, {@link io.ocicat.sync.client.SyncTable} the table, {@link
 * io.ocicat.sync.client.TableStore} its copy over restarts.
 *
 * <p>Connections come and go beneath; what was reported, subscribed and acknowledged is said again
 * after each reconnect. Nothing here knows what an item means.
 */
@NullMarked
package io.ocicat.sync.client;

import org.jspecify.annotations.NullMarked;
