package io.ocicat.policy;

import io.ocicat.model.Protocol;
import io.ocicat.policy.PortMatch.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Sets of ports as ranges. */
final class PortRanges {

  private static final int PORT_MAX = 65535;

  private PortRanges() {}

  /** The same ports, ascending, disjoint and not adjacent. */
  static List<Range> merged(Collection<Range> ranges) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(Range::protocol).thenComparingInt(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : sorted) {
      if (!merged.isEmpty()
          && merged.getLast().protocol() == range.protocol()
          && range.first() <= merged.getLast().last() + 1) {
        Range before = merged.removeLast();
        merged.add(
            new Range(range.protocol(), before.first(), Math.max(before.last(), range.last())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  /** The ports of {@code ranges} that are none of {@code taken}. */
  static List<Range> without(Collection<Range> ranges, Collection<Range> taken) {
    List<Range> rest = merged(ranges);
    for (Range hole : taken) {
      List<Range> next = new ArrayList<>();
      for (Range range : rest) {
        if (range.protocol() != hole.protocol()
            || hole.last() < range.first()
            || range.last() < hole.first()) {
          next.add(range);
          continue;
        }
        if (range.first() < hole.first()) {
          next.add(new Range(range.protocol(), range.first(), hole.first() - 1));
        }
        if (hole.last() < range.last()) {
          next.add(new Range(range.protocol(), hole.last() + 1, range.last()));
        }
      }
      rest = next;
    }
    return rest;
  }

  /** All ports of all protocols of {@code ranges}. */
  static List<Range> allOfProtocols(Collection<Range> ranges) {
    return ranges.stream()
        .map(Range::protocol)
        .distinct()
        .sorted()
        .map((Protocol protocol) -> new Range(protocol, 0, PORT_MAX))
        .toList();
  }
}
