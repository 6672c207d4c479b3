package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The policies and tiers that a node knows, ready to be compiled for its own pods. Compiled chains
 * are kept until their policy changes, so a pod like one before costs no compilation.
 *
 * <p>Belongs to one thread.
 */
public final class PolicyIndex {

  private final Heritage heritage = new Heritage();
  private final Map<PolicyName, Entry> policies = new HashMap<>();
  private final Fact.Index<PolicyName> policiesByFact = new Fact.Index<>();
  private final Map<String, PolicyTier> tiers = new HashMap<>();

  /**
   * @param selector of the endpoints that it applies to, by effective labels
   */
  private record Entry(PolicySpec spec, Selector selector, Map<ChainKey, PolicyChain> chains) {}

  /** What a chain depends on besides its policy. */
  private record ChainKey(Direction direction, List<NamedPort> ports) {}

  /** With the tiers that are always there. */
  public PolicyIndex() {
    PolicyTier.permanent().forEach(this::upsertTier);
  }

  public void upsertNamespace(String namespace, Labels labels) {
    heritage.put(new Heritage.Parent.Namespace(namespace), labels);
  }

  public void removeNamespace(String namespace) {
    heritage.remove(new Heritage.Parent.Namespace(namespace));
  }

  public void upsertAccount(AccountName account, Labels labels) {
    heritage.put(new Heritage.Parent.Account(account), labels);
  }

  public void removeAccount(AccountName account) {
    heritage.remove(new Heritage.Parent.Account(account));
  }

  public void upsertTier(PolicyTier tier) {
    tiers.put(tier.name(), tier);
  }

  public void removeTier(String name) {
    tiers.remove(name);
  }

  /** Adds or replaces a policy. */
  public void upsert(PolicySpec spec) {
    remove(spec.name());
    Selector selector = Rewriting.selector(spec.subject());
    policies.put(spec.name(), new Entry(spec, selector, new HashMap<>()));
    policiesByFact.add(Fact.demandedBy(selector), spec.name());
  }

  /** Removes a policy, if it is there. */
  public void remove(PolicyName name) {
    Entry old = policies.remove(name);
    if (old != null) {
      policiesByFact.remove(Fact.demandedBy(old.selector), name);
    }
  }

  public Optional<PolicySpec> find(PolicyName name) {
    return Optional.ofNullable(policies.get(name)).map(Entry::spec);
  }

  /** Whether the policy is there and applies to {@code pod}. */
  public boolean applies(PolicyName name, PolicyPod pod) {
    Entry entry = policies.get(name);
    return entry != null && entry.selector.matches(new EffectiveLabels(pod, heritage));
  }

  /** The policies that apply to {@code pod}, in the order in which they are asked. */
  public List<PolicySpec> selecting(PolicyPod pod) {
    List<PolicySpec> selecting = new ArrayList<>();
    byTier(pod).values().forEach(entries -> entries.forEach(each -> selecting.add(each.spec)));
    return selecting;
  }

  private SortedMap<PolicyTier, List<Entry>> byTier(PolicyPod pod) {
    EffectiveLabels labels = new EffectiveLabels(pod, heritage);
    SortedMap<PolicyTier, List<Entry>> byTier = new TreeMap<>();
    for (PolicyName name : policiesByFact.find(Fact.shownBy(labels))) {
      Entry entry = policies.get(name);
      if (entry != null && entry.selector.matches(labels)) {
        byTier.computeIfAbsent(tier(entry.spec), _ -> new ArrayList<>()).add(entry);
      }
    }
    Comparator<Entry> order =
        Comparator.comparingDouble((Entry entry) -> entry.spec.order())
            .thenComparing(entry -> entry.spec.name());
    byTier.values().forEach(entries -> entries.sort(order));
    return byTier;
  }

  private PolicyTier tier(PolicySpec spec) {
    PolicyTier tier = tiers.get(spec.tier());
    return tier == null ? PolicyTier.missing(spec.tier()) : tier;
  }

  /** What decides about {@code pod}'s traffic: equal as long as nothing that matters changes. */
  public EndpointPolicy endpointPolicy(PolicyPod pod) {
    SortedMap<PolicyTier, List<Entry>> byTier = byTier(pod);
    return new EndpointPolicy(
        steps(byTier, pod, Direction.INGRESS), steps(byTier, pod, Direction.EGRESS));
  }

  private static List<TierStep> steps(
      SortedMap<PolicyTier, List<Entry>> byTier, PolicyPod pod, Direction direction) {
    List<TierStep> steps = new ArrayList<>();
    for (Map.Entry<PolicyTier, List<Entry>> tier : byTier.entrySet()) {
      List<Entry> applying =
          tier.getValue().stream()
              .filter(entry -> entry.spec.isEnforced() && entry.spec.appliesTo(direction))
              .toList();
      if (!applying.isEmpty()) {
        TierStep step = step(tier.getKey(), applying, pod, direction);
        steps.add(step);
        if (!step.leadsOn()) {
          return steps;
        }
      }
    }
    steps.add(TierStep.ALLOW_REST);
    return steps;
  }

  private static TierStep step(
      PolicyTier tier, List<Entry> applying, PolicyPod pod, Direction direction) {
    return new TierStep(
        tier.name(),
        applying.stream()
            .map(entry -> chain(entry, direction, pod))
            .filter(chain -> !chain.rules().isEmpty())
            .toList(),
        switch (tier.end()) {
          case PASS -> new TierStep.End.Next();
          case DENY ->
              new TierStep.End.Deny(applying.stream().map(entry -> entry.spec.name()).toList());
        });
  }

  private static PolicyChain chain(Entry entry, Direction direction, PolicyPod pod) {
    List<NamedPort> ports = PolicyCompiler.portsThatMatter(entry.spec, direction, pod.ports());
    return entry.chains.computeIfAbsent(
        new ChainKey(direction, ports), _ -> PolicyCompiler.chain(entry.spec, direction, ports));
  }
}
