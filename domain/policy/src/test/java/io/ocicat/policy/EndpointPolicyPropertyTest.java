package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.Flow.Traffic;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EndpointPolicyPropertyTest {

  @Test
  void compiledRowsDecideAsTheOracleDoes() {
    Property.cases(400)
        .check(
            Clusters.CASE,
            c -> {
              PolicyIndex index = Clusters.policyIndex(c.cluster());
              Map<GroupId, Set<GroupMember>> groups = Clusters.groups(c.cluster());
              for (Flow flow : c.flows()) {
                assertThat(allowed(c.cluster(), index, groups, flow))
                    .as("%s", flow)
                    .isEqualTo(PolicyOracle.verdict(c.cluster(), flow).isAllowed());
              }
            });
  }

  @Test
  void requiresOnlyGroupsThatItsPolicyDefines() {
    Property.cases(200)
        .check(
            Clusters.CASE,
            c -> {
              PolicyIndex index = Clusters.policyIndex(c.cluster());
              Set<GroupId> defined = Clusters.groups(c.cluster()).keySet();
              for (PolicyPod pod : c.cluster().pods()) {
                assertThat(defined).containsAll(index.endpointPolicy(pod).requiredGroups());
              }
            });
  }

  @Test
  void endsEveryDirectionWithARowThatDecides() {
    Property.cases(200)
        .check(
            Clusters.CASE,
            c -> {
              PolicyIndex index = Clusters.policyIndex(c.cluster());
              for (PolicyPod pod : c.cluster().pods()) {
                for (Direction direction : Direction.values()) {
                  List<PolicyRow> rows = index.endpointPolicy(pod).rows(direction);
                  assertThat(rows.getLast()).isNotInstanceOf(PolicyRow.Apply.class);
                  assertThat(rows.subList(0, rows.size() - 1))
                      .allMatch(PolicyRow.Apply.class::isInstance);
                }
              }
            });
  }

  private static boolean allowed(
      ClusterSnapshot cluster,
      PolicyIndex index,
      Map<GroupId, Set<GroupMember>> groups,
      Flow flow) {
    if (!(flow.source() instanceof Flow.Source.Remote(var source))
        || source.equals(flow.destination())) {
      return true;
    }
    return cluster.podsAt(source).stream()
            .allMatch(
                pod ->
                    pod.addresses().contains(flow.destination())
                        || decides(
                            index.endpointPolicy(pod).egress(),
                            groups,
                            flow.destination(),
                            flow.traffic()))
        && cluster.podsAt(flow.destination()).stream()
            .allMatch(
                pod ->
                    pod.addresses().contains(source)
                        || decides(
                            index.endpointPolicy(pod).ingress(), groups, source, flow.traffic()));
  }

  private static boolean decides(
      List<PolicyRow> rows,
      Map<GroupId, Set<GroupMember>> groups,
      IpAddress peer,
      Traffic traffic) {
    for (PolicyRow row : rows) {
      switch (row) {
        case PolicyRow.Apply(var chain) -> {
          if (chain.rules().stream().anyMatch(rule -> matches(rule, groups, peer, traffic))) {
            return true;
          }
        }
        case PolicyRow.DenyRest _ -> {
          return false;
        }
        case PolicyRow.AllowRest() -> {
          return true;
        }
      }
    }
    throw new IllegalStateException("no row decides");
  }

  private static boolean matches(
      ChainRule rule, Map<GroupId, Set<GroupMember>> groups, IpAddress peer, Traffic traffic) {
    return switch (rule) {
      case ChainRule.AnyPeer(var ports) -> matches(ports, traffic);
      case ChainRule.InGroup(var group, var ports) ->
          groups.getOrDefault(group, Set.of()).contains(GroupMember.of(peer))
              && matches(ports, traffic);
      case ChainRule.InBlock(var block, var ports) ->
          block.contains(peer) && matches(ports, traffic);
      case ChainRule.InPortGroup(var group) ->
          traffic instanceof Traffic.Transport(var protocol, var port)
              && groups
                  .getOrDefault(group, Set.of())
                  .contains(GroupMember.of(peer, protocol, port));
    };
  }

  private static boolean matches(List<PortMatch.Range> ports, Traffic traffic) {
    return ports.isEmpty()
        || (traffic instanceof Traffic.Transport(var protocol, var port)
            && ports.stream()
                .anyMatch(
                    range ->
                        range.protocol() == protocol
                            && range.first() <= port
                            && port <= range.last()));
  }
}
