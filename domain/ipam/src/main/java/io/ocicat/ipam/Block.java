package io.ocicat.ipam;

import io.ocicat.inet.Cidr;

/**
 * A range of addresses leased to a node as a whole.
 *
 * @param pool name of the pool that it is part of
 */
public record Block(Cidr cidr, String pool) implements Comparable<Block> {

  /** Blocks of more than 2^16 addresses are refused: every address is kept in a list. */
  public static final int MAX_HOST_BITS = 16;

  public Block {
    if (cidr.family().bits() - cidr.prefixLength() > MAX_HOST_BITS) {
      throw new IllegalArgumentException(
          "block %s of pool %s has more than 2^%d addresses; use a longer blockSize"
              .formatted(cidr, pool, MAX_HOST_BITS));
    }
  }

  /** Number of addresses. */
  public int size() {
    return 1 << (cidr.family().bits() - cidr.prefixLength());
  }

  @Override
  public int compareTo(Block other) {
    return cidr.compareTo(other.cidr);
  }
}
