package io.ocicat.bgp.rib;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Encoded UPDATEs that every follower of a group gets, in a chain: a neighbour remembers the chunk
 * that it had last. The bytes are shared and never change.
 */
final class Chunk {
  /** No neighbour, as owner of routes or as addressee. */
  static final int NOBODY = -1;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
  static final int[] NO_ITEMS = {};

  final ByteBuffer bytes;

  /**
   * What it is about, pinned as long as somebody has not read it; empty where nobody may miss it.
   */
  final int[] items;

  final GroupFamily family;

  /** The neighbour the routes came from, who is not told of them. */
  final int except;

  /** Where not {@link #NOBODY}: only this neighbour is told. */
  final int only;

  /** Octets up to the end of this chunk since the chain began. */
  long end;

  /** How many neighbours have still to read it. */
  int readers;

  /** In a walk: how far it went with this chunk; else 0. */
  int walkedTo;

  @Nullable Chunk next;

  Chunk(ByteBuffer bytes, int[] items, GroupFamily family, int except, int only) {
    this.bytes = bytes;
    this.items = items;
    this.family = family;
    this.except = except;
    this.only = only;
  }

  /** The beginning of a chain, without content. */
  static Chunk start(GroupFamily family) {
    return new Chunk(NOTHING, NO_ITEMS, family, NOBODY, NOBODY);
  }

  boolean isFor(int peer) {
    return peer != except && (only == NOBODY || only == peer);
  }

  /** One neighbour less has to read it. */
  void passed() {
    if (--readers == 0) {
      for (int item : items) {
        family.out.unpin(item);
      }
    }
  }
}
