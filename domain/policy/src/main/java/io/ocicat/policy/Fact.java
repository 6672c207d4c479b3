package io.ocicat.policy;

import io.ocicat.selector.Selector;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something that subjects show and that selectors demand, by which a subject finds its selectors
 * without looking at all: it can only be selected by those that demand one of the facts it shows.
 */
sealed interface Fact {

  /** A label with that value. */
  record Label(String key, String value) implements Fact {}

  /** The same, in that namespace. */
  record LabelIn(String namespace, String key, String value) implements Fact {}

  /** A label with any value. */
  record Key(String key) implements Fact {}

  /** Being there. */
  record Nothing() implements Fact {}

  /** More pairs than that are no narrower than the namespaces alone. */
  int PAIRS_MAX = 16;

  static Set<Fact> shownBy(EffectiveLabels labels) {
    String namespace = labels.subject().key().namespace();
    Set<Fact> facts = new HashSet<>();
    facts.add(new Nothing());
    labels.forEach(
        (key, value) -> {
          facts.add(new Label(key, value));
          facts.add(new Key(key));
          if (!namespace.isEmpty()) {
            facts.add(new LabelIn(namespace, key, value));
          }
        });
    return facts;
  }

  /** One of these is shown by every subject selected; the narrowest choice that is easy to see. */
  static List<Fact> demandedBy(Selector selector) {
    return switch (selector) {
      case Selector.Has(var label) -> List.of(new Key(label));
      case Selector.Contains(var label, _) -> List.of(new Key(label));
      case Selector.StartsWith(var label, _) -> List.of(new Key(label));
      case Selector.EndsWith(var label, _) -> List.of(new Key(label));
      case Selector.Equal(var label, var value) -> List.of(new Label(label, value));
      case Selector.In(var label, var values) ->
          values.stream().<Fact>map(value -> new Label(label, value)).toList();
      case Selector.And(var operands) ->
          narrowest(operands.stream().map(Fact::demandedBy).toList());
      case Selector.Or(var operands) ->
          operands.stream().flatMap(operand -> demandedBy(operand).stream()).distinct().toList();
      case Selector.All _,
          Selector.Global _,
          Selector.NotEqual _,
          Selector.NotIn _,
          Selector.Not _ ->
          List.of(new Nothing());
    };
  }

  private static List<Fact> narrowest(List<List<Fact>> choices) {
    List<Fact> best = choices.stream().min(Comparator.comparingInt(Fact::width)).orElseThrow();
    return choices.stream()
        .filter(Fact::isNamespaces)
        .min(Comparator.comparingInt(List::size))
        .filter(
            namespaces ->
                namespaces.size() * best.size() <= PAIRS_MAX
                    && best.stream().allMatch(Label.class::isInstance)
                    && !isNamespaces(best))
        .map(namespaces -> pairs(namespaces, best))
        .orElse(best);
  }

  private static List<Fact> pairs(List<Fact> namespaces, List<Fact> labels) {
    return labels.stream()
        .flatMap(
            fact ->
                fact instanceof Label(var key, var value)
                    ? namespaces.stream()
                        .flatMap(
                            in ->
                                in instanceof Label(_, var namespace)
                                    ? Stream.<Fact>of(new LabelIn(namespace, key, value))
                                    : Stream.empty())
                    : Stream.empty())
        .toList();
  }

  private static boolean isNamespaces(List<Fact> facts) {
    return facts.stream()
        .allMatch(
            fact -> fact instanceof Label(var key, _) && key.equals(Selector.NAMESPACE_LABEL));
  }

  /** How many subjects are likely to show one of these, on a scale without unit. */
  private static int width(List<Fact> facts) {
    return facts.stream().mapToInt(Fact::width).max().orElse(0) * 1000
        + Math.min(facts.size(), 999);
  }

  private static int width(Fact fact) {
    return switch (fact) {
      case LabelIn _ -> 0;
      case Label label ->
          switch (label.key()) {
            case Selector.ORCHESTRATOR_LABEL -> 8;
            case Selector.NAMESPACE_LABEL, Selector.SERVICE_ACCOUNT_LABEL -> 2;
            default -> isInherited(label.key()) ? 3 : 1;
          };
      case Key asked ->
          switch (asked.key()) {
            case Selector.ORCHESTRATOR_LABEL, Selector.NAMESPACE_LABEL -> 8;
            case Selector.SERVICE_ACCOUNT_LABEL -> 7;
            default -> isInherited(asked.key()) ? 6 : 5;
          };
      case Nothing _ -> 9;
    };
  }

  static boolean isInherited(String key) {
    return key.startsWith(Selector.NAMESPACE_PREFIX)
        || key.startsWith(Selector.SERVICE_ACCOUNT_PREFIX);
  }

  /** Things filed under what they demand. */
  final class Index<T> {

    private final Map<Fact, Set<T>> filed = new HashMap<>();

    void add(Collection<Fact> facts, T thing) {
      for (Fact fact : facts) {
        filed.computeIfAbsent(fact, _ -> new HashSet<>()).add(thing);
      }
    }

    void remove(Collection<Fact> facts, T thing) {
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
    Set<T> find(Collection<Fact> facts) {
      Set<T> found = new HashSet<>();
      for (Fact fact : facts) {
        found.addAll(filed.getOrDefault(fact, Set.of()));
      }
      return found;
    }

    /** Those filed under one fact. */
    Set<T> under(Fact fact) {
      return filed.getOrDefault(fact, Set.of());
    }
  }
}
