package io.ocicat.policy;

import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pods by namespace and by label, so that a new group finds its pods among few. */
final class PodShelves {

  private final Set<PodName> all = new HashSet<>();
  private final Map<String, Set<PodName>> byNamespace = new HashMap<>();
  private final Map<Fact.Label, Set<PodName>> byLabel = new HashMap<>();

  void add(PolicyPod pod) {
    all.add(pod.name());
    byNamespace.computeIfAbsent(pod.name().namespace(), _ -> new HashSet<>()).add(pod.name());
    for (Fact.Label label : labels(pod)) {
      byLabel.computeIfAbsent(label, _ -> new HashSet<>()).add(pod.name());
    }
  }

  void remove(PolicyPod pod) {
    all.remove(pod.name());
    take(byNamespace, pod.name().namespace(), pod.name());
    for (Fact.Label label : labels(pod)) {
      take(byLabel, label, pod.name());
    }
  }

  private static <K> void take(Map<K, Set<PodName>> shelves, K key, PodName pod) {
    shelves.computeIfPresent(
        key,
        (_, pods) -> {
          pods.remove(pod);
          return pods.isEmpty() ? null : pods;
        });
  }

  private static List<Fact.Label> labels(PolicyPod pod) {
    List<Fact.Label> labels = new ArrayList<>();
    pod.labels().asMap().forEach((key, value) -> labels.add(new Fact.Label(key, value)));
    return labels;
  }

  Set<PodName> in(String namespace) {
    return byNamespace.getOrDefault(namespace, Set.of());
  }

  /**
   * All pods that {@code group} has, and some that it has not: the smallest such set that is at
   * hand.
   */
  Set<PodName> candidates(AddressGroup group, Map<String, Labels> namespaces) {
    List<Set<PodName>> best = List.of(all);
    Optional<List<Set<PodName>>> labelled =
        Fact.values(group)
            .map(
                in ->
                    in.values().stream()
                        .map(
                            value ->
                                byLabel.getOrDefault(new Fact.Label(in.key(), value), Set.of()))
                        .toList());
    if (labelled.isPresent() && size(labelled.get()) < size(best)) {
      best = labelled.get();
    }
    List<Set<PodName>> inNamespaces =
        switch (group.namespaces()) {
          case NamespaceSelection.Named(var namespace) -> List.of(in(namespace));
          case NamespaceSelection.Matching(var selector) ->
              selector.selectsEverything()
                  ? List.of(all)
                  : namespaces.entrySet().stream()
                      .filter(namespace -> selector.matches(namespace.getValue()))
                      .map(namespace -> in(namespace.getKey()))
                      .toList();
        };
    if (size(inNamespaces) < size(best)) {
      best = inNamespaces;
    }
    Set<PodName> candidates = new LinkedHashSet<>();
    best.forEach(candidates::addAll);
    return candidates;
  }

  private static int size(List<Set<PodName>> sets) {
    return sets.stream().mapToInt(Set::size).sum();
  }
}
