package io.ocicat.bgp.rib;

import java.util.Arrays;

/**
 * Numbers waiting in the order in which they came, each at most once: what changed last is looked
 * at when its turn comes, so the latest state wins and the queue is never longer than the table.
 */
final class NumberQueue {
  private static final int FIRST_CAPACITY = 64;

  private long[] present = new long[4];
  private int[] ring = new int[FIRST_CAPACITY];
  private int head;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  boolean contains(int number) {
    int word = number >>> 6;
    return word < present.length && (present[word] & 1L << number) != 0;
  }

  /** True if the number was not waiting yet. */
  boolean add(int number) {
    int word = number >>> 6;
    if (word >= present.length) {
      present = Arrays.copyOf(present, Math.max(word + 1, present.length * 2));
    }
    long bit = 1L << number;
    if ((present[word] & bit) != 0) {
      return false;
    }
    present[word] |= bit;
    if (size == ring.length) {
      grow();
    }
    ring[(head + size++) & (ring.length - 1)] = number;
    return true;
  }

  /** The number that waited longest; the queue must not be empty. */
  int poll() {
    int number = ring[head];
    head = (head + 1) & (ring.length - 1);
    present[number >>> 6] &= ~(1L << number);
    if (--size == 0 && ring.length > 1 << 16) {
      ring = new int[FIRST_CAPACITY];
      head = 0;
    }
    return number;
  }

  private void grow() {
    int[] bigger = new int[ring.length * 2];
    int first = ring.length - head;
    System.arraycopy(ring, head, bigger, 0, first);
    System.arraycopy(ring, 0, bigger, first, head);
    ring = bigger;
    head = 0;
  }
}
