package io.ocicat.policy;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.Labels;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

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

  /** Enforced policies that staged ones are to replace or to take away. */
  private final Set<PolicyName> outgoing = new HashSet<>();

  /**
   * @param selector of the endpoints that it applies to, by effective labels
   */
  private record Entry(PolicySpec spec, Selector selector, Map<ChainKey, PolicyChain> chains) {}

  /** What a chain depends on besides its policy. */
  private record ChainKey(Direction direction, List<NamedPort> ports, boolean ofHost) {}

  /** With the tiers that are always there. */
  public PolicyIndex() {
    PolicyTier.permanent().forEach(this::upsertTier);
    upsert(Profiles.DEFAULT_ALLOW);
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

  /** Sets what host endpoints with that profile inherit; its rules are a policy of its own. */
  public void upsertProfile(String name, Labels labels) {
    heritage.put(new Heritage.Parent.Profile(name), labels);
  }

  public void removeProfile(String name) {
    heritage.remove(new Heritage.Parent.Profile(name));
  }

  public void upsertTier(PolicyTier tier) {
    tiers.put(tier.name(), tier);
  }

  public void removeTier(String name) {
    tiers.remove(name);
  }

  /** Adds or replaces a policy. */
  public void upsert(PolicySpec spec) {
    take(spec.name());
    Selector selector = Rewriting.selector(spec.subject());
    policies.put(spec.name(), new Entry(spec, selector, new HashMap<>()));
    policiesByFact.add(Fact.demandedBy(selector), spec.name());
    if (spec.takesPlace()) {
      outgoing.add(spec.name().enforced());
    }
  }

  /** Removes a policy, if it is there. */
  public void remove(PolicyName name) {
    take(name);
    if (name.equals(Profiles.DEFAULT_ALLOW.name())) {
      upsert(Profiles.DEFAULT_ALLOW);
    }
  }

  private void take(PolicyName name) {
    Entry old = policies.remove(name);
    if (old != null) {
      policiesByFact.remove(Fact.demandedBy(old.selector), name);
      if (old.spec.takesPlace()) {
        outgoing.remove(name.enforced());
      }
    }
  }

  public Optional<PolicySpec> find(PolicyName name) {
    return Optional.ofNullable(policies.get(name)).map(Entry::spec);
  }

  /**
   * Whether the policy is there and applies to {@code endpoint}, or to what it would replace does.
   */
  public boolean applies(PolicyName name, Subject endpoint) {
    Entry entry = policies.get(name);
    if (entry == null) {
      return false;
    }
    return entry.selector.matches(new EffectiveLabels(endpoint, heritage))
        || (name.kind().isStaged() && applies(name.enforced(), endpoint));
  }

  /** The labels by which policies see it: its own, what it is, and what it inherits. */
  public Labels labels(Subject endpoint) {
    EffectiveLabels effective = new EffectiveLabels(endpoint, heritage);
    Map<String, String> all = new HashMap<>();
    effective.forEach((key, _) -> effective.value(key).ifPresent(value -> all.put(key, value)));
    return new Labels(all);
  }

  /** The policies that apply to {@code pod}, in the order in which they are asked. */
  public List<PolicySpec> selecting(PolicyPod pod) {
    List<PolicySpec> selecting = new ArrayList<>();
    byTier(pod).values().forEach(entries -> entries.forEach(each -> selecting.add(each.spec)));
    return selecting;
  }

  private SortedMap<PolicyTier, List<Entry>> byTier(Subject endpoint) {
    EffectiveLabels labels = new EffectiveLabels(endpoint, heritage);
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
        steps(byTier, pod, Direction.INGRESS),
        steps(byTier, pod, Direction.EGRESS),
        foreseen(byTier, pod, Direction.INGRESS, _ -> true, step -> step),
        foreseen(byTier, pod, Direction.EGRESS, _ -> true, step -> step));
  }

  private static List<TierStep> steps(
      SortedMap<PolicyTier, List<Entry>> byTier, Subject pod, Direction direction) {
    List<TierStep> steps = tierSteps(byTier, pod, direction, PolicyIndex::decides, step -> step);
    if (leadsOn(steps)) {
      steps.add(TierStep.ALLOW_REST);
    }
    return steps;
  }

  private static boolean decides(Entry entry) {
    return entry.spec.isEnforced();
  }

  /**
   * The steps that there would be if staged policies were enforced, up to the last with one of
   * those.
   */
  private List<TierStep> foreseen(
      SortedMap<PolicyTier, List<Entry>> byTier,
      Subject endpoint,
      Direction direction,
      Predicate<Entry> filter,
      UnaryOperator<TierStep> end) {
    boolean counts =
        byTier.values().stream()
            .flatMap(List::stream)
            .anyMatch(each -> each.spec.isStaged() && each.spec.appliesTo(direction));
    if (!counts) {
      return List.of();
    }
    List<TierStep> steps =
        tierSteps(
            byTier, endpoint, direction, entry -> isForeseen(entry) && filter.test(entry), end);
    while (!steps.isEmpty() && !steps.getLast().isOfStaged()) {
      steps.removeLast();
    }
    return steps;
  }

  private boolean isForeseen(Entry entry) {
    return entry.spec.isStaged()
        || (entry.spec.isEnforced() && !outgoing.contains(entry.spec.name()));
  }

  private static boolean leadsOn(List<TierStep> steps) {
    return steps.isEmpty() || steps.getLast().leadsOn();
  }

  /**
   * What decides about a host endpoint's traffic: equal as long as nothing that matters changes.
   */
  public HostPolicy hostPolicy(PolicyHost host) {
    SortedMap<PolicyTier, List<Entry>> byTier = byTier(host);
    return new HostPolicy(
        hostStage(byTier, host, HostStage.UNTRACKED),
        hostStage(byTier, host, HostStage.PRE_DNAT),
        hostStage(byTier, host, HostStage.FORWARD),
        hostStage(byTier, host, HostStage.OWN));
  }

  private EndpointPolicy hostStage(
      SortedMap<PolicyTier, List<Entry>> byTier, PolicyHost host, HostStage stage) {
    return new EndpointPolicy(
        hostSteps(byTier, host, stage, Direction.INGRESS),
        hostSteps(byTier, host, stage, Direction.EGRESS),
        hostForeseen(byTier, host, stage, Direction.INGRESS),
        hostForeseen(byTier, host, stage, Direction.EGRESS));
  }

  private List<TierStep> hostSteps(
      SortedMap<PolicyTier, List<Entry>> byTier,
      PolicyHost host,
      HostStage stage,
      Direction direction) {
    List<TierStep> steps =
        tierSteps(
            byTier,
            host,
            direction,
            entry -> decides(entry) && entry.spec.judges(stage),
            endOfTier(stage));
    switch (stage) {
      case UNTRACKED, PRE_DNAT, FORWARD -> {
        if (!steps.isEmpty() && leadsOn(steps)) {
          steps.add(TierStep.ALLOW_REST);
        }
      }
      case OWN -> {
        if (leadsOn(steps)) {
          List<PolicyChain> profiles = profiles(host, direction);
          if (!profiles.isEmpty()) {
            steps.add(new TierStep("", profiles, new TierStep.End.Next()));
          }
          steps.add(TierStep.DENY_REST);
        }
      }
    }
    return steps;
  }

  private List<TierStep> hostForeseen(
      SortedMap<PolicyTier, List<Entry>> byTier,
      PolicyHost host,
      HostStage stage,
      Direction direction) {
    return foreseen(byTier, host, direction, entry -> entry.spec.judges(stage), endOfTier(stage));
  }

  private static UnaryOperator<TierStep> endOfTier(HostStage stage) {
    return switch (stage) {
      case UNTRACKED, PRE_DNAT -> TierStep::endingInNext;
      case FORWARD, OWN -> step -> step;
    };
  }

  private List<PolicyChain> profiles(PolicyHost host, Direction direction) {
    List<PolicyChain> chains = new ArrayList<>();
    for (String profile : new LinkedHashSet<>(host.profiles())) {
      Entry entry = policies.get(new PolicyName(PolicyKind.PROFILE, "", profile));
      if (entry != null && entry.spec.isEnforced()) {
        PolicyChain chain = chain(entry, direction, host);
        if (!chain.rules().isEmpty()) {
          chains.add(chain);
        }
      }
    }
    return chains;
  }

  /** The steps up to the first that always decides. */
  private static List<TierStep> tierSteps(
      SortedMap<PolicyTier, List<Entry>> byTier,
      Subject endpoint,
      Direction direction,
      Predicate<Entry> filter,
      UnaryOperator<TierStep> end) {
    List<TierStep> steps = new ArrayList<>();
    for (Map.Entry<PolicyTier, List<Entry>> tier : byTier.entrySet()) {
      List<Entry> applying =
          tier.getValue().stream()
              .filter(entry -> entry.spec.appliesTo(direction))
              .filter(filter)
              .toList();
      if (!applying.isEmpty()) {
        TierStep step = end.apply(step(tier.getKey(), applying, endpoint, direction));
        steps.add(step);
        if (!step.leadsOn()) {
          return steps;
        }
      }
    }
    return steps;
  }

  private static TierStep step(
      PolicyTier tier, List<Entry> applying, Subject pod, Direction direction) {
    return new TierStep(
        tier.name(),
        applying.stream()
            .map(entry -> chain(entry, direction, pod))
            .filter(chain -> !chain.rules().isEmpty())
            .toList(),
        switch (tier.end()) {
          case PASS -> new TierStep.End.Next();
          case DENY ->
              new TierStep.End.Deny(
                  applying.stream().map(entry -> entry.spec.name()).toList(),
                  applying.stream().anyMatch(entry -> entry.spec.logDenied()));
        });
  }

  private static PolicyChain chain(Entry entry, Direction direction, Subject endpoint) {
    return switch (endpoint) {
      case PolicyHost _ ->
          entry.chains.computeIfAbsent(
              new ChainKey(direction, List.of(), true),
              _ -> PolicyCompiler.hostChain(entry.spec, direction));
      case PolicyPod _, PolicySet _ -> {
        List<NamedPort> ports =
            PolicyCompiler.portsThatMatter(entry.spec, direction, endpoint.ports());
        yield entry.chains.computeIfAbsent(
            new ChainKey(direction, ports, false),
            _ -> PolicyCompiler.chain(entry.spec, direction, ports));
      }
    };
  }
}
