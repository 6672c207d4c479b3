package io.ocicat.bgp.rib;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;

/**
 * Prefixes as small dense numbers ("nets"), by open addressing, without an object a prefix.
 *
 * <p>Both families look alike from outside: a prefix is two longs and a length, an IPv4 address
 * stands in the upper half of the first (see {@link #high(int)}). Inside, IPv4 takes five octets
 * and IPv6 seventeen. Net 0 is never given out. A net is counted in and out by {@link #pin} and
 * {@link #unpin}; with its last pin it goes back, so whoever remembers a net must hold a pin.
 */
final class PrefixTable {
  private static final int FIRST_CAPACITY = 256;

  /** Below it stands the length, from it on the pins. */
  private static final int ONE_PIN = 1 << 8;

  private final boolean wide;
  private final IntPages addresses = new IntPages();
  private final LongPages highs = new LongPages();
  private final LongPages lows = new LongPages();

  /** Pins and length of a net in use; for a free one the complement of the next free net. */
  private final IntPages states = new IntPages();

  private int[] buckets;
  private int firstFree;
  private int limit = 1;
  private int count;

  PrefixTable(IpFamily family) {
    wide = family == IpFamily.IPV6;
    buckets = new int[FIRST_CAPACITY * 2];
  }

  /** The first word of an IPv4 prefix; the second is 0. */
  static long high(int address) {
    return (long) address << 32;
  }

  static long high(IpAddress address) {
    return switch (address) {
      case Ipv4Address v4 -> high(v4.value());
      case Ipv6Address v6 -> v6.high();
    };
  }

  static long low(IpAddress address) {
    return address instanceof Ipv6Address v6 ? v6.low() : 0;
  }

  /** How many prefixes there are. */
  int count() {
    return count;
  }

  /** One more than the highest net ever given out. */
  int limit() {
    return limit;
  }

  /** The net of a prefix, or 0. */
  int find(long high, long low, int length) {
    int mask = buckets.length - 1;
    int at = hash(high, low, length) & mask;
    for (int net = buckets[at]; net != 0; net = buckets[at]) {
      if (same(net, high, low, length)) {
        return net;
      }
      at = (at + 1) & mask;
    }
    return 0;
  }

  /** The net of a prefix, new and without pins if there was none: pin it. */
  int findOrAdd(long high, long low, int length) {
    int mask = buckets.length - 1;
    int at = hash(high, low, length) & mask;
    for (int net = buckets[at]; net != 0; net = buckets[at]) {
      if (same(net, high, low, length)) {
        return net;
      }
      at = (at + 1) & mask;
    }
    int net = allocate();
    if (wide) {
      highs.set(net, high);
      lows.set(net, low);
    } else {
      addresses.set(net, (int) (high >>> 32));
    }
    states.set(net, length);
    buckets[at] = net;
    if (++count > buckets.length / 3 * 2) {
      rehash(buckets.length * 2);
    }
    return net;
  }

  boolean used(int net) {
    return states.at(net) >= ONE_PIN;
  }

  void pin(int net) {
    states.add(net, ONE_PIN);
  }

  void unpin(int net) {
    int left = states.at(net) - ONE_PIN;
    if (left < 0) {
      throw new IllegalStateException("net " + net + " was given back more often than taken");
    }
    states.set(net, left);
    if (left < ONE_PIN) {
      remove(net);
    }
  }

  long highOf(int net) {
    return wide ? highs.at(net) : (long) addresses.at(net) << 32;
  }

  long lowOf(int net) {
    return wide ? lows.at(net) : 0;
  }

  int lengthOf(int net) {
    return states.at(net) & 0xff;
  }

  Cidr prefix(int net) {
    return cidr(wide, highOf(net), lowOf(net), lengthOf(net));
  }

  static Cidr cidr(boolean v6, long high, long low, int length) {
    IpAddress address = v6 ? new Ipv6Address(high, low) : new Ipv4Address((int) (high >>> 32));
    return new Cidr(address, length);
  }

  private boolean same(int net, long high, long low, int length) {
    boolean alike =
        wide
            ? highs.at(net) == high && lows.at(net) == low
            : addresses.at(net) == (int) (high >>> 32);
    return alike && lengthOf(net) == length;
  }

  private static int hash(long high, long low, int length) {
    long mixed = high * 0x9E3779B97F4A7C15L ^ (low + length) * 0xC2B2AE3D27D4EB4FL;
    mixed ^= mixed >>> 32;
    mixed *= 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }

  private int allocate() {
    if (firstFree != 0) {
      int net = firstFree;
      firstFree = ~states.at(net);
      return net;
    }
    return limit++;
  }

  /** Takes a net out of its run and closes the gap (Knuth 6.4, algorithm R). */
  private void remove(int net) {
    int mask = buckets.length - 1;
    int hole = hash(highOf(net), lowOf(net), lengthOf(net)) & mask;
    while (buckets[hole] != net) {
      hole = (hole + 1) & mask;
    }
    int at = hole;
    while (true) {
      at = (at + 1) & mask;
      int other = buckets[at];
      if (other == 0) {
        break;
      }
      int home = hash(highOf(other), lowOf(other), lengthOf(other)) & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        buckets[hole] = other;
        hole = at;
      }
    }
    buckets[hole] = 0;
    states.set(net, ~firstFree);
    firstFree = net;
    count--;
  }

  private void rehash(int size) {
    int[] bigger = new int[size];
    int mask = size - 1;
    for (int net : buckets) {
      if (net != 0) {
        int at = hash(highOf(net), lowOf(net), lengthOf(net)) & mask;
        while (bigger[at] != 0) {
          at = (at + 1) & mask;
        }
        bigger[at] = net;
      }
    }
    buckets = bigger;
  }
}
