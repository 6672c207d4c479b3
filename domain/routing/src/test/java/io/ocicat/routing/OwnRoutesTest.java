package io.ocicat.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.model.RouteCommunity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnRoutesTest {
  private static World world() {
    return new World().node("a", "192.0.2.1 fd00::1").node("b", "192.0.2.2 fd00::2");
  }

  private static List<String> routes(World world, String node) {
    return world.plan(node).routes().stream().map(each -> each.prefix().toString()).toList();
  }

  @Test
  void announcesItsOwnBlocksAndNoOthers() {
    World world =
        world().lease("a", "10.244.0.0/26").lease("a", "fd00:1::/122").lease("b", "10.244.0.64/26");
    assertThat(routes(world, "a")).containsExactlyInAnyOrder("10.244.0.0/26", "fd00:1::/122");
    assertThat(world.plan("a").routes().getFirst().reasons())
        .containsExactly(new Reason("BlockAffinity/10-244-0-0-26", "spec.cidr"));
  }

  @Test
  void announcesAddressesOutsideItsBlocksEachByItself() {
    World world =
        world()
            .lease("a", "10.244.0.0/26")
            .workload("ns/own", "10.244.0.1", Map.of())
            .workload("ns/borrowed", "10.244.0.65", Map.of())
            .workload("ns/six", "fd00:1::9", Map.of());
    assertThat(routes(world, "a"))
        .containsExactlyInAnyOrder("10.244.0.0/26", "10.244.0.65/32", "fd00:1::9/128");
    OriginatedRoute borrowed =
        world.plan("a").routes().stream()
            .filter(each -> each.prefix().toString().equals("10.244.0.65/32"))
            .findFirst()
            .orElseThrow();
    assertThat(borrowed.device()).isEqualTo("cali-1");
    assertThat(borrowed.reasons()).containsExactly(new Reason("Pod/ns/borrowed", "status.podIPs"));
  }

  @Test
  void announcesAnAddressInsideABlockWhoseMetricIsNotTheOrdinaryOne() {
    World world =
        world()
            .lease("a", "10.244.0.0/26")
            .workload("ns/moving", "10.244.0.1", Map.of(), 512)
            .workload("ns/staying", "10.244.0.2", Map.of(), 1024);
    assertThat(routes(world, "a")).containsExactly("10.244.0.0/26", "10.244.0.1/32");
    assertThat(world.plan("a").routes().getLast().priority()).contains(512);
    world.configuration("default", "{ipv4NormalRoutePriority: 512}");
    assertThat(routes(world, "a")).containsExactly("10.244.0.0/26", "10.244.0.2/32");
  }

  @Test
  void ignoresDevicesThatAreToBeIgnored() {
    World world =
        world()
            .configuration("node.a", "{ignoredInterfaces: ['cali-0']}")
            .workload("ns/one", "10.244.0.65", Map.of())
            .workload("ns/two", "10.244.0.66", Map.of());
    assertThat(routes(world, "a")).containsExactly("10.244.0.66/32");
  }

  @Test
  void announcesRangesOfServicesFromEveryNode() {
    World world =
        world()
            .configuration(
                "default",
                "{serviceClusterIPs: [{cidr: '10.96.0.0/12'}], serviceExternalIPs: [{cidr:"
                    + " '198.51.100.0/28'}], serviceLoadBalancerIPs: [{cidr: '203.0.113.0/24'}]}")
            .service(
                "s",
                "{type: 'LoadBalancer', clusterIP: '10.96.0.1', externalIPs: ['198.51.100.1']}",
                "203.0.113.1");
    for (String node : List.of("a", "b")) {
      assertThat(routes(world, node))
          .containsExactlyInAnyOrder("10.96.0.0/12", "198.51.100.0/28", "203.0.113.0/24");
    }
    assertThat(world.plan("a").routes())
        .flatExtracting(OriginatedRoute::reasons)
        .contains(
            new Reason("BGPConfiguration/default", "spec.serviceClusterIPs[0].cidr"),
            new Reason("BGPConfiguration/default", "spec.serviceExternalIPs[0].cidr"),
            new Reason("BGPConfiguration/default", "spec.serviceLoadBalancerIPs[0].cidr"));
  }

  @Test
  void announcesAddressesWhoseTrafficStaysLocalWhereThereIsAReadyEndpoint() {
    World world =
        world()
            .configuration(
                "default",
                "{serviceClusterIPs: [{cidr: '10.96.0.0/12'}], serviceExternalIPs: [{cidr:"
                    + " '198.51.100.0/28'}], serviceLoadBalancerIPs: [{cidr: '203.0.113.0/24'}]}")
            .service(
                "s",
                "{type: 'LoadBalancer', clusterIP: '10.96.0.1', externalIPs: ['198.51.100.1',"
                    + " '192.0.2.200'], externalTrafficPolicy: 'Local'}",
                "203.0.113.1")
            .endpoint("s", "a", true)
            .endpoint("s", "b", false);
    assertThat(routes(world, "a"))
        .contains("10.96.0.1/32", "198.51.100.1/32", "203.0.113.1/32")
        .doesNotContain("192.0.2.200/32")
        .hasSize(6);
    assertThat(routes(world, "b")).hasSize(3);
    assertThat(world.plan("a").routes())
        .flatExtracting(OriginatedRoute::reasons)
        .contains(new Reason("Service/ns/s", "spec.externalTrafficPolicy"));
  }

  @Test
  void announcesEachAddressOfLoadBalancersIfRangesAreNotAggregated() {
    World world =
        world()
            .configuration(
                "default",
                "{serviceLoadBalancerIPs: [{cidr: '203.0.113.0/24'}],"
                    + " serviceLoadBalancerAggregation: 'Disabled'}")
            .service("one", "{type: 'LoadBalancer'}", "203.0.113.1")
            .service("two", "{type: 'LoadBalancer', externalTrafficPolicy: 'Local'}", "203.0.113.2")
            .service("three", "{type: 'ClusterIP'}", "203.0.113.3")
            .endpoint("two", "b", true);
    assertThat(routes(world, "a")).containsExactly("203.0.113.1/32");
    assertThat(routes(world, "b")).containsExactly("203.0.113.1/32", "203.0.113.2/32");
  }

  @Test
  void aRangeOfOneAddressDoesNotUndoLocalTraffic() {
    World world =
        world()
            .configuration("default", "{serviceExternalIPs: [{cidr: '198.51.100.1/32'}]}")
            .service(
                "s",
                "{type: 'NodePort', externalIPs: ['198.51.100.1'], externalTrafficPolicy: 'Local'}",
                "")
            .endpoint("s", "b", true);
    assertThat(routes(world, "a")).isEmpty();
    assertThat(routes(world, "b")).containsExactly("198.51.100.1/32");
  }

  @Test
  void nodesThatLoadBalancersLeaveOutAnnounceNoServices() {
    World world =
        world()
            .node(
                "a",
                "192.0.2.1",
                "labels: {'node.kubernetes.io/exclude-from-external-load-balancers': ''}")
            .lease("a", "10.244.0.0/26")
            .configuration("default", "{serviceClusterIPs: [{cidr: '10.96.0.0/12'}]}");
    assertThat(routes(world, "a")).containsExactly("10.244.0.0/26");
    assertThat(routes(world, "b")).containsExactly("10.96.0.0/12");
  }

  @Test
  void routesCarryTheCommunitiesOfTheirPrefix() {
    World world =
        world()
            .lease("a", "10.244.0.0/26")
            .lease("a", "10.245.0.0/26")
            .configuration(
                "default",
                "{communities: [{name: 'pods', value: '64512:300:100'}], prefixAdvertisements:"
                    + " [{cidr: '10.244.0.0/16', communities: ['pods', '1:2']}, {cidr:"
                    + " '10.0.0.0/8', communities: ['1:2', 'lost']}]}");
    OriginatedRoute route = world.plan("a").routes().getFirst();
    assertThat(route.communities())
        .containsExactly(RouteCommunity.parse("64512:300:100"), RouteCommunity.parse("1:2"));
    assertThat(route.reasons())
        .contains(new Reason("BGPConfiguration/default", "spec.prefixAdvertisements[0]"));
    assertThat(world.plan("a").routes().getLast().communities())
        .containsExactly(RouteCommunity.parse("1:2"));
    assertThat(world.plan("a").notices())
        .contains(
            new Notice(
                new Reason("BGPConfiguration/default", "spec.prefixAdvertisements[1]"),
                "there is no community of the name lost"));
  }
}
