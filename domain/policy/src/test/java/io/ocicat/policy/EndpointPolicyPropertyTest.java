package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EndpointPolicyPropertyTest {

  @Test
  void compiledStepsDecideAsTheOracleDoes() {
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    Property.cases(600)
        .check(
            Clusters.CASE,
            c -> {
              PolicyIndex index = Clusters.policyIndex(c.cluster());
              Map<GroupId, Set<GroupMember>> groups = Clusters.groups(c.cluster());
              for (Flow flow : c.flows()) {
                PolicyVerdict verdict = PolicyOracle.verdict(c.cluster(), flow);
                (verdict.isAllowed() ? allowed : denied).incrementAndGet();
                assertThat(allowed(c.cluster(), index, groups, flow))
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
  void endsEveryDirectionWithAStepThatDecides() {
    Property.cases(200)
        .check(
            Clusters.CASE,
            c -> {
              PolicyIndex index = Clusters.policyIndex(c.cluster());
              for (PolicyPod pod : c.cluster().pods()) {
                for (Direction direction : Direction.values()) {
                  List<TierStep> steps = index.endpointPolicy(pod).steps(direction);
                  assertThat(steps.getLast().leadsOn()).isFalse();
                  assertThat(steps.subList(0, steps.size() - 1)).allMatch(TierStep::leadsOn);
                }
              }
            });
  }

  private static boolean allowed(
      ClusterSnapshot cluster,
      PolicyIndex index,
      Map<GroupId, Set<GroupMember>> groups,
      Flow flow) {
    if (!(flow.source() instanceof Flow.Source.Remote(IpAddress source))) {
      return true;
    }
    IpAddress destination = flow.destination();
    CompiledPath path = new CompiledPath(groups, source, destination, flow.traffic());
    return cluster.podsAt(source).stream()
            .allMatch(
                pod ->
                    pod.addresses().contains(destination)
                        || path.allows(index.endpointPolicy(pod).egress()))
        && cluster.podsAt(destination).stream()
            .allMatch(
                pod ->
                    pod.addresses().contains(source)
                        || path.allows(index.endpointPolicy(pod).ingress()));
  }
}
