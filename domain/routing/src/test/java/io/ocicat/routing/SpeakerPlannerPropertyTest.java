package io.ocicat.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeakerPlannerPropertyTest {
  private static World world() {
    return new World()
        .node("a", "192.0.2.1 fd00::1", "labels: {rack: '1'}")
        .node(
            "b",
            "192.0.2.2 fd00::2",
            "annotations: {'projectcalico.org/RouteReflectorClusterID': '244.0.0.1'}, labels: {rr:"
                + " 'yes'}")
        .node("c", "192.0.2.3", "annotations: {'projectcalico.org/ASNumber': '64800'}")
        .configuration(
            "default",
            "{asNumber: 64600, serviceClusterIPs: [{cidr: '10.96.0.0/12'}], serviceLoadBalancerIPs:"
                + " [{cidr: '203.0.113.0/24'}], communities: [{name: 'x', value: '1:2'}],"
                + " prefixAdvertisements: [{cidr: '10.0.0.0/8', communities: ['x', 'y', '3:4']}]}")
        .configuration("node.a", "{listenPort: 1790}")
        .peer("global", "{peerSelector: 'has(rr)'}")
        .peer("global-2", "{peerSelector: 'all()', maxRestartTime: '3s'}")
        .peer(
            "rack",
            "{nodeSelector: 'has(rack)', peerIP: '192.0.2.9', asNumber: 1, filters: ['one', 'two',"
                + " 'three']}")
        .peer("rack-2", "{nodeSelector: 'has(rack)', peerIP: '192.0.2.9', asNumber: 2}")
        .peer("open", "{}")
        .peer("pods", "{localWorkloadSelector: 'has(app)', asNumber: 9}")
        .filter("one", "{exportV4: [{action: 'Accept'}]}")
        .filter("two", "{importV4: [{action: 'Reject'}]}")
        .options(
            "o1",
            "{mesh: true, peerSelector: 'all()', holdTime: '9s', ranges: ['198.51.100.0/24']}")
        .options("o2", "{mesh: true, peers: ['rack'], holdTime: '12s', role: 'Peer'}")
        .pool("p1", "{cidr: '10.9.0.0/16', disableBGPExport: true}")
        .pool("p2", "{cidr: '10.8.0.0/16', disableBGPExport: true}")
        .lease("a", "10.244.0.0/26")
        .lease("a", "10.244.1.0/26")
        .lease("b", "10.244.2.0/26")
        .workload("ns/one", "10.244.2.1", Map.of("app", "1"))
        .workload("ns/two", "10.244.2.2", Map.of())
        .service(
            "s1",
            "{type: 'LoadBalancer', externalTrafficPolicy: 'Local', clusterIP: '10.96.0.1'}",
            "203.0.113.1")
        .service(
            "s2",
            "{type: 'LoadBalancer', externalTrafficPolicy: 'Local', clusterIP: '10.96.0.2'}",
            "203.0.113.1")
        .endpoint("s1", "a", true)
        .endpoint("s2", "a", true);
  }

  @Test
  void theOrderOfTheInputMakesNoDifference() {
    World world = world();
    for (String node : List.of("a", "b", "c")) {
      NodeSpeaker plan = world.plan(node);
      for (int seed = 0; seed < 50; seed++) {
        assertThat(SpeakerPlanner.plan(world.shuffled(new Random(seed)), node))
            .as("seed %d", seed)
            .contains(plan);
      }
    }
  }

  @Test
  void everythingHasAReason() {
    for (String node : List.of("a", "b", "c")) {
      NodeSpeaker plan = world().plan(node);
      assertThat(plan.neighbours()).isNotEmpty().allMatch(each -> !each.reasons().isEmpty());
      assertThat(plan.routes()).isNotEmpty().allMatch(each -> !each.reasons().isEmpty());
    }
  }

  @Test
  void thereIsNoPlanForANodeThatIsNotThere() {
    assertThat(SpeakerPlanner.plan(world().inputs(), "nobody")).isEmpty();
  }
}
