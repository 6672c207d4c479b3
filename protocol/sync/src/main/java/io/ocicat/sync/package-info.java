/**
 * What controller and agents say to each other, as values.
 *
 * <p>State travels as a keyed table of {@link io.ocicat.sync.SyncItem}s. A message is a {@link
 * io.ocicat.sync.SyncDelta}: upserts, removals, changed group members, and the generation up to
 * which the receiver is complete after it. A snapshot is a delta too. Questions have sealed
 * answers.
 *
 * <p>The records here are all that other modules see; protobuf classes stay in {@code
 * io.ocicat.sync.grpc}, certificates in {@code io.ocicat.sync.identity}, the agent's end in {@code
 * io.ocicat.sync.client}. What an item means does not belong here.
 */
@NullMarked
package io.ocicat.sync;

import org.jspecify.annotations.NullMarked;
