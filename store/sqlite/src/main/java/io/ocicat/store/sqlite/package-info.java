/**
 * The embedded store: one SQLite file, for a controller that needs no database server.
 *
 * <p>One thread writes. It takes all waiting writes into one transaction, commits, tells the
 * watches, and only then answers the writers; so a busy store pays for one sync to disk many times
 * over. Reads go to a few connections of their own and see the last commit. The file is in WAL mode
 * with {@code synchronous=FULL}: an acknowledged write survives the loss of power, because the
 * revision is the cluster's policy generation, and a counter that fell back would give one
 * generation two meanings.
 *
 * <p>{@code history} holds every version since the last compaction, and of what is older the
 * version that was current then; {@code objects} says which version of each key is current.
 */
@NullMarked
package io.ocicat.store.sqlite;

import org.jspecify.annotations.NullMarked;
