package io.ocicat.nftables;

import io.ocicat.inet.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Turns prefixes into the disjoint intervals that an interval set wants. */
public final class AddressIntervals {
  private AddressIntervals() {}

  /** From first to last, both included. */
  private record Interval(Bytes first, Bytes last) {}

  /** The addresses of all prefixes; overlapping and adjacent ones become one interval. */
  public static List<Element> of(Collection<Cidr> prefixes) {
    return elements(merge(prefixes));
  }

  /** The addresses of {@code included} that are not in {@code excluded}; all of one family. */
  public static List<Element> of(Collection<Cidr> included, Collection<Cidr> excluded) {
    List<Interval> rest = merge(included);
    for (Interval hole : merge(excluded)) {
      List<Interval> next = new ArrayList<>();
      for (Interval interval : rest) {
        subtract(interval, hole, next);
      }
      rest = next;
    }
    return elements(rest);
  }

  private static void subtract(Interval interval, Interval hole, List<Interval> result) {
    if (hole.last.compareTo(interval.first) < 0 || hole.first.compareTo(interval.last) > 0) {
      result.add(interval);
      return;
    }
    if (hole.first.compareTo(interval.first) > 0) {
      result.add(new Interval(interval.first, hole.first.previous()));
    }
    if (hole.last.compareTo(interval.last) < 0) {
      result.add(new Interval(hole.last.next(), interval.last));
    }
  }

  private static List<Interval> merge(Collection<Cidr> prefixes) {
    List<Interval> sorted = new ArrayList<>();
    for (Cidr prefix : prefixes) {
      sorted.add(
          new Interval(
              Bytes.of(prefix.address().masked(prefix.prefixLength()).toBytes()),
              Bytes.of(prefix.last().toBytes())));
    }
    sorted.sort(Comparator.comparing(Interval::first));
    List<Interval> merged = new ArrayList<>();
    for (Interval interval : sorted) {
      Interval last = merged.isEmpty() ? null : merged.getLast();
      if (last != null
          && (last.last.isAllOnes() || interval.first.compareTo(last.last.next()) <= 0)) {
        Bytes end = interval.last.compareTo(last.last) > 0 ? interval.last : last.last;
        merged.set(merged.size() - 1, new Interval(last.first, end));
      } else {
        merged.add(interval);
      }
    }
    return merged;
  }

  private static List<Element> elements(List<Interval> intervals) {
    return intervals.stream().map(i -> Element.interval(i.first, i.last)).toList();
  }
}
