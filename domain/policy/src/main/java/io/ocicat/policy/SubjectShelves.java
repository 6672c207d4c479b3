package io.ocicat.policy;

import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Subjects by what they show themselves, so that a new selector finds its own among few. */
final class SubjectShelves {

  private final Set<Subject.Key> all = new LinkedHashSet<>();
  private final Map<Fact.Label, Set<Subject.Key>> byLabel = new HashMap<>();

  /** Those with labels from profiles, which are not filed by them. */
  private final Set<Subject.Key> heirs = new LinkedHashSet<>();

  private final Heritage heritage;

  SubjectShelves(Heritage heritage) {
    this.heritage = heritage;
  }

  void add(Subject subject) {
    all.add(subject.key());
    heritage.add(subject);
    if (isHeir(subject)) {
      heirs.add(subject.key());
    }
    for (Fact.Label label : labels(subject)) {
      byLabel.computeIfAbsent(label, _ -> new LinkedHashSet<>()).add(subject.key());
    }
  }

  void remove(Subject subject) {
    all.remove(subject.key());
    heritage.remove(subject);
    heirs.remove(subject.key());
    for (Fact.Label label : labels(subject)) {
      byLabel.computeIfPresent(
          label,
          (_, keys) -> {
            keys.remove(subject.key());
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  private static boolean isHeir(Subject subject) {
    return subject instanceof PolicyHost host && !host.profiles().isEmpty();
  }

  private static List<Fact.Label> labels(Subject subject) {
    return subject.labels().asMap().entrySet().stream()
        .map(label -> new Fact.Label(label.getKey(), label.getValue()))
        .toList();
  }

  /** All that are selected, and some that are not: the smallest such collection at hand. */
  Collection<Subject.Key> candidates(Selector selector) {
    List<Set<Subject.Key>> best = List.of(all);
    Optional<List<Set<Subject.Key>>> labelled = labelled(selector);
    if (labelled.isPresent() && size(labelled.get()) < size(best)) {
      best = labelled.get();
    }
    Optional<List<Set<Subject.Key>>> inNamespaces = heritage.inNamespaces(selector);
    if (inNamespaces.isPresent() && size(inNamespaces.get()) < size(best)) {
      best = inNamespaces.get();
    }
    Set<Subject.Key> candidates = new LinkedHashSet<>();
    best.forEach(candidates::addAll);
    return candidates;
  }

  /** Those of {@code children} that may be selected. */
  Collection<Subject.Key> candidates(Selector selector, Set<Subject.Key> children) {
    Optional<List<Set<Subject.Key>>> labelled = labelled(selector);
    if (labelled.isEmpty() || size(labelled.get()) >= children.size()) {
      return List.copyOf(children);
    }
    Set<Subject.Key> candidates = new LinkedHashSet<>();
    labelled
        .get()
        .forEach(keys -> keys.stream().filter(children::contains).forEach(candidates::add));
    return candidates;
  }

  /** Empty unless the selector demands own labels with certain values. */
  private Optional<List<Set<Subject.Key>>> labelled(Selector selector) {
    List<Fact> facts = Fact.demandedBy(selector);
    List<Set<Subject.Key>> found = new ArrayList<>();
    for (Fact fact : facts) {
      switch (fact) {
        case Fact.LabelIn(_, var key, var value) when isOwn(key) ->
            found.add(byLabel.getOrDefault(new Fact.Label(key, value), Set.of()));
        case Fact.Label(var key, var value) when isOwn(key) ->
            found.add(byLabel.getOrDefault(new Fact.Label(key, value), Set.of()));
        case Fact.LabelIn _, Fact.Label _, Fact.Key _, Fact.Nothing _ -> {
          return Optional.empty();
        }
      }
    }
    found.add(heirs);
    return Optional.of(found);
  }

  private static boolean isOwn(String key) {
    return switch (key) {
      case Selector.ORCHESTRATOR_LABEL, Selector.NAMESPACE_LABEL, Selector.SERVICE_ACCOUNT_LABEL ->
          false;
      default -> !Fact.isInherited(key);
    };
  }

  private static int size(List<Set<Subject.Key>> sets) {
    return sets.stream().mapToInt(Set::size).sum();
  }
}
