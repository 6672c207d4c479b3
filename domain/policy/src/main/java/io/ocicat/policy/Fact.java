package io.ocicat.policy;

import io.ocicat.selector.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that pods show and that groups demand, by which each finds the other without looking at
 * all: a pod can only be in groups that demand one of the facts it shows.
 */
sealed interface Fact {

  /** A label with that value. */
  record Label(String key, String value) implements Fact {}

  /** A label with any value. */
  record Key(String key) implements Fact {}

  /** Being in that namespace. */
  record InNamespace(String namespace) implements Fact {}

  /** Being a pod. */
  record Nothing() implements Fact {}

  static List<Fact> shownBy(PolicyPod pod) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Nothing());
    facts.add(new InNamespace(pod.name().namespace()));
    pod.labels()
        .asMap()
        .forEach(
            (key, value) -> {
              facts.add(new Label(key, value));
              facts.add(new Key(key));
            });
    return facts;
  }

  /** One of these is shown by every pod of the group; the narrowest choice that is easy to see. */
  static List<Fact> demandedBy(AddressGroup group) {
    List<Fact> keys = new ArrayList<>();
    for (Requirement requirement : group.pods().requirements()) {
      switch (requirement.operator()) {
        case IN -> {
          return requirement.values().stream()
              .<Fact>map(value -> new Label(requirement.key(), value))
              .toList();
        }
        case EXISTS, GREATER_THAN, LESS_THAN -> keys.add(new Key(requirement.key()));
        case NOT_IN, DOES_NOT_EXIST -> {}
      }
    }
    return switch (group.namespaces()) {
      case NamespaceSelection.Named(var namespace) -> List.of(new InNamespace(namespace));
      case NamespaceSelection.Matching _ ->
          List.of(keys.isEmpty() ? new Nothing() : keys.getFirst());
    };
  }

  /** Things filed under facts. */
  final class Index<T> {

    private final Map<Fact, Set<T>> filed = new HashMap<>();

    void add(List<Fact> facts, T thing) {
      for (Fact fact : facts) {
        filed.computeIfAbsent(fact, _ -> new HashSet<>()).add(thing);
      }
    }

    void remove(List<Fact> facts, T thing) {
      for (Fact fact : facts) {
        filed.computeIfPresent(
            fact,
            (_, things) -> {
              things.remove(thing);
              return things.isEmpty() ? null : things;
            });
      }
    }

    /** Everything filed under at least one of the facts. */
    Set<T> find(List<Fact> facts) {
      Set<T> found = new HashSet<>();
      for (Fact fact : facts) {
        found.addAll(filed.getOrDefault(fact, Set.of()));
      }
      return found;
    }
  }
}
