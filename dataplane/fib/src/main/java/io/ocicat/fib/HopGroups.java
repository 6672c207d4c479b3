package io.ocicat.fib;

import io.ocicat.inet.IpAddress;
import io.ocicat.rtnetlink.NextHop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sets of next hops that prefixes share, as numbers from 1 on, and where each leads now. */
final class HopGroups {

  /**
   * A next hop as BGP has it.
   *
   * @param device where a link-local one is; may be empty for others
   */
  record Hop(IpAddress address, String device) {}

  /** Some next hops that are used together. */
  static final class Group {
    final int number;
    final List<Hop> hops;

    /** Empty: none of them can be reached. */
    List<NextHop> leads = List.of();

    private int uses;

    Group(int number, List<Hop> hops) {
      this.number = number;
      this.hops = hops;
    }
  }

  private final Map<List<Hop>, Group> known = new HashMap<>();
  private final List<@Nullable Group> byNumber = new ArrayList<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  HopGroups() {
    byNumber.add(null);
  }

  /** Counts one more use. A new group's {@code leads} are still to be found. */
  Group take(List<Hop> hops, Consumer<Group> whenNew) {
    Group group = known.get(hops);
    if (group == null) {
      Integer again = free.poll();
      group = new Group(again == null ? byNumber.size() : again, List.copyOf(hops));
      if (again == null) {
        byNumber.add(group);
      } else {
        byNumber.set(again, group);
      }
      known.put(group.hops, group);
      whenNew.accept(group);
    }
    group.uses++;
    return group;
  }

  void release(int number) {
    if (number != 0) {
      Group group = at(number);
      if (--group.uses == 0) {
        known.remove(group.hops);
        byNumber.set(number, null);
        free.push(number);
      }
    }
  }

  List<NextHop> leads(int number) {
    return number == 0 ? List.of() : at(number).leads;
  }

  Iterable<Group> all() {
    return known.values();
  }

  /** One more than the highest number. */
  int limit() {
    return byNumber.size();
  }

  private Group at(int number) {
    Group group = byNumber.get(number);
    if (group == null) {
      throw new IllegalStateException("no group " + number);
    }
    return group;
  }
}
