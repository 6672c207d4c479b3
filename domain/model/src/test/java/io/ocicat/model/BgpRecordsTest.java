package io.ocicat.model;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BgpRecordsTest {
  @Test
  void readsAPeer() {
    BgpPeer peer =
        BgpPeer.read(
            document(
                Kinds.BGP_PEER,
                "p",
                """
                {spec: {nodeSelector: 'has(rack)', peerIP: '[fd00::1]:1790', asNumber: '1.10', localASNumber: 7,
                  keepOriginalNextHop: true, password: {secretKeyRef: {name: 's', key: 'k'}}, sourceAddress: 'None',
                  maxRestartTime: '1m30s', keepaliveTime: '3s', numAllowedLocalASNumbers: 2, ttlSecurity: 1,
                  reachableBy: 'fd00::2', filters: ['a', 'b'], reversePeering: 'Manual'}}
                """));
    assertThat(peer.nodes()).isInstanceOf(BgpPeer.Where.Selected.class);
    assertThat(peer.remote())
        .isEqualTo(new BgpPeer.Remote.Router(new PeerEndpoint(IpAddress.parse("fd00::1"), 1790)));
    assertThat(peer.asNumber()).contains(new AsNumber(65546));
    assertThat(peer.localAs()).contains(new AsNumber(7));
    assertThat(peer.nextHop()).isEqualTo(BgpPeer.NextHop.KEEP);
    assertThat(peer.password()).contains(new SecretKey("s", "k"));
    assertThat(peer.fromNodeAddress()).isFalse();
    assertThat(peer.restartTime()).contains(Duration.ofSeconds(90));
    assertThat(peer.keepaliveTime()).contains(Duration.ofSeconds(3));
    assertThat(peer.allowedLocalAs()).isEqualTo(2);
    assertThat(peer.ttlSecurityHops()).isEqualTo(1);
    assertThat(peer.reachableBy()).contains(IpAddress.parse("fd00::2"));
    assertThat(peer.filters()).containsExactly("a", "b");
    assertThat(peer.reversed()).isFalse();
  }

  @Test
  void readsAConfiguration() {
    BgpConfiguration configuration =
        BgpConfiguration.read(
            document(
                Kinds.BGP_CONFIGURATION,
                "default",
                """
                {spec: {nodeToNodeMeshEnabled: false, asNumber: 64600, serviceClusterIPs: [{cidr: '10.96.0.0/12'}],
                  communities: [{name: 'a', value: '1:2'}], prefixAdvertisements: [{cidr: '10.0.0.0/8', communities: ['a', '1:2:3']}],
                  listenPort: 1790, bindMode: 'NodeIP', serviceLoadBalancerAggregation: 'Disabled'}}
                """));
    assertThat(configuration.mesh()).contains(false);
    assertThat(configuration.asNumber()).contains(new AsNumber(64600));
    assertThat(configuration.services().cluster()).contains(List.of(Cidr.parse("10.96.0.0/12")));
    assertThat(configuration.services().external()).isEmpty();
    assertThat(configuration.services().aggregated()).contains(false);
    assertThat(configuration.communities()).containsEntry("a", new RouteCommunity.Standard(1, 2));
    assertThat(configuration.advertisements().orElseThrow())
        .containsExactly(
            new BgpConfiguration.Advertisement(Cidr.parse("10.0.0.0/8"), List.of("a", "1:2:3")));
    assertThat(configuration.listenPort()).contains(1790);
    assertThat(configuration.bindToNodeAddress()).contains(true);
    assertThat(configuration.meshPassword()).isEmpty();
  }

  @Test
  void readsAFilter() {
    BgpFilter filter =
        BgpFilter.read(
            document(
                Kinds.BGP_FILTER,
                "f",
                """
                {spec: {exportV4: [{action: 'Reject'}, {cidr: '10.0.0.0/8', matchOperator: 'NotIn', prefixLength: {min: 9},
                  source: 'RemotePeers', interface: 'eth*', peerType: 'iBGP', communities: {values: ['1:2']}, asPathPrefix: [1, '1.1'],
                  priority: 5, action: 'Accept', operations: [{addCommunity: {value: '1:2:3'}}, {prependASPath: {prefix: [9]}},
                  {setPriority: {value: 6}}]}]}}
                """));
    BgpFilter.Rule rule = filter.exporting(IpFamily.IPV4).get(1);
    assertThat(rule.field()).isEqualTo("spec.exportV4[1]");
    assertThat(rule.prefix().orElseThrow().operator()).isEqualTo(BgpFilter.Operator.NOT_IN);
    assertThat(rule.prefix().orElseThrow().shortest()).contains(9);
    assertThat(rule.fromNeighbours()).isTrue();
    assertThat(rule.devices()).contains("eth*");
    assertThat(rule.external()).contains(false);
    assertThat(rule.community()).contains(new RouteCommunity.Standard(1, 2));
    assertThat(rule.pathStart()).containsExactly(new AsNumber(1), new AsNumber(65537));
    assertThat(rule.priority()).contains(5);
    assertThat(rule.operations())
        .containsExactly(
            new BgpFilter.Operation.AddCommunity(new RouteCommunity.Large(1, 2, 3)),
            new BgpFilter.Operation.Prepend(List.of(new AsNumber(9))),
            new BgpFilter.Operation.SetPriority(6));
    assertThat(filter.importing(IpFamily.IPV6)).isEmpty();
  }

  @Test
  void readsOptions() {
    BgpPeerOptions options =
        BgpPeerOptions.read(
            document(
                Kinds.BGP_PEER_OPTIONS,
                "o",
                """
                {spec: {peers: ['a'], ranges: ['10.0.0.0/8'], interfaces: ['eth1'], families: ['IPv6', 'IPv4'], holdTime: '9s',
                  bfd: {transmitInterval: '100ms'}, addPath: {send: 4}, maxPrefixes: {ipv4: 9, action: 'Warn'}, minimumTTL: 255,
                  role: 'RouteServer', gracefulRestart: {longLivedTime: '1h'}, bmp: {address: '10.0.0.9', port: 11019}}}
                """));
    assertThat(options.families()).containsExactly(IpFamily.IPV4, IpFamily.IPV6);
    assertThat(options.bfd())
        .contains(new BgpPeerOptions.Bfd(Duration.ofMillis(100), Duration.ofMillis(300), 3));
    assertThat(options.sendsPaths()).contains(4);
    assertThat(options.receivesPaths()).isEmpty();
    assertThat(options.maxPrefixes().orElseThrow().action())
        .isEqualTo(BgpPeerOptions.AtMaximum.WARN);
    assertThat(options.role()).contains(BgpPeerOptions.Role.ROUTE_SERVER);
    assertThat(options.restart().orElseThrow().longLivedTime()).contains(Duration.ofHours(1));
    assertThat(options.bmp()).contains(new PeerEndpoint(IpAddress.parse("10.0.0.9"), 11019));
  }

  @Test
  void readsLengthsOfTime() {
    assertThat(GoDuration.parse("1h2m3.5s")).isEqualTo(Duration.parse("PT1H2M3.5S"));
    assertThat(GoDuration.parse("500ms")).isEqualTo(Duration.ofMillis(500));
    for (String text : List.of("", "10", "s", "1x", "1s ", "-1s", "99999999999h")) {
      assertThatThrownBy(() -> GoDuration.parse(text)).hasMessageContaining("like 30s");
    }
  }
}
