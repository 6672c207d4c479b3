package io.ocicat.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.PeerEndpoint;
import io.ocicat.model.SecretKey;
import io.ocicat.routing.Neighbour.Password;
import io.ocicat.routing.Neighbour.Place;
import io.ocicat.routing.Neighbour.RemoteAs;
import io.ocicat.routing.Neighbour.Sort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighboursTest {
  private static final String REFLECTS =
      "annotations: {'projectcalico.org/RouteReflectorClusterID': '%s'}, labels: {rr: 'yes'}";

  private static World nodes() {
    return new World()
        .node("a", "192.0.2.1 fd00::1")
        .node("b", "192.0.2.2 fd00::2")
        .node("c", "192.0.2.3");
  }

  private static World unmeshed() {
    return nodes().configuration("default", "{nodeToNodeMeshEnabled: false}");
  }

  private static List<String> names(World world, String node) {
    return world.plan(node).neighbours().stream().map(Neighbour::name).toList();
  }

  private static Neighbour of(World world, String node, String name) {
    return world.neighbour(node, name).orElseThrow();
  }

  private static List<String> notices(World world, String node) {
    return world.plan(node).notices().stream()
        .map(each -> each.reason() + ": " + each.text())
        .toList();
  }

  @Test
  void nodesPeerWithAllOthersByEachFamilyOfBoth() {
    assertThat(names(nodes(), "a")).containsExactly("192.0.2.2", "192.0.2.3", "fd00::2");
    Neighbour b = of(nodes(), "a", "192.0.2.2");
    assertThat(b.sort()).isEqualTo(Sort.NODE_MESH);
    assertThat(b.node()).isEqualTo("b");
    assertThat(b.place()).isEqualTo(new Place.At(IpAddress.parse("192.0.2.2"), 179, ""));
    assertThat(b.localAs()).isEqualTo(64512);
    assertThat(b.remoteAs()).isEqualTo(new RemoteAs.Exactly(64512));
    assertThat(b.transport().source()).contains(IpAddress.parse("192.0.2.1"));
    assertThat(b.transport().password()).isEqualTo(new Password.None());
    assertThat(b.restart().time()).isEqualTo(Duration.ofMinutes(2));
    assertThat(b.exchange().families()).containsExactly(IpFamily.IPV4);
    assertThat(b.exchange().extendedNextHop()).isFalse();
    assertThat(b.reasons())
        .containsExactly(new Reason("BGPConfiguration/default", "spec.nodeToNodeMeshEnabled"));
  }

  @Test
  void theNodeOfTheLesserAddressWaitsInTheMesh() {
    assertThat(of(nodes(), "a", "192.0.2.2").transport().passive()).isTrue();
    assertThat(of(nodes(), "b", "192.0.2.1").transport().passive()).isFalse();
  }

  @Test
  void thereIsNoMeshIfItIsOff() {
    assertThat(names(unmeshed(), "a")).isEmpty();
  }

  @Test
  void meshHasItsOwnPasswordAndRestartTime() {
    World world =
        nodes()
            .configuration(
                "default",
                "{nodeMeshPassword: {secretKeyRef: {name: 's', key: 'k'}}, nodeMeshMaxRestartTime:"
                    + " '60s'}");
    assertThat(of(world, "a", "192.0.2.2").transport().password())
        .isEqualTo(new Password.Awaited(new SecretKey("s", "k")));
    assertThat(notices(world, "a"))
        .containsExactly(
            "BGPConfiguration/default spec.nodeMeshPassword: key k of Secret s is not there: the"
                + " session waits for it");
    world.password("s", "k", "secret");
    assertThat(of(world, "a", "192.0.2.2").transport().password())
        .isEqualTo(new Password.Known("secret"))
        .asString()
        .doesNotContain("secret");
    assertThat(of(world, "a", "192.0.2.2").restart().time()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void asNumbersComeFromTheNodeThenItsConfigurationThenDefault() {
    World world =
        nodes()
            .node("c", "192.0.2.3", "annotations: {'projectcalico.org/ASNumber': '1.10'}")
            .configuration("default", "{asNumber: 64600}")
            .configuration("node.b", "{asNumber: 64700}");
    assertThat(world.plan("a").as()).isEqualTo(64600);
    assertThat(world.plan("a").asReason())
        .isEqualTo(new Reason("BGPConfiguration/default", "spec.asNumber"));
    assertThat(world.plan("b").as()).isEqualTo(64700);
    assertThat(world.plan("c").as()).isEqualTo(65546);
    assertThat(of(world, "a", "192.0.2.3").remoteAs()).isEqualTo(new RemoteAs.Exactly(65546));
    assertThat(of(world, "a", "192.0.2.2").remoteAs()).isEqualTo(new RemoteAs.Exactly(64700));
  }

  @Test
  void tellsWhatOfANodeItCannotRead() {
    World world =
        nodes()
            .node(
                "c",
                "192.0.2.3",
                "annotations: {'projectcalico.org/ASNumber': 'x',"
                    + " 'projectcalico.org/RouteReflectorClusterID': '7'}");
    assertThat(notices(world, "c"))
        .containsExactly(
            "Node/c metadata.annotations[projectcalico.org/ASNumber]: is no AS number: passed over",
            "Node/c metadata.annotations[projectcalico.org/RouteReflectorClusterID]: is not of the"
                + " form of an IPv4 address: passed over");
  }

  @Test
  void listensWhereConfigurationSays() {
    World world =
        nodes()
            .configuration(
                "default",
                "{listenPort: 1790, bindMode: 'NodeIP', localWorkloadPeeringIPV4: '169.254.1.2'}")
            .configuration("node.b", "{listenPort: 1791, bindMode: 'None'}");
    assertThat(world.plan("a").listen())
        .isEqualTo(
            new NodeSpeaker.Listen(
                1790,
                List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("fd00::1")),
                List.of(IpAddress.parse("169.254.1.2"))));
    assertThat(world.plan("b").listen().addresses()).isEmpty();
    assertThat(names(world, "a"))
        .containsExactly("192.0.2.2:1791", "192.0.2.3:1790", "[fd00::2]:1791");
  }

  @Test
  void routerIdIsTheAddressOrMadeOfTheName() {
    World world = nodes().node("six", "fd00::6").node("seven", "fd00::7");
    assertThat(world.plan("a").routerId()).hasToString("192.0.2.1");
    assertThat(world.plan("six").routerId()).isNotEqualTo(world.plan("seven").routerId());
    assertThat(world.plan("six").routerId()).isEqualTo(world.plan("six").routerId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {peerIP: '192.0.2.9', asNumber: 64567} | a b c
          {node: 'b', peerIP: '192.0.2.9', asNumber: 64567} | b
          {nodeSelector: "has(rack)", peerIP: '192.0.2.9', asNumber: 64567} | c
          """)
  void peersAreForTheNodesThatTheyName(String spec, String which) {
    World world = unmeshed().node("c", "192.0.2.3", "labels: {rack: '1'}").peer("p", spec);
    for (String node : List.of("a", "b", "c")) {
      assertThat(names(world, node).contains("192.0.2.9"))
          .as(node)
          .isEqualTo(List.of(which.split(" ")).contains(node));
    }
  }

  @Test
  void aPeerHasAllThatItsFieldsSay() {
    World world =
        unmeshed()
            .password("s", "k", "secret")
            .peer(
                "p",
                "{node: 'a', peerIP: '192.0.2.9:1790', asNumber: 64567, localASNumber: 64999,"
                    + " nextHopMode: 'Self', password: {secretKeyRef: {name: 's', key: 'k'}},"
                    + " sourceAddress: 'None', maxRestartTime: '10s', keepaliveTime: '3s',"
                    + " numAllowedLocalASNumbers: 2, ttlSecurity: 1, reachableBy: '192.0.2.254'}");
    Neighbour peer = of(world, "a", "192.0.2.9:1790");
    assertThat(peer.sort()).isEqualTo(Sort.NODE_PEER);
    assertThat(peer.localAs()).isEqualTo(64999);
    assertThat(peer.remoteAs()).isEqualTo(new RemoteAs.Exactly(64567));
    assertThat(peer.transport())
        .isEqualTo(
            new Neighbour.Transport(
                Optional.empty(),
                false,
                new Password.Known("secret"),
                255,
                Optional.of(IpAddress.parse("192.0.2.254"))));
    assertThat(peer.times())
        .isEqualTo(
            new Neighbour.Times(
                Duration.ofSeconds(90), Duration.ofSeconds(3), Duration.ofSeconds(10)));
    assertThat(peer.restart().time()).isEqualTo(Duration.ofSeconds(10));
    assertThat(peer.routing()).isEqualTo(new Neighbour.Routing(false, BgpPeer.NextHop.SELF, 2));
    assertThat(peer.reasons()).containsExactly(new Reason("BGPPeer/p", "spec.peerIP"));
  }

  @Test
  void keepaliveTimesStretchTheHoldTime() {
    World world = unmeshed().peer("p", "{peerIP: '192.0.2.9', asNumber: 1, keepaliveTime: '60s'}");
    assertThat(of(world, "a", "192.0.2.9").times().hold()).isEqualTo(Duration.ofMinutes(3));
    world.options("o", "{peers: ['p'], holdTime: '9s'}");
    assertThat(of(world, "a", "192.0.2.9").times().keepalive()).isZero();
    assertThat(notices(world, "a"))
        .containsExactly(
            "BGPPeer/p spec.keepaliveTime: is more than a third of the hold time of 9 s: a third is"
                + " used");
  }

  @Test
  void keepOriginalNextHopIsKeep() {
    World world =
        unmeshed().peer("p", "{peerIP: '192.0.2.9', asNumber: 1, keepOriginalNextHop: true}");
    assertThat(of(world, "a", "192.0.2.9").routing().nextHop()).isEqualTo(BgpPeer.NextHop.KEEP);
  }

  @Test
  void withoutAnAsANeighbourIsOfTheNodesAtItsAddressOrOurs() {
    World world =
        unmeshed()
            .node("c", "192.0.2.3", "annotations: {'projectcalico.org/ASNumber': '64800'}")
            .peer("known", "{node: 'a', peerIP: '192.0.2.3'}")
            .peer("unknown", "{node: 'a', peerIP: '192.0.2.9'}");
    assertThat(of(world, "a", "192.0.2.3").remoteAs()).isEqualTo(new RemoteAs.Exactly(64800));
    assertThat(of(world, "a", "192.0.2.3").node()).isEqualTo("c");
    assertThat(of(world, "a", "192.0.2.9").remoteAs()).isEqualTo(new RemoteAs.Exactly(64512));
  }

  @Test
  void aNodeDoesNotPeerWithItself() {
    World world =
        unmeshed().peer("p", "{peerIP: '192.0.2.1'}").peer("q", "{peerSelector: 'all()'}");
    assertThat(names(world, "a")).doesNotContain("192.0.2.1");
    assertThat(names(world, "b")).contains("192.0.2.1");
  }

  @Test
  void selectedPeersGetTheSessionFromTheirEndToo() {
    World world =
        unmeshed()
            .node("c", "192.0.2.3", "labels: {rr: 'yes'}")
            .peer("p", "{nodeSelector: \"!has(rr)\", peerSelector: 'has(rr)'}");
    assertThat(names(world, "a")).containsExactly("192.0.2.3");
    assertThat(names(world, "c")).containsExactly("192.0.2.1", "192.0.2.2");
    assertThat(of(world, "c", "192.0.2.1").reasons())
        .containsExactly(new Reason("BGPPeer/p", "spec.reversePeering"));
    World manual =
        unmeshed()
            .node("c", "192.0.2.3", "labels: {rr: 'yes'}")
            .peer(
                "p",
                "{nodeSelector: \"!has(rr)\", peerSelector: 'has(rr)', reversePeering: 'Manual'}");
    assertThat(names(manual, "a")).containsExactly("192.0.2.3");
    assertThat(names(manual, "c")).isEmpty();
  }

  @Test
  void ofAGlobalAndANodesPeerTheGlobalOneDecides() {
    World world =
        unmeshed()
            .peer("a-node", "{node: 'a', peerSelector: 'all()', maxRestartTime: '1s'}")
            .peer("global", "{peerSelector: 'all()', maxRestartTime: '2s'}");
    Neighbour peer = of(world, "a", "192.0.2.2");
    assertThat(peer.sort()).isEqualTo(Sort.GLOBAL_PEER);
    assertThat(peer.restart().time()).isEqualTo(Duration.ofSeconds(2));
    assertThat(peer.reasons())
        .contains(
            new Reason("BGPPeer/global", "spec.peerSelector"),
            new Reason("BGPPeer/a-node", "spec.peerSelector"));
    assertThat(notices(world, "a")).isNotEmpty();
  }

  @Test
  void aPeerThatNamesANodeTakesTheMeshsPlace() {
    World world = nodes().peer("p", "{node: 'a', peerIP: '192.0.2.2', ttlSecurity: 1}");
    assertThat(of(world, "a", "192.0.2.2").sort()).isEqualTo(Sort.NODE_PEER);
    assertThat(of(world, "a", "fd00::2").sort()).isEqualTo(Sort.NODE_MESH);
    assertThat(notices(world, "a")).isEmpty();
  }

  @Test
  void reflectorsLeaveTheMeshForThePeersThatLeadToThem() {
    World world =
        nodes()
            .node("c", "192.0.2.3", REFLECTS.formatted("244.0.0.1"))
            .peer("p", "{nodeSelector: \"!has(rr)\", peerSelector: 'has(rr)'}");
    assertThat(world.plan("c").clusterId()).map(Object::toString).contains("244.0.0.1");
    assertThat(of(world, "c", "192.0.2.1").sort()).isEqualTo(Sort.NODE_PEER);
    assertThat(of(world, "c", "192.0.2.1").routing().reflectorClient()).isTrue();
    assertThat(of(world, "a", "192.0.2.3").sort()).isEqualTo(Sort.NODE_PEER);
    assertThat(of(world, "a", "192.0.2.3").routing().reflectorClient()).isFalse();
    assertThat(of(world, "a", "192.0.2.2").sort()).isEqualTo(Sort.NODE_MESH);
  }

  @Test
  void aReflectorThatNothingLeadsToStaysInTheMesh() {
    World world = nodes().node("c", "192.0.2.3", REFLECTS.formatted("244.0.0.1"));
    assertThat(of(world, "c", "192.0.2.1").sort()).isEqualTo(Sort.NODE_MESH);
    assertThat(of(world, "a", "192.0.2.3").sort()).isEqualTo(Sort.NODE_MESH);
    assertThat(notices(world, "a"))
        .containsExactly(
            "Node/c metadata.annotations[projectcalico.org/RouteReflectorClusterID]: makes a"
                + " reflector of a node that no BGPPeers lead to from a: the session of the mesh"
                + " stays");
  }

  @Test
  void reflectorsOfOneClusterAreNoClientsOfEachOther() {
    World world =
        unmeshed()
            .node("b", "192.0.2.2", REFLECTS.formatted("244.0.0.1"))
            .node("c", "192.0.2.3", REFLECTS.formatted("244.0.0.1"))
            .node("d", "192.0.2.4", REFLECTS.formatted("244.0.0.2"))
            .peer("p", "{peerSelector: 'has(rr)'}");
    assertThat(of(world, "b", "192.0.2.3").routing().reflectorClient()).isFalse();
    assertThat(of(world, "b", "192.0.2.4").routing().reflectorClient()).isTrue();
    assertThat(of(world, "b", "192.0.2.1").routing().reflectorClient()).isTrue();
  }

  @Test
  void neighboursOfAnotherAsAreNoClients() {
    World world =
        unmeshed()
            .node("c", "192.0.2.3", REFLECTS.formatted("244.0.0.1"))
            .peer("p", "{peerIP: '192.0.2.9', asNumber: 1}")
            .peer("q", "{peerIP: '192.0.2.8', asNumber: 64512}");
    assertThat(of(world, "c", "192.0.2.9").routing().reflectorClient()).isFalse();
    assertThat(of(world, "c", "192.0.2.8").routing().reflectorClient()).isTrue();
  }

  @Test
  void podsOfTheNodeArePeers() {
    World world =
        unmeshed()
            .workload("ns/router", "10.244.0.9", Map.of("app", "router"))
            .workload("ns/other", "10.244.0.8", Map.of("app", "other"))
            .peer("p", "{localWorkloadSelector: \"app == 'router'\", asNumber: 65001}");
    Neighbour pod = of(world, "a", "10.244.0.9%cali-0");
    assertThat(pod.transport().passive()).isTrue();
    assertThat(pod.transport().source()).isEmpty();
    assertThat(pod.remoteAs()).isEqualTo(new RemoteAs.Exactly(65001));
    assertThat(pod.reasons()).contains(new Reason("Pod/ns/router", "metadata.labels"));
    assertThat(names(world, "a")).hasSize(1);
    assertThat(notices(world, "a"))
        .containsExactly(
            "BGPPeer/p spec.localWorkloadSelector: no BGPConfiguration says at which IPv4 address"
                + " pods find their node: localWorkloadPeeringIPV4");
  }

  @Test
  void aPeerThatSaysNobodyIsTold() {
    World world = unmeshed().peer("p", "{asNumber: 1}");
    assertThat(names(world, "a")).isEmpty();
    assertThat(notices(world, "a").getFirst())
        .startsWith("BGPPeer/p spec.peerIP: neither this nor");
  }

  @Test
  void rangesAndDevicesComeFromOptions() {
    World world =
        unmeshed()
            .peer("p", "{node: 'a'}")
            .options(
                "o",
                "{peers: ['p'], ranges: ['198.51.100.0/24'], mostFromRanges: 4, interfaces:"
                    + " ['eth1'], remoteAS: 'External'}");
    Neighbour range = of(world, "a", "range 198.51.100.0/24");
    assertThat(range.place()).isEqualTo(new Place.Range(Cidr.parse("198.51.100.0/24"), 4));
    assertThat(range.transport().passive()).isTrue();
    assertThat(range.remoteAs()).isEqualTo(new RemoteAs.External());
    Neighbour device = of(world, "a", "on eth1");
    assertThat(device.place()).isEqualTo(new Place.On("eth1"));
    assertThat(device.exchange().families()).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
    assertThat(device.exchange().extendedNextHop()).isTrue();
    assertThat(device.reasons())
        .contains(
            new Reason("BGPPeerOptions/o", "spec.interfaces"),
            new Reason("BGPPeerOptions/o", "spec.remoteAS"));
  }

  @Test
  void linkLocalNeighboursNeedADevice() {
    World world = unmeshed().peer("p", "{peerIP: 'fe80::9', asNumber: 1}");
    assertThat(names(world, "a")).isEmpty();
    assertThat(notices(world, "a")).hasSize(1);
    world.options("o", "{peers: ['p'], interfaces: ['eth1']}");
    assertThat(names(world, "a")).containsExactly("fe80::9%eth1");
    assertThat(of(world, "a", "fe80::9%eth1").transport().source()).isEmpty();
  }

  @Test
  void optionsSayWhatAPeerHasNoFieldFor() {
    World world =
        unmeshed()
            .peer("p", "labels: {role: 'rack'}", "{peerIP: '192.0.2.9', asNumber: 1}")
            .options(
                "o",
                "{peerSelector: \"role == 'rack'\", passive: true, holdTime: '9s', keepaliveTime:"
                    + " '2s', connectRetryTime: '1s', bfd: {transmitInterval: '100ms',"
                    + " receiveInterval: '50ms', multiplier: 5}, addPath: {receive: true, send: 4},"
                    + " maxPrefixes: {ipv4: 9}, minimumTTL: 254, role: 'Customer', roleRequired:"
                    + " true, families: ['IPv6', 'IPv4'], gracefulRestart: {enabled: true,"
                    + " restartTime: '7s', longLivedTime: '1h', notification: false}, bmp:"
                    + " {address: '192.0.2.99', port: 11019}}");
    Neighbour peer = of(world, "a", "192.0.2.9");
    assertThat(peer.transport().passive()).isTrue();
    assertThat(peer.transport().minimumTtl()).isEqualTo(254);
    assertThat(peer.times())
        .isEqualTo(
            new Neighbour.Times(
                Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThat(peer.restart())
        .isEqualTo(new Neighbour.Restart(true, Duration.ofSeconds(7), Duration.ofHours(1), false));
    assertThat(peer.exchange())
        .isEqualTo(
            new Neighbour.Exchange(
                List.of(IpFamily.IPV4, IpFamily.IPV6),
                true,
                4,
                false,
                Optional.of(
                    new BgpPeerOptions.MaxPrefixes(
                        9, 0, 75, BgpPeerOptions.AtMaximum.RESTART, Duration.ofMinutes(5))),
                Optional.of(BgpPeerOptions.Role.CUSTOMER),
                true));
    assertThat(peer.bfd())
        .contains(new BgpPeerOptions.Bfd(Duration.ofMillis(100), Duration.ofMillis(50), 5));
    assertThat(peer.bmp()).contains(new PeerEndpoint(IpAddress.parse("192.0.2.99"), 11019));
    assertThat(peer.reasons()).contains(new Reason("BGPPeerOptions/o", "spec.bfd"));
  }

  @Test
  void theLowestOrderOfOptionsDecidesFieldByField() {
    World world =
        nodes()
            .options("late", "{mesh: true, order: 9, holdTime: '30s', role: 'Peer'}")
            .options("early", "{mesh: true, order: 1, holdTime: '9s'}")
            .options(
                "elsewhere",
                "{mesh: true, order: 0, holdTime: '3s', nodeSelector: 'has(nothing)'}");
    Neighbour peer = of(world, "a", "192.0.2.2");
    assertThat(peer.times().hold()).isEqualTo(Duration.ofSeconds(9));
    assertThat(peer.exchange().role()).contains(BgpPeerOptions.Role.PEER);
  }

  @Test
  void filtersComeInTheirOrderAndBeforeClosedPools() {
    World world =
        unmeshed()
            .pool("closed", "{cidr: '10.9.0.0/16', disableBGPExport: true}")
            .filter(
                "one",
                "{exportV4: [{action: 'Accept', cidr: '10.9.1.0/24', matchOperator: 'Equal'}],"
                    + " importV6: [{action: 'Reject'}]}")
            .filter(
                "two", "{exportV4: [{action: 'Reject', cidr: '10.8.0.0/16', matchOperator: 'In'}]}")
            .peer("p", "{peerIP: '192.0.2.9', asNumber: 1, filters: ['two', 'lost', 'one']}");
    Neighbour.Policies policies = of(world, "a", "192.0.2.9").policies();
    assertThat(policies.exportV4().terms())
        .extracting(RouteTerm::reason)
        .containsExactly(
            new Reason("BGPFilter/two", "spec.exportV4[0]"),
            new Reason("BGPFilter/one", "spec.exportV4[0]"),
            new Reason("IPPool/closed", "spec.disableBGPExport"));
    assertThat(policies.importV6().terms()).hasSize(1);
    assertThat(policies.importV4().terms()).isEmpty();
    assertThat(policies.exportV6().terms()).isEmpty();
    assertThat(policies.exportV4().apply(RouteView.own(Cidr.parse("10.9.1.0/24"))).accepted())
        .isTrue();
    assertThat(policies.exportV4().apply(RouteView.own(Cidr.parse("10.9.2.0/24"))).accepted())
        .isFalse();
    assertThat(notices(world, "a"))
        .containsExactly("BGPPeer/p spec.filters[1]: there is no BGPFilter lost: passed over");
  }

  @Test
  void closedPoolsAreNotAnnouncedInTheMeshEither() {
    World world = nodes().pool("closed", "{cidr: '10.9.0.0/16', disableBGPExport: true}");
    assertThat(of(world, "a", "192.0.2.2").policies().exportV4().terms()).hasSize(1);
  }
}
