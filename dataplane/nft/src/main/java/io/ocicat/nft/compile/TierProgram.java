package io.ocicat.nft.compile;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.ChainRule;
import io.ocicat.policy.ChainRule.Membership;
import io.ocicat.policy.ChainRule.Ports;
import io.ocicat.policy.ChainRule.Side;
import io.ocicat.policy.PolicyChain;
import io.ocicat.policy.TierStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules of a tier, in order, ready to be asked which of them a peer's address can match. That
 * costs as many steps as rules match, whatever the number of rules.
 */
final class TierProgram {

  /**
   * What a rule asks of the peer's address.
   *
   * @param nets it is in one of these; empty for any
   * @param notNets and in none of these
   * @param in and in all of these
   * @param notIn and in none of these
   * @param inOne and in one of these; empty for any
   */
  private record Condition(
      List<Atom> nets, List<Atom> notNets, List<Atom> in, List<Atom> notIn, List<Atom> inOne) {

    static Condition of(ChainRule rule, Side peer) {
      Ports ports = peer.ports();
      return new Condition(
          nets(peer.nets(), rule.families()),
          nets(peer.notNets(), rule.families()),
          groups(peer.in()),
          groups(peer.notIn()),
          ports.ranges().isEmpty()
              ? ports.groups().stream().<Atom>map(Atom.Group::new).toList()
              : List.of());
    }

    private static List<Atom> nets(List<Cidr> nets, List<IpFamily> families) {
      return nets.stream()
          .filter(net -> families.contains(net.family()))
          .<Atom>map(Atom.Net::new)
          .toList();
    }

    private static List<Atom> groups(List<Membership> memberships) {
      return memberships.stream().<Atom>map(each -> new Atom.Group(each.group())).toList();
    }

    /** One of these is needed; empty if it can be done without any. */
    List<Atom> needed() {
      return !nets.isEmpty() ? nets : !in.isEmpty() ? List.of(in.getFirst()) : inOne;
    }

    boolean holds(Set<Atom> atoms) {
      return (nets.isEmpty() || nets.stream().anyMatch(atoms::contains))
          && notNets.stream().noneMatch(atoms::contains)
          && atoms.containsAll(in)
          && notIn.stream().noneMatch(atoms::contains)
          && (inOne.isEmpty() || inOne.stream().anyMatch(atoms::contains));
    }

    void collect(Set<Atom> atoms) {
      for (List<Atom> each : List.of(nets, notNets, in, notIn, inOne)) {
        atoms.addAll(each);
      }
    }
  }

  private final List<RowRule> rules = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final Map<Atom, List<Integer>> rulesByNeed = new HashMap<>();
  private final List<Integer> rulesWithoutNeed = new ArrayList<>();
  private final Set<Atom> atoms = new HashSet<>();
  private final Set<IpFamily> rangeFamilies = new HashSet<>();
  private final Optional<RuleChain> end;

  /** Those that have been asked for, by the rules in them. */
  private final Map<List<Integer>, RowChain> rows = new HashMap<>();

  TierProgram(TierChain tier) {
    for (PolicyChain chain : tier.step().chains()) {
      int position = 0;
      for (ChainRule rule : chain.rules()) {
        position++;
        Side peer = peer(rule, tier.direction());
        if (tier.foreseen() && isLoggedAnyway(chain, rule)) {
          continue;
        }
        if (peer.nets().isEmpty()
            || peer.nets().stream().anyMatch(net -> rule.families().contains(net.family()))) {
          add(tier, chain, position, rule, peer);
        }
      }
    }
    end = end(tier);
  }

  /** Where it is enforced, and only there it reports. */
  private static boolean isLoggedAnyway(PolicyChain chain, ChainRule rule) {
    return rule.action() == Action.LOG && !chain.policy().kind().isStaged();
  }

  private void add(TierChain tier, PolicyChain chain, int position, ChainRule rule, Side peer) {
    int index = rules.size();
    Condition condition = Condition.of(rule, peer);
    conditions.add(condition);
    condition.collect(atoms);
    if (condition.needed().isEmpty()) {
      rulesWithoutNeed.add(index);
    }
    for (Atom atom : condition.needed()) {
      rulesByNeed.computeIfAbsent(atom, _ -> new ArrayList<>()).add(index);
    }
    noteRanges(rule, peer);
    boolean logged = !tier.foreseen() && (tier.logged() || chain.logDenied());
    Decision decision =
        new Decision(
            tier.foreseen(),
            tier.direction(),
            tier.step().tier(),
            rule.action(),
            List.of(chain.policy()),
            rule.path());
    RuleChain end =
        RuleChain.ofRule(
            chain.id(), position, decision, logged && rule.action() == Action.DENY, tier.allow());
    rules.add(new RowRule(withoutAddress(rule, peer, tier.direction()), end));
  }

  private void noteRanges(ChainRule rule, Side peer) {
    for (List<Cidr> nets : List.of(peer.nets(), peer.notNets())) {
      nets.stream().filter(net -> !net.isHost()).forEach(net -> rangeFamilies.add(net.family()));
    }
    for (List<Membership> memberships : List.of(peer.in(), peer.notIn())) {
      if (memberships.stream().anyMatch(Membership::mayHoldRanges)) {
        rangeFamilies.addAll(rule.families());
      }
    }
  }

  private static Side peer(ChainRule rule, Direction direction) {
    return switch (direction) {
      case INGRESS -> rule.source();
      case EGRESS -> rule.destination();
    };
  }

  /** The family, too, goes without saying where the prefixes are known. */
  private static ChainRule withoutAddress(ChainRule rule, Side peer, Direction direction) {
    Side rest = new Side(List.of(), List.of(), List.of(), List.of(), peer.ports());
    return new ChainRule(
        rule.path(),
        rule.action(),
        peer.nets().isEmpty() ? rule.families() : Arrays.asList(IpFamily.values()),
        rule.protocols(),
        rule.notProtocols(),
        rule.icmp(),
        rule.notIcmp(),
        direction == Direction.INGRESS ? rest : rule.source(),
        direction == Direction.INGRESS ? rule.destination() : rest);
  }

  private static Optional<RuleChain> end(TierChain tier) {
    return switch (tier.step().end()) {
      case TierStep.End.Next() -> Optional.empty();
      case TierStep.End.Allow() ->
          Optional.of(RuleChain.ofEnd(end(tier, Action.ALLOW, List.of()), false, tier.allow()));
      case TierStep.End.Deny(var appliedBy, var logged) ->
          Optional.of(
              RuleChain.ofEnd(
                  end(tier, Action.DENY, appliedBy),
                  !tier.foreseen() && (logged || tier.logged()),
                  tier.allow()));
    };
  }

  private static Decision end(
      TierChain tier, Action action, List<io.ocicat.policy.PolicyName> policies) {
    return new Decision(
        tier.foreseen(), tier.direction(), tier.step().tier(), action, policies, "");
  }

  /** All that it asks of addresses. */
  Set<Atom> atoms() {
    return atoms;
  }

  /** Of which families ranges can matter. */
  boolean mayAskForRanges(IpFamily family) {
    return rangeFamilies.contains(family);
  }

  /** What holds for peers whose address is in these and in no other atoms. */
  RowChain row(Set<Atom> peerAtoms) {
    Set<Integer> candidates = new TreeSet<>(rulesWithoutNeed);
    for (Atom atom : peerAtoms) {
      candidates.addAll(rulesByNeed.getOrDefault(atom, List.of()));
    }
    List<Integer> matching =
        candidates.stream().filter(index -> conditions.get(index).holds(peerAtoms)).toList();
    return rows.computeIfAbsent(
        matching, _ -> RowChain.of(matching.stream().map(rules::get).toList(), end));
  }
}
