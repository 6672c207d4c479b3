/**
 * What the store's documents mean for agents: every item that some agent may get, the members of
 * every address group, and which node each pod's item goes to.
 *
 * <p>{@link io.ocicat.controller.index.ClusterIndex} depends on the documents alone, not on the
 * order in which they came; its cost follows the change. Sessions and threads do not belong here.
 */
@NullMarked
package io.ocicat.controller.index;

import org.jspecify.annotations.NullMarked;
