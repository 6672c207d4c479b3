package io.ocicat.controller;

import io.ocicat.sync.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What documents about BGP ask for and nodes do not do. Thousands of nodes may say the same: people
 * are told once of each field, until no node says it any more. For one thread.
 */
final class UnmetWishes {

  private record Wish(String object, String field) {}

  private final Map<String, Set<Wish>> byNode = new HashMap<>();
  private final Map<Wish, Integer> nodes = new HashMap<>();

  /** What this node says now; returns what no node has said before it. */
  List<Notice.Unfulfilled> say(String node, Notice.Unmet unmet) {
    List<Notice.Unfulfilled> fresh = new ArrayList<>();
    Set<Wish> now = new HashSet<>();
    for (Notice.Unfulfilled each : unmet.list()) {
      Wish wish = new Wish(each.object(), each.field());
      if (now.add(wish) && nodes.merge(wish, 1, Integer::sum) == 1) {
        fresh.add(each);
      }
    }
    Set<Wish> before = byNode.getOrDefault(node, Set.of());
    for (Wish wish : before) {
      nodes.computeIfPresent(wish, (_, count) -> count == 1 ? null : count - 1);
    }
    fresh.removeIf(each -> before.contains(new Wish(each.object(), each.field())));
    if (now.isEmpty()) {
      byNode.remove(node);
    } else {
      byNode.put(node, now);
    }
    return fresh;
  }

  /** The node is no more. */
  void forget(String node) {
    List<Notice.Unfulfilled> _ = say(node, new Notice.Unmet(List.of()));
  }
}
