package io.ocicat.sync.grpc;

import io.ocicat.sync.GroupChange;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.wire.Delta;
import io.ocicat.sync.wire.Item;
import io.ocicat.sync.wire.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deltas as one or more messages of bounded size, the last of which is marked complete. */
final class DeltaCodec {

  /** A message is closed when it has reached this many bytes; one item may go beyond. */
  static final int CHUNK_BYTES = 256 * 1024;

  private DeltaCodec() {}

  static List<Delta> encode(SyncDelta delta) {
    Chunks chunks = new Chunks(delta);
    for (SyncItem item : delta.upserts()) {
      Item encoded = ItemCodec.encode(item);
      chunks.room(encoded.getSerializedSize()).addUpserts(encoded);
    }
    for (ItemKey key : delta.removals()) {
      Key encoded = ItemCodec.encode(key);
      chunks.room(encoded.getSerializedSize()).addRemovals(encoded);
    }
    for (GroupChange change : delta.groups()) {
      io.ocicat.sync.wire.GroupChange encoded =
          io.ocicat.sync.wire.GroupChange.newBuilder()
              .setId(change.id())
              .addAllAdded(ItemCodec.encodeMembers(change.added()))
              .addAllRemoved(ItemCodec.encodeMembers(change.removed()))
              .build();
      chunks.room(encoded.getSerializedSize()).addGroups(encoded);
    }
    return chunks.finish();
  }

  private static final class Chunks {

    private final SyncDelta delta;
    private final List<Delta> done = new ArrayList<>();
    private Delta.Builder open;
    private int bytes;

    Chunks(SyncDelta delta) {
      this.delta = delta;
      this.open = empty(delta);
    }

    private static Delta.Builder empty(SyncDelta delta) {
      return Delta.newBuilder()
          .setDialect(Dialect.OWN)
          .setEpoch(delta.epoch())
          .setGeneration(delta.generation())
          .setSnapshot(delta.snapshot());
    }

    Delta.Builder room(int needed) {
      if (bytes > 0 && bytes + needed > CHUNK_BYTES) {
        done.add(open.build());
        open = empty(delta);
        bytes = 0;
      }
      bytes += needed;
      return open;
    }

    List<Delta> finish() {
      done.add(open.setComplete(true).build());
      return done;
    }
  }

  /** Puts the messages of a stream together again; for one thread. */
  static final class Assembler {

    private final List<SyncItem> upserts = new ArrayList<>();
    private final List<ItemKey> removals = new ArrayList<>();
    private final List<GroupChange> groups = new ArrayList<>();

    /**
     * @return the delta, if this was its last message
     * @throws IllegalArgumentException if an address in it is none, or it is of another dialect
     */
    Optional<SyncDelta> add(Delta message) {
      Dialect.check(message.getDialect());
      message.getUpsertsList().forEach(item -> ItemCodec.decode(item).ifPresent(upserts::add));
      message.getRemovalsList().forEach(key -> ItemCodec.decode(key).ifPresent(removals::add));
      message
          .getGroupsList()
          .forEach(
              change ->
                  groups.add(
                      new GroupChange(
                          change.getId(),
                          ItemCodec.decodeMembers(change.getAddedList()),
                          ItemCodec.decodeMembers(change.getRemovedList()))));
      if (!message.getComplete()) {
        return Optional.empty();
      }
      SyncDelta delta =
          new SyncDelta(
              message.getEpoch(),
              message.getGeneration(),
              message.getSnapshot(),
              upserts,
              removals,
              groups);
      upserts.clear();
      removals.clear();
      groups.clear();
      return Optional.of(delta);
    }
  }
}
