package io.ocicat.bench;

import java.util.Arrays;
import java.util.List;

/** Durations of equal operations, sorted, in nanoseconds, and how long they took together. */
record Distribution(Sorted durations, long togetherNs) {

  /** A sorted array that nobody changes. */
  static final class Sorted {
    private final long[] values;

    private Sorted(long[] values) {
      this.values = values;
    }
  }

  static Distribution of(long[] durationsNs, long togetherNs) {
    long[] sorted = durationsNs.clone();
    Arrays.sort(sorted);
    return new Distribution(new Sorted(sorted), togetherNs);
  }

  /** Of operations one after the other. */
  static Distribution of(long[] durationsNs) {
    return of(durationsNs, Arrays.stream(durationsNs).sum());
  }

  /** All operations of these, one after the other. */
  static Distribution together(List<Distribution> distributions) {
    return of(
        distributions.stream()
            .flatMapToLong(each -> Arrays.stream(each.durations.values))
            .toArray());
  }

  int count() {
    return durations.values.length;
  }

  /** The smallest duration that is not below the given share of all, in milliseconds. */
  double percentileMs(double share) {
    int index = (int) Math.ceil(share * count()) - 1;
    return durations.values[Math.clamp(index, 0, count() - 1)] / 1e6;
  }

  double perSecond() {
    return count() * 1e9 / togetherNs;
  }
}
