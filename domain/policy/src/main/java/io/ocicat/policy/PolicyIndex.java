package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The policies that a node knows, ready to be compiled for its own pods. Compiled chains are kept
 * until their policy changes, so a pod like one before costs no compilation.
 *
 * <p>Belongs to one thread.
 */
public final class PolicyIndex {

  private final Map<String, TreeMap<PolicyName, Entry>> byNamespace = new HashMap<>();

  private record Entry(PolicySpec spec, Map<ChainKey, PolicyChain> chains) {}

  /** What a chain depends on besides its policy. */
  private record ChainKey(Direction direction, List<NamedPort> ports) {}

  /** Adds or replaces a policy. */
  public void upsert(PolicySpec spec) {
    byNamespace
        .computeIfAbsent(spec.name().namespace(), _ -> new TreeMap<>())
        .put(spec.name(), new Entry(spec, new HashMap<>()));
  }

  /** Removes a policy, if it is there. */
  public void remove(PolicyName name) {
    byNamespace.computeIfPresent(
        name.namespace(),
        (_, policies) -> {
          policies.remove(name);
          return policies.isEmpty() ? null : policies;
        });
  }

  public Optional<PolicySpec> find(PolicyName name) {
    return Optional.ofNullable(byNamespace.get(name.namespace()))
        .flatMap(policies -> Optional.ofNullable(policies.get(name)))
        .map(Entry::spec);
  }

  /** The policies that select {@code pod}, by name. */
  public List<PolicySpec> selecting(PolicyPod pod) {
    return entries(pod).stream().map(Entry::spec).filter(spec -> spec.selects(pod)).toList();
  }

  /** What decides about {@code pod}'s traffic: equal as long as nothing that matters changes. */
  public EndpointPolicy endpointPolicy(PolicyPod pod) {
    return new EndpointPolicy(rows(pod, Direction.INGRESS), rows(pod, Direction.EGRESS));
  }

  private List<PolicyRow> rows(PolicyPod pod, Direction direction) {
    List<PolicyRow> rows = new ArrayList<>();
    List<PolicyName> isolatedBy = new ArrayList<>();
    for (Entry entry : entries(pod)) {
      if (entry.spec.isolates(pod, direction)) {
        isolatedBy.add(entry.spec.name());
        PolicyChain chain = chain(entry, direction, pod);
        if (!chain.rules().isEmpty()) {
          rows.add(new PolicyRow.Apply(chain));
        }
      }
    }
    rows.add(isolatedBy.isEmpty() ? new PolicyRow.AllowRest() : new PolicyRow.DenyRest(isolatedBy));
    return rows;
  }

  private static PolicyChain chain(Entry entry, Direction direction, PolicyPod pod) {
    List<NamedPort> ports =
        direction == Direction.INGRESS ? portsThatMatter(entry, pod) : List.of();
    return entry.chains.computeIfAbsent(
        new ChainKey(direction, ports), _ -> PolicyCompiler.chain(entry.spec, direction, pod));
  }

  private static List<NamedPort> portsThatMatter(Entry entry, PolicyPod pod) {
    Set<PortMatch.Named> named = new HashSet<>();
    for (PolicyRule rule : entry.spec.ingress()) {
      if (rule instanceof PolicyRule.Allow(_, var ports)) {
        for (PortMatch port : ports) {
          if (port instanceof PortMatch.Named name) {
            named.add(name);
          }
        }
      }
    }
    return named.isEmpty()
        ? List.of()
        : pod.ports().stream()
            .filter(port -> named.contains(new PortMatch.Named(port.protocol(), port.name())))
            .toList();
  }

  private Collection<Entry> entries(PolicyPod pod) {
    TreeMap<PolicyName, Entry> policies = byNamespace.get(pod.name().namespace());
    return policies == null ? List.of() : policies.values();
  }
}
