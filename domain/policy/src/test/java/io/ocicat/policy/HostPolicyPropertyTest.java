package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.FelixConfiguration.EndpointToHostAction;
import io.ocicat.model.FelixConfiguration.FailsafePort;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.HostFlow.Place;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HostPolicyPropertyTest {

  @Test
  void compiledStepsDecideAsTheOracleDoes() {
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    Property.cases(600)
        .check(
            HostClusters.CASE,
            c -> {
              Node node = new Node(c);
              for (HostFlow flow : c.flows()) {
                HostVerdict verdict = c.verdict(flow);
                (verdict.isAllowed() ? allowed : denied).incrementAndGet();
                assertThat(node.allows(flow))
                    .as("%s: %s", flow, verdict)
                    .isEqualTo(verdict.isAllowed());
              }
            });
    assertThat(denied.get()).isGreaterThan(allowed.get() / 10);
    assertThat(allowed.get()).isGreaterThan(denied.get() / 10);
  }

  @Test
  void requiresOnlyGroupsThatItsPolicyDefines() {
    Property.cases(200)
        .check(
            HostClusters.CASE,
            c -> {
              PolicyIndex index = Clusters.policyIndex(c.cluster());
              Set<GroupId> defined = Clusters.groups(c.cluster()).keySet();
              for (PolicyHost host : c.cluster().hosts()) {
                assertThat(defined).containsAll(index.hostPolicy(host).requiredGroups());
              }
            });
  }

  /** A node that takes packets through compiled steps. */
  private static final class Node {

    private final HostClusters.Case c;
    private final PolicyIndex index;
    private final Map<GroupId, Set<GroupMember>> groups;
    private final HostInterfaces interfaces;

    Node(HostClusters.Case c) {
      this.c = c;
      this.index = Clusters.policyIndex(c.cluster());
      this.groups = Clusters.groups(c.cluster());
      this.interfaces = c.interfaces();
    }

    boolean allows(HostFlow flow) {
      CompiledPath sent = path(flow.source(), flow.sent());
      CompiledPath path = path(flow.source(), flow.delivered());
      boolean accepted = false;
      Optional<PolicyHost> in = endpoint(flow.from());
      Optional<PolicyHost> out = endpoint(flow.to());
      if (in.isPresent()) {
        for (HostStage stage : List.of(HostStage.UNTRACKED, HostStage.PRE_DNAT)) {
          boolean answers = stage == HostStage.UNTRACKED;
          Optional<Boolean> early =
              accepted
                  ? Optional.empty()
                  : early(in.get(), stage, Direction.INGRESS, flow, flow.sent(), sent, answers);
          if (early.isPresent() && !early.get()) {
            return false;
          }
          accepted |= early.isPresent();
        }
      }
      boolean own = flow.from() instanceof Place.Host || flow.to() instanceof Place.Host;
      if (flow.from() instanceof Place.Host && out.isPresent()) {
        Optional<Boolean> early =
            early(out.get(), HostStage.UNTRACKED, Direction.EGRESS, flow, flow.sent(), path, true);
        return early.orElseGet(() -> own(out.get(), Direction.EGRESS, flow, path));
      }
      if (in.isPresent() && !accepted) {
        boolean passes =
            own
                ? own(in.get(), Direction.INGRESS, flow, path)
                : forward(in.get(), Direction.INGRESS, path);
        if (!passes) {
          return false;
        }
      }
      return podAllows(flow, path)
          && (own || out.map(host -> forward(host, Direction.EGRESS, path)).orElse(true));
    }

    private boolean podAllows(HostFlow flow, CompiledPath path) {
      boolean leaves =
          !(flow.from() instanceof Place.Pod(var name))
              || (path.allows(index.endpointPolicy(pod(name)).egress())
                  && !(flow.to() instanceof Place.Host
                      && c.settings().endpointToHost() == EndpointToHostAction.DROP));
      boolean enters =
          !(flow.to() instanceof Place.Pod(var name))
              || flow.from() instanceof Place.Host
              || path.allows(index.endpointPolicy(pod(name)).ingress());
      return leaves && enters;
    }

    private PolicyPod pod(PodName name) {
      return c.cluster().pods().stream().filter(p -> p.name().equals(name)).findFirst().get();
    }

    private CompiledPath path(io.ocicat.inet.IpAddress source, HostFlow.Head head) {
      return new CompiledPath(groups, source, head.destination(), head.traffic());
    }

    private Optional<PolicyHost> endpoint(Place place) {
      return place instanceof Place.Interface(var name)
          ? Optional.ofNullable(interfaces.byInterface().get(name)).or(interfaces::others)
          : Optional.empty();
    }

    /** Empty if it is left to what comes after. */
    private Optional<Boolean> early(
        PolicyHost host,
        HostStage stage,
        Direction direction,
        HostFlow flow,
        HostFlow.Head head,
        CompiledPath path,
        boolean answers) {
      List<TierStep> steps = index.hostPolicy(host).steps(stage, direction);
      return steps.isEmpty()
              || failsafe(direction, flow, head, false)
              || (answers && failsafe(direction, flow, head, true))
          ? Optional.empty()
          : path.decides(steps);
    }

    private boolean forward(PolicyHost host, Direction direction, CompiledPath path) {
      List<TierStep> steps = index.hostPolicy(host).steps(HostStage.FORWARD, direction);
      return steps.isEmpty() || path.allows(steps);
    }

    private boolean own(PolicyHost host, Direction direction, HostFlow flow, CompiledPath path) {
      return failsafe(direction, flow, flow.delivered(), false)
          || path.allows(index.hostPolicy(host).steps(HostStage.OWN, direction));
    }

    private boolean failsafe(
        Direction direction, HostFlow flow, HostFlow.Head head, boolean answers) {
      boolean inbound = (direction == Direction.INGRESS) != answers;
      List<FailsafePort> ports =
          inbound ? c.settings().failsafeInbound() : c.settings().failsafeOutbound();
      var peer = direction == Direction.INGRESS ? flow.source() : head.destination();
      return head.traffic() instanceof Flow.Traffic.Transport(var protocol, var from, var to)
          && ports.stream()
              .anyMatch(
                  port ->
                      port.protocol() == protocol
                          && port.port() == (answers ? from : to)
                          && port.net().map(net -> net.contains(peer)).orElse(true));
    }
  }
}
