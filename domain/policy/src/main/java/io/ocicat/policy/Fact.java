package io.ocicat.policy;

import io.ocicat.selector.Requirement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Something that pods show and that groups demand, by which a pod finds its groups without looking
 * at all: it can only be in groups that demand one of the facts it shows.
 */
sealed interface Fact {

  /** A label with that value. */
  record Label(String key, String value) implements Fact {}

  /** The same, in that namespace. */
  record LabelIn(String namespace, String key, String value) implements Fact {}

  /** A label with any value. */
  record Key(String key) implements Fact {}

  /** Being in that namespace. */
  record InNamespace(String namespace) implements Fact {}

  /** Being a pod. */
  record Nothing() implements Fact {}

  static List<Fact> shownBy(PolicyPod pod) {
    String namespace = pod.name().namespace();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Nothing());
    facts.add(new InNamespace(namespace));
    pod.labels()
        .asMap()
        .forEach(
            (key, value) -> {
              facts.add(new Label(key, value));
              facts.add(new LabelIn(namespace, key, value));
              facts.add(new Key(key));
            });
    return facts;
  }

  /** One of these is shown by every pod of the group; the narrowest choice that is easy to see. */
  static List<Fact> demandedBy(AddressGroup group) {
    Optional<Requirement> values = values(group);
    return switch (group.namespaces()) {
      case NamespaceSelection.Named(var namespace) ->
          values
              .map(in -> each(in, value -> new LabelIn(namespace, in.key(), value)))
              .orElse(List.of(new InNamespace(namespace)));
      case NamespaceSelection.Matching _ ->
          values
              .map(in -> each(in, value -> new Label(in.key(), value)))
              .orElseGet(() -> List.of(key(group).<Fact>map(Key::new).orElse(new Nothing())));
    };
  }

  private static List<Fact> each(Requirement in, Function<String, Fact> fact) {
    return in.values().stream().map(fact).toList();
  }

  /** A requirement that names the values of a label. */
  static Optional<Requirement> values(AddressGroup group) {
    return group.pods().requirements().stream()
        .filter(requirement -> requirement.operator() == Requirement.Operator.IN)
        .findFirst();
  }

  private static Optional<String> key(AddressGroup group) {
    return group.pods().requirements().stream()
        .filter(
            requirement ->
                switch (requirement.operator()) {
                  case IN, EXISTS, GREATER_THAN, LESS_THAN -> true;
                  case NOT_IN, DOES_NOT_EXIST -> false;
                })
        .map(Requirement::key)
        .findFirst();
  }

  /** Groups filed under what they demand. */
  final class Index {

    private final Map<Fact, Set<GroupId>> filed = new HashMap<>();

    void add(List<Fact> facts, GroupId group) {
      for (Fact fact : facts) {
        filed.computeIfAbsent(fact, _ -> new HashSet<>()).add(group);
      }
    }

    void remove(List<Fact> facts, GroupId group) {
      for (Fact fact : facts) {
        filed.computeIfPresent(
            fact,
            (_, groups) -> {
              groups.remove(group);
              return groups.isEmpty() ? null : groups;
            });
      }
    }

    /** Every group filed under at least one of the facts. */
    Set<GroupId> find(List<Fact> facts) {
      Set<GroupId> found = new HashSet<>();
      for (Fact fact : facts) {
        found.addAll(filed.getOrDefault(fact, Set.of()));
      }
      return found;
    }
  }
}
