package io.ocicat.controller.leases;

import io.ocicat.inet.Cidr;
import io.ocicat.model.IpPool;
import java.util.NavigableSet;
import java.util.Optional;

/** The blocks of a pool, numbered from 0. */
record BlockSpace(Cidr pool, int blockSize) {

  /** Of a large IPv6 pool only so many blocks are used; offsets then fit a long. */
  private static final int MAX_INDEX_BITS = 40;

  static BlockSpace of(IpPool pool) {
    return new BlockSpace(pool.cidr(), pool.blockSize());
  }

  long count() {
    int bits = blockSize - pool.prefixLength();
    return bits < 0 ? 0 : 1L << Math.min(bits, MAX_INDEX_BITS);
  }

  Cidr block(long index) {
    int hostBits = pool.family().bits() - blockSize;
    return new Cidr(pool.address().plus(index << hostBits), blockSize);
  }

  /**
   * The first free block from {@code start} on, and from the beginning again. Takes one step for
   * each lease passed at most.
   *
   * @param leased in all pools; no two of them overlap
   */
  Optional<Cidr> firstFree(long start, NavigableSet<Cidr> leased) {
    Optional<Cidr> found = firstFree(start, count(), leased);
    return found.isPresent() ? found : firstFree(0, start, leased);
  }

  private Optional<Cidr> firstFree(long from, long end, NavigableSet<Cidr> leased) {
    long index = from;
    while (index < end) {
      Cidr candidate = block(index);
      Optional<Cidr> obstacle = overlapping(candidate, leased);
      if (obstacle.isEmpty()) {
        return Optional.of(candidate);
      }
      index = Math.max(index, lastIndexIn(obstacle.get())) + 1;
    }
    return Optional.empty();
  }

  private static Optional<Cidr> overlapping(Cidr candidate, NavigableSet<Cidr> leased) {
    return Optional.ofNullable(leased.floor(candidate))
        .filter(candidate::overlaps)
        .or(() -> Optional.ofNullable(leased.ceiling(candidate)).filter(candidate::overlaps));
  }

  private long lastIndexIn(Cidr obstacle) {
    int hostBits = pool.family().bits() - blockSize;
    return obstacle
        .last()
        .toBigInteger()
        .subtract(pool.address().toBigInteger())
        .shiftRight(hostBits)
        .min(java.math.BigInteger.valueOf(count()))
        .longValueExact();
  }
}
