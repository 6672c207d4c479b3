package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration.FailsafePort;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.policy.HostFlow.Place;
import io.ocicat.policy.HostVerdict.Ground;
import io.ocicat.policy.HostVerdict.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The definition of policy at nodes, beside {@link PolicyOracle} and as plain: what a packet meets
 * on its way through one node, step by step, with the pods' policies among it.
 *
 * <p>It speaks of packets that belong to no connection yet. Of what a policy keeps from being
 * tracked that is every packet, so that replies are asked about, too. Neighbour discovery and
 * multicast listener messages of ICMPv6 are always allowed and never asked about.
 *
 * @see <a href="https://docs.tigera.io/calico/latest/reference/host-endpoints/">Calico: host
 *     endpoints</a>
 */
public final class HostOracle {

  private final ClusterSnapshot cluster;
  private final PolicyOracle policies;
  private final RuleMeaning rules;
  private final HostSettings settings;
  private final Map<String, List<IpAddress>> interfaces;
  private final HostFlow flow;
  private final RuleMeaning.Packet sent;
  private final RuleMeaning.Packet delivered;
  private final List<Step> steps = new ArrayList<>();

  /** A policy before has allowed it for good, as far as what comes in by an interface goes. */
  private boolean accepted;

  private HostOracle(
      ClusterSnapshot cluster,
      HostSettings settings,
      Map<String, List<IpAddress>> interfaces,
      HostFlow flow) {
    this.cluster = cluster;
    this.policies = new PolicyOracle(cluster);
    this.rules = new RuleMeaning(cluster);
    this.settings = settings;
    this.interfaces = interfaces;
    this.flow = flow;
    this.sent =
        new RuleMeaning.Packet(flow.source(), flow.sent().destination(), flow.sent().traffic());
    this.delivered =
        new RuleMeaning.Packet(
            flow.source(), flow.delivered().destination(), flow.delivered().traffic());
  }

  /**
   * What becomes of a packet at a node.
   *
   * @param settings the node's
   * @param interfaces addresses of the node's interfaces that are no pods'
   */
  public static HostVerdict verdict(
      ClusterSnapshot cluster,
      HostSettings settings,
      Map<String, List<IpAddress>> interfaces,
      HostFlow flow) {
    HostOracle oracle = new HostOracle(cluster, settings, interfaces, flow);
    boolean _ = oracle.comesIn() && oracle.goesOn();
    return new HostVerdict(oracle.steps);
  }

  private boolean comesIn() {
    return switch (flow.from()) {
      case Place.Host(), Place.Pod _ -> true;
      case Place.Interface(var name) -> {
        Optional<PolicyHost> endpoint = endpointOf(name);
        yield endpoint.isEmpty()
            || (early(endpoint.get(), HostStage.UNTRACKED, Direction.INGRESS, sent)
                && (accepted
                    || early(endpoint.get(), HostStage.PRE_DNAT, Direction.INGRESS, sent)));
      }
    };
  }

  private boolean goesOn() {
    return switch (flow.to()) {
      case Place.Host() -> toHost();
      case Place.Pod(var pod) ->
          flow.from() instanceof Place.Host || (forwarded() && atPod(pod, Direction.INGRESS));
      case Place.Interface(var name) ->
          flow.from() instanceof Place.Host
              ? fromHost(name)
              : forwarded()
                  && endpointOf(name)
                      .map(endpoint -> onForward(endpoint, Direction.EGRESS))
                      .orElse(true);
    };
  }

  private boolean toHost() {
    return switch (flow.from()) {
      case Place.Host() -> true;
      case Place.Pod(var pod) ->
          atPod(pod, Direction.EGRESS) && add(new Step.PodToHost(settings.endpointToHost()));
      case Place.Interface(var name) ->
          accepted
              || endpointOf(name).map(endpoint -> own(endpoint, Direction.INGRESS)).orElse(true);
    };
  }

  private boolean fromHost(String interfaceName) {
    Optional<PolicyHost> endpoint = endpointOf(interfaceName);
    return endpoint.isEmpty()
        || (early(endpoint.get(), HostStage.UNTRACKED, Direction.EGRESS, delivered)
            && (accepted || own(endpoint.get(), Direction.EGRESS)));
  }

  /** What a forwarded packet meets before it is known where it goes. */
  private boolean forwarded() {
    return switch (flow.from()) {
      case Place.Host() -> true;
      case Place.Pod(var pod) -> atPod(pod, Direction.EGRESS);
      case Place.Interface(var name) ->
          accepted
              || endpointOf(name)
                  .map(endpoint -> onForward(endpoint, Direction.INGRESS))
                  .orElse(true);
    };
  }

  private boolean atPod(PodName name, Direction direction) {
    return cluster.pods().stream()
        .filter(pod -> pod.name().equals(name))
        .allMatch(
            pod ->
                add(
                    new Step.AtPod(
                        name, direction, policies.end(pod, direction, delivered).ground())));
  }

  /** A stage whose tiers have no end: it decides only by rules. */
  private boolean early(
      PolicyHost endpoint, HostStage stage, Direction direction, RuleMeaning.Packet packet) {
    if (at(stage, endpoint, direction).isEmpty()) {
      return true;
    }
    boolean saved = isFailsafe(direction, packet) || isFailsafeReply(stage, direction, packet);
    Ground ground =
        saved
            ? new Ground.Failsafe()
            : ground(endpoint, stage, direction, packet).orElse(new Ground.Undecided());
    accepted = ground instanceof Ground.ByPolicy && ground.allows();
    return add(new Step.AtHost(endpoint.name(), stage, direction, ground));
  }

  private boolean onForward(PolicyHost endpoint, Direction direction) {
    return at(HostStage.FORWARD, endpoint, direction).isEmpty()
        || add(
            new Step.AtHost(
                endpoint.name(),
                HostStage.FORWARD,
                direction,
                ground(endpoint, HostStage.FORWARD, direction, delivered)
                    .orElse(new Ground.Undecided())));
  }

  private boolean own(PolicyHost endpoint, Direction direction) {
    Ground ground =
        isFailsafe(direction, delivered)
            ? new Ground.Failsafe()
            : ground(endpoint, HostStage.OWN, direction, delivered)
                .orElseGet(() -> byProfile(endpoint, direction));
    return add(new Step.AtHost(endpoint.name(), HostStage.OWN, direction, ground));
  }

  private List<PolicySpec> at(HostStage stage, PolicyHost endpoint, Direction direction) {
    return policies.enforced().stream()
        .filter(policy -> policy.judges(stage) && policy.appliesTo(direction))
        .filter(policy -> rules.selects(policy.subject(), endpoint))
        .toList();
  }

  /** What the policies of a stage decide; empty if they leave it to what comes after. */
  private Optional<Ground> ground(
      PolicyHost endpoint, HostStage stage, Direction direction, RuleMeaning.Packet packet) {
    PolicyVerdict.Ground ground =
        policies.ground(
            at(stage, endpoint, direction), endpoint, direction, packet, tier -> end(tier, stage));
    return switch (ground) {
      case PolicyVerdict.Ground.ByRule _, PolicyVerdict.Ground.EndOfTier _ ->
          Optional.of(new Ground.ByPolicy(ground));
      case PolicyVerdict.Ground.AfterTiers() -> Optional.empty();
    };
  }

  /** Tiers that come before connections or destinations are known decide only by rules. */
  static PolicyTier.End end(PolicyTier tier, HostStage stage) {
    return switch (stage) {
      case UNTRACKED, PRE_DNAT -> PolicyTier.End.PASS;
      case FORWARD, OWN -> tier.end();
    };
  }

  private Ground byProfile(PolicyHost endpoint, Direction direction) {
    for (String name : endpoint.profiles()) {
      for (PolicyRule rule : profile(name, direction)) {
        if (rule instanceof PolicyRule.Match match && rules.matches(match, delivered)) {
          switch (match.action()) {
            case ALLOW, DENY -> {
              return new Ground.ByProfile(name, match.action(), match.path());
            }
            case PASS -> {
              return new Ground.NoProfile();
            }
            case LOG -> {}
          }
        }
      }
    }
    return new Ground.NoProfile();
  }

  private List<PolicyRule> profile(String name, Direction direction) {
    return policies.enforced().stream()
        .filter(policy -> policy.name().equals(new PolicyName(PolicyKind.PROFILE, "", name)))
        .findFirst()
        .or(
            () ->
                Optional.of(Profiles.DEFAULT_ALLOW)
                    .filter(profile -> profile.name().name().equals(name)))
        .map(profile -> profile.rules(direction))
        .orElse(List.of());
  }

  private boolean add(Step step) {
    steps.add(step);
    return step.allows();
  }

  /** Whether it is to a failsafe port in that direction. */
  private boolean isFailsafe(Direction direction, RuleMeaning.Packet packet) {
    return failsafes(direction).stream()
        .anyMatch(
            port ->
                packet.traffic() instanceof Flow.Traffic.Transport(var protocol, _, var to)
                    && isPort(port, protocol, to)
                    && isNet(port, other(direction, packet)));
  }

  /** Whether it can be the answer to a packet to a failsafe port in the other direction. */
  private boolean isFailsafeReply(HostStage stage, Direction direction, RuleMeaning.Packet packet) {
    return stage == HostStage.UNTRACKED
        && failsafes(direction == Direction.INGRESS ? Direction.EGRESS : Direction.INGRESS).stream()
            .anyMatch(
                port ->
                    packet.traffic() instanceof Flow.Traffic.Transport(var protocol, var from, _)
                        && isPort(port, protocol, from)
                        && isNet(port, other(direction, packet)));
  }

  private List<FailsafePort> failsafes(Direction direction) {
    return switch (direction) {
      case INGRESS -> settings.failsafeInbound();
      case EGRESS -> settings.failsafeOutbound();
    };
  }

  private static boolean isPort(FailsafePort port, Protocol protocol, int number) {
    return port.protocol() == protocol && port.port() == number;
  }

  private static boolean isNet(FailsafePort port, IpAddress address) {
    return port.net().map(net -> net.contains(address)).orElse(true);
  }

  private static IpAddress other(Direction direction, RuleMeaning.Packet packet) {
    return switch (direction) {
      case INGRESS -> packet.source();
      case EGRESS -> packet.destination();
    };
  }

  /**
   * The host endpoint that an interface is: one that names it or has one of its addresses and names
   * none; if none does, one for all interfaces. Of several the one whose name comes first.
   */
  private Optional<PolicyHost> endpointOf(String interfaceName) {
    List<PolicyHost> here =
        cluster.hosts().stream()
            .filter(host -> host.node().equals(flow.node()))
            .sorted(Comparator.comparing(PolicyHost::name))
            .toList();
    return here.stream()
        .filter(
            host ->
                host.interfaceName().isEmpty()
                    ? interfaces.getOrDefault(interfaceName, List.of()).stream()
                        .anyMatch(host.addresses()::contains)
                    : host.interfaceName().equals(interfaceName))
        .findFirst()
        .or(
            () ->
                here.stream()
                    .filter(host -> host.interfaceName().equals(HostEndpoint.ALL_INTERFACES))
                    .findFirst());
  }
}
