package io.ocicat.policy;

import io.ocicat.model.CalicoPolicy;
import io.ocicat.model.CalicoRule;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.EntityRule;
import io.ocicat.model.IpProtocol;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Profile;
import io.ocicat.model.Protocol;
import io.ocicat.model.RulePort;
import io.ocicat.model.SelectorField;
import io.ocicat.model.StagedAction;
import io.ocicat.model.StagedPolicy;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Calico's policies of the model. */
final class CalicoSpecs {

  private static final Peers.Selection NOBODY =
      new Peers.Selection(new NamespaceSelection.Anywhere(), new Selector.Not(new Selector.All()));

  private CalicoSpecs() {}

  static PolicySpec from(PolicyKind kind, CalicoPolicy policy) {
    return new PolicySpec(
        new PolicyName(kind, policy.namespace(), policy.name()),
        policy.tier(),
        policy.order(),
        subject(policy),
        policy.directions(),
        rules(policy, Direction.INGRESS),
        rules(policy, Direction.EGRESS),
        PolicySpec.Standing.ENFORCED,
        scope(policy),
        false,
        policy.problems());
  }

  private static PolicySpec.Scope scope(CalicoPolicy policy) {
    if (policy.doNotTrack()) {
      return PolicySpec.Scope.UNTRACKED;
    }
    if (policy.preDnat()) {
      return PolicySpec.Scope.PRE_DNAT;
    }
    return policy.applyOnForward() ? PolicySpec.Scope.FORWARDED_TOO : PolicySpec.Scope.OWN;
  }

  /** Of no tier, and for nobody who does not name it. */
  static PolicySpec from(Profile profile) {
    return new PolicySpec(
        new PolicyName(PolicyKind.PROFILE, "", profile.name()),
        "",
        Double.POSITIVE_INFINITY,
        NOBODY,
        EnumSet.allOf(Direction.class),
        rules(profile.ingress(), Direction.INGRESS, new NamespaceSelection.Anywhere()),
        rules(profile.egress(), Direction.EGRESS, new NamespaceSelection.Anywhere()),
        PolicySpec.Standing.ENFORCED,
        List.of());
  }

  static PolicySpec from(PolicyKind kind, StagedPolicy staged) {
    PolicySpec spec = from(kind, staged.policy());
    return spec.staged(spec.name(), standing(staged.action()));
  }

  static PolicySpec.Standing standing(StagedAction action) {
    return switch (action) {
      case SET -> PolicySpec.Standing.STAGED;
      case DELETE -> PolicySpec.Standing.STAGED_REMOVAL;
      case LEARN, IGNORE -> PolicySpec.Standing.IGNORED;
    };
  }

  /**
   * If it cannot be read whom a policy is for, one in a namespace is for all of the namespace, and
   * a global one for nobody.
   */
  private static Peers.Selection subject(CalicoPolicy policy) {
    boolean namespaced = !policy.namespace().isEmpty();
    NamespaceSelection namespaces =
        namespaced
            ? new NamespaceSelection.Named(policy.namespace())
            : namespaces(policy.namespaceSelector(), new NamespaceSelection.Anywhere());
    if (!policy.problems().isEmpty()) {
      return new Peers.Selection(
          namespaces, namespaced ? new Selector.All() : new Selector.Not(new Selector.All()));
    }
    AccountSelection accounts =
        switch (policy.serviceAccountSelector()) {
          case SelectorField.NotGiven() -> new AccountSelection.Anyone();
          case SelectorField.Given(var selector) ->
              new AccountSelection.Matching(List.of(), selector);
        };
    Selector selector =
        policy.doNotTrack() || policy.preDnat()
            ? Selector.all(List.of(policy.selector(), notPods()))
            : policy.selector();
    return new Peers.Selection(namespaces, selector, accounts);
  }

  /** What judges packets before connections are known is for host endpoints alone. */
  private static Selector notPods() {
    return new Selector.Not(new Selector.Has(Selector.ORCHESTRATOR_LABEL));
  }

  private static NamespaceSelection namespaces(SelectorField field, NamespaceSelection otherwise) {
    return switch (field) {
      case SelectorField.NotGiven() -> otherwise;
      case SelectorField.Given(Selector.Global _) -> new NamespaceSelection.Global();
      case SelectorField.Given(var selector) -> new NamespaceSelection.Matching(selector);
    };
  }

  private static List<PolicyRule> rules(CalicoPolicy policy, Direction direction) {
    return rules(
        policy.rules(direction),
        direction,
        policy.namespace().isEmpty()
            ? new NamespaceSelection.Anywhere()
            : new NamespaceSelection.Named(policy.namespace()));
  }

  private static List<PolicyRule> rules(
      List<CalicoRule> documents, Direction direction, NamespaceSelection own) {
    List<PolicyRule> rules = new ArrayList<>();
    for (int index = 0; index < documents.size(); index++) {
      rules.add(rule(path(direction, index), documents.get(index), own));
    }
    return rules;
  }

  static String path(Direction direction, int index) {
    return switch (direction) {
          case INGRESS -> "ingress[";
          case EGRESS -> "egress[";
        }
        + index
        + "]";
  }

  /** In place of a rule that nobody can tell what it matches. */
  static PolicyRule unreadable(String path, Action action, String reason) {
    return switch (action) {
      case ALLOW, LOG -> new PolicyRule.Nothing(path, reason);
      case DENY, PASS ->
          new PolicyRule.Match(
              path,
              Action.DENY,
              TrafficMatch.ANYTHING,
              List.of("denies everything since it cannot be read: " + reason));
    };
  }

  private static PolicyRule rule(String path, CalicoRule rule, NamespaceSelection own) {
    return switch (rule) {
      case CalicoRule.Unreadable(var action, var reason) -> unreadable(path, action, reason);
      case CalicoRule.Match match -> {
        Optional<TrafficEnd> source = end(match.source(), match.protocol(), own);
        Optional<TrafficEnd> destination = end(match.destination(), match.protocol(), own);
        if (source.isEmpty() || destination.isEmpty()) {
          yield unreadable(path, match.action(), "ports need protocol TCP, UDP or SCTP");
        }
        yield new PolicyRule.Match(
            path,
            match.action(),
            new TrafficMatch(
                List.copyOf(match.families()),
                List.copyOf(match.protocol()),
                List.copyOf(match.notProtocol()),
                match.icmp(),
                match.notIcmp(),
                source.get(),
                destination.get()),
            match.http().isGiven()
                ? List.of("http is not enforced: the rule matches whatever is requested")
                : List.of());
      }
    };
  }

  /** Empty if there are ports of which the protocol has none. */
  private static Optional<TrafficEnd> end(
      EntityRule entity, Set<IpProtocol> protocol, NamespaceSelection own) {
    Optional<List<PortMatch>> ports = ports(entity.ports(), protocol);
    Optional<List<PortMatch>> notPorts = ports(entity.notPorts(), protocol);
    return ports.isEmpty() || notPorts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TrafficEnd(
                entity.nets(),
                entity.notNets(),
                peers(entity, own),
                switch (entity.notSelector()) {
                  case SelectorField.NotGiven() -> List.of();
                  case SelectorField.Given(var selector) -> List.of(selector);
                },
                ports.get(),
                notPorts.get()));
  }

  private static Peers peers(EntityRule entity, NamespaceSelection own) {
    if (entity.service().isGiven()) {
      return new Peers.Service(
          new ServiceName(entity.service().namespace(), entity.service().name()));
    }
    boolean accounts = entity.serviceAccounts().isGiven();
    if (!entity.selector().isGiven() && !entity.namespaceSelector().isGiven() && !accounts) {
      return new Peers.Anyone();
    }
    return new Peers.Selection(
        namespaces(entity.namespaceSelector(), own),
        entity.selector().orAll(),
        accounts
            ? new AccountSelection.Matching(
                entity.serviceAccounts().names(), entity.serviceAccounts().selector().orAll())
            : new AccountSelection.Anyone());
  }

  private static Optional<List<PortMatch>> ports(List<RulePort> ports, Set<IpProtocol> protocol) {
    List<Protocol> transports = new ArrayList<>();
    protocol.forEach(each -> each.transport().ifPresent(transports::add));
    List<PortMatch> matches = new ArrayList<>();
    for (RulePort port : ports) {
      switch (port) {
        case RulePort.Range(var first, var last) -> {
          if (transports.isEmpty()) {
            return Optional.empty();
          }
          transports.forEach(each -> matches.add(new PortMatch.Range(each, first, last)));
        }
        case RulePort.Named(var name) -> {
          for (Protocol each : protocol.isEmpty() ? List.of(Protocol.values()) : transports) {
            matches.add(new PortMatch.Named(each, name));
          }
        }
      }
    }
    return matches.isEmpty() && !ports.isEmpty() ? Optional.empty() : Optional.of(matches);
  }
}
