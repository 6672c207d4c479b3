package io.ocicat.fib;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.util.Arrays;

/**
 * Prefixes of a family as numbers from 1 on, with what is wanted for each, and the queue of those
 * to be written. Some thirty octets a prefix; a prefix is queued once, however often it changes.
 */
final class FibTable {

  /** A route of ours is in the kernel. */
  static final int INSTALLED = 1;

  /** To be written. */
  static final int QUEUED = 2;

  /** Left by an earlier run, and not learned since. */
  static final int STALE = 4;

  /** The kernel did not take it. */
  static final int REFUSED = 8;

  /** Written since the audit that is under way began. */
  static final int TOUCHED = 16;

  /** Found by the audit that is under way. */
  static final int SEEN = 32;

  private static final int FIRST_CAPACITY = 64;

  final IpFamily family;
  private final boolean wide;
  private long[] highs = new long[0];
  private long[] lows = new long[0];
  private int[] addresses = new int[0];
  private byte[] lengths = new byte[FIRST_CAPACITY];
  private byte[] flags = new byte[FIRST_CAPACITY];

  /** Of a prefix: the number of its group, or 0; of a free number: the next free one. */
  private int[] groups = new int[FIRST_CAPACITY];

  private int[] buckets = new int[2 * FIRST_CAPACITY];
  private boolean[] used = new boolean[FIRST_CAPACITY];
  private int firstFree;
  private int limit = 1;
  private int count;
  private int[] queue = new int[FIRST_CAPACITY];
  private int queueHead;
  private int queueSize;

  FibTable(IpFamily family) {
    this.family = family;
    this.wide = family == IpFamily.IPV6;
    resize(FIRST_CAPACITY);
  }

  int count() {
    return count;
  }

  /** One more than the highest number ever given. */
  int limit() {
    return limit;
  }

  boolean used(int number) {
    return used[number];
  }

  Cidr prefix(int number) {
    return new Cidr(
        wide ? new Ipv6Address(highs[number], lows[number]) : new Ipv4Address(addresses[number]),
        lengths[number] & 0xff);
  }

  int group(int number) {
    return groups[number];
  }

  void group(int number, int group) {
    groups[number] = group;
  }

  boolean is(int number, int flag) {
    return (flags[number] & flag) != 0;
  }

  void set(int number, int flag) {
    flags[number] |= (byte) flag;
  }

  void clear(int number, int flag) {
    flags[number] &= (byte) ~flag;
  }

  /** How many have all the flags of one mask and none of another. */
  int count(int with, int without) {
    int found = 0;
    for (int number = 1; number < limit; number++) {
      if (used[number] && (flags[number] & (with | without)) == with) {
        found++;
      }
    }
    return found;
  }

  int wanted() {
    int found = 0;
    for (int number = 1; number < limit; number++) {
      if (used[number] && groups[number] != 0) {
        found++;
      }
    }
    return found;
  }

  int find(Cidr prefix) {
    int at = hash(high(prefix), low(prefix), prefix.prefixLength()) & buckets.length - 1;
    for (int number = buckets[at]; number != 0; number = buckets[at]) {
      if (same(number, prefix)) {
        return number;
      }
      at = at + 1 & buckets.length - 1;
    }
    return 0;
  }

  int findOrAdd(Cidr prefix) {
    int known = find(prefix);
    if (known != 0) {
      return known;
    }
    int number = firstFree == 0 ? limit++ : firstFree;
    if (number == firstFree) {
      firstFree = groups[number];
    }
    if (number == flags.length) {
      resize(2 * number);
    }
    if (wide) {
      highs[number] = high(prefix);
      lows[number] = low(prefix);
    } else {
      addresses[number] = (int) (high(prefix) >>> 32);
    }
    lengths[number] = (byte) prefix.prefixLength();
    flags[number] = 0;
    groups[number] = 0;
    used[number] = true;
    if (++count > buckets.length / 3 * 2) {
      rehash();
    }
    int at = home(number);
    while (buckets[at] != 0) {
      at = at + 1 & buckets.length - 1;
    }
    buckets[at] = number;
    return number;
  }

  /** Gives a number back and closes the gap (Knuth 6.4, algorithm R); it is not queued. */
  void remove(int number) {
    int mask = buckets.length - 1;
    int hole = home(number);
    while (buckets[hole] != number) {
      hole = hole + 1 & mask;
    }
    for (int at = hole + 1 & mask; buckets[at] != 0; at = at + 1 & mask) {
      if ((at - home(buckets[at]) & mask) >= (at - hole & mask)) {
        buckets[hole] = buckets[at];
        hole = at;
      }
    }
    buckets[hole] = 0;
    used[number] = false;
    groups[number] = firstFree;
    firstFree = number;
    count--;
  }

  void enqueue(int number) {
    if (is(number, QUEUED)) {
      return;
    }
    set(number, QUEUED);
    clear(number, REFUSED);
    if (queueSize == queue.length) {
      int[] larger = new int[2 * queueSize];
      int tail = queueSize - queueHead;
      System.arraycopy(queue, queueHead, larger, 0, tail);
      System.arraycopy(queue, 0, larger, tail, queueHead);
      queue = larger;
      queueHead = 0;
    }
    queue[queueHead + queueSize++ & queue.length - 1] = number;
  }

  boolean hasQueued() {
    return queueSize > 0;
  }

  int queued() {
    return queueSize;
  }

  /** The next number to be written, no longer queued. */
  int poll() {
    int number = queue[queueHead];
    queueHead = queueHead + 1 & queue.length - 1;
    if (--queueSize == 0 && queue.length > 1 << 16) {
      queue = new int[FIRST_CAPACITY];
      queueHead = 0;
    }
    clear(number, QUEUED);
    return number;
  }

  private void resize(int size) {
    if (wide) {
      highs = Arrays.copyOf(highs, size);
      lows = Arrays.copyOf(lows, size);
    } else {
      addresses = Arrays.copyOf(addresses, size);
    }
    lengths = Arrays.copyOf(lengths, size);
    flags = Arrays.copyOf(flags, size);
    groups = Arrays.copyOf(groups, size);
    used = Arrays.copyOf(used, size);
  }

  /** Before the newest, the {@code count}th, is in. */
  private void rehash() {
    int[] old = buckets;
    buckets = new int[2 * old.length];
    for (int number : old) {
      if (number != 0) {
        int at = home(number);
        while (buckets[at] != 0) {
          at = at + 1 & buckets.length - 1;
        }
        buckets[at] = number;
      }
    }
  }

  private boolean same(int number, Cidr prefix) {
    return (lengths[number] & 0xff) == prefix.prefixLength()
        && (wide
            ? highs[number] == high(prefix) && lows[number] == low(prefix)
            : addresses[number] == (int) (high(prefix) >>> 32));
  }

  private int home(int number) {
    long high = wide ? highs[number] : (long) addresses[number] << 32;
    long low = wide ? lows[number] : 0;
    return hash(high, low, lengths[number] & 0xff) & buckets.length - 1;
  }

  private static int hash(long high, long low, int length) {
    long mixed = high * 0x9E3779B97F4A7C15L ^ (low + length) * 0xC2B2AE3D27D4EB4FL;
    mixed = (mixed ^ mixed >>> 32) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }

  private static long high(Cidr prefix) {
    return switch (prefix.address()) {
      case Ipv4Address v4 -> (long) v4.value() << 32;
      case Ipv6Address v6 -> v6.high();
    };
  }

  private static long low(Cidr prefix) {
    return prefix.address() instanceof Ipv6Address v6 ? v6.low() : 0;
  }
}
