package io.ocicat.bgpd;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.rib.FamilyTraits;
import io.ocicat.bgp.session.FamilyOffer;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgpd.BgpdConfigReader.Reading;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BgpdConfigReaderTest {

  private static BgpdConfig valid(String yaml) {
    Reading reading = BgpdConfigReader.parse(yaml, Path.of("/"));
    if (reading instanceof Reading.Valid(BgpdConfig config)) {
      return config;
    }
    throw new AssertionError(reading);
  }

  private static List<String> problems(String yaml) {
    Reading reading = BgpdConfigReader.parse(yaml, Path.of("/"));
    if (reading instanceof Reading.Invalid(List<String> problems)) {
      return problems;
    }
    throw new AssertionError(reading);
  }

  @Test
  void aPeerNeedsAnAddressAndAnAs() {
    BgpdConfig config =
        valid(
            """
            routerId: 192.0.2.1
            as: 65001
            networks: [10.1.0.0/24, "fd01::/64"]
            peers:
            - {name: tor, address: 192.0.2.2, as: 65002}
            """);
    assertThat(config.socket()).isEqualTo(BgpdConfig.DEFAULT_SOCKET);
    assertThat(config.networks())
        .containsExactly(Cidr.parse("10.1.0.0/24"), Cidr.parse("fd01::/64"));
    assertThat(config.speaker().listen()).hasSize(2);
    PeerSettings peer = config.speaker().peers().getFirst();
    assertThat(peer.address()).isEqualTo(new PeerAddress.At(IpAddress.parse("192.0.2.2"), ""));
    assertThat(peer.localAs()).isEqualTo(65001);
    assertThat(peer.remoteAs()).isEqualTo(new RemoteAs.Exactly(65002));
    assertThat(peer.offers().families().keySet())
        .containsExactly(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
  }

  @Test
  void readsAllThatAPeerMayHave() {
    PeerSettings peer =
        valid(
                """
                routerId: 192.0.2.1
                as: 65001
                peers:
                - name: tor
                  address: fe80::1
                  interface: eth0
                  as: external
                  localAs: 65009
                  port: 1790
                  source: fe80::2
                  passive: true
                  password: secret
                  ttlSecurity: 1
                  holdTime: 9
                  keepaliveTime: 2
                  delayOpenTime: 0.5
                  families: [ipv6]
                  addPath: {send: all, receive: true}
                  maxPrefixes: {limit: 10, warnPercent: 80, action: warn, restartTime: 60}
                  gracefulRestart: {enabled: true, restartTime: 30, longLivedTime: 3600}
                  role: customer
                  reflectorClient: true
                  nextHop: self
                  allowOwnAs: 1
                  import: none
                  shutdown: back at noon
                """)
            .speaker()
            .peers()
            .getFirst();
    assertThat(peer.transport().port()).isEqualTo(1790);
    assertThat(peer.transport().hops()).isEqualTo(Hops.security(1));
    assertThat(peer.transport().toString()).doesNotContain("secret");
    assertThat(peer.timers().delayOpen()).hasMillis(500);
    FamilyOffer offer =
        peer.offers().families().getOrDefault(Family.IPV6_UNICAST, FamilyOffer.DEFAULT);
    assertThat(offer.sendPaths()).isEqualTo(FamilyTraits.ALL_PATHS);
    assertThat(offer.maximum().reset()).isFalse();
    assertThat(peer.offers().graceful().longLivedSeconds()).isEqualTo(3600);
    assertThat(peer.offers().role()).contains(Role.CUSTOMER);
    assertThat(peer.restartAfterMaximum()).hasSeconds(60);
    assertThat(peer.enabled()).isFalse();
    assertThat(peer.shutdownText()).isEqualTo("back at noon");
  }

  @Test
  void readsAPasswordFromItsFile(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("key"), "from a file\n");
    Reading reading =
        BgpdConfigReader.parse(
            """
            routerId: 192.0.2.1
            as: 65001
            peers: [{name: a, address: 192.0.2.2, as: internal, passwordFile: key}]
            """,
            folder);
    assertThat(reading).isInstanceOf(Reading.Valid.class);
    if (reading instanceof Reading.Valid(BgpdConfig config)) {
      assertThat(config.speaker().peers().getFirst().transport().md5Key()).isEqualTo("from a file");
    }
  }

  @Test
  void saysAllThatIsWrongWithItsPlace() {
    assertThat(
            problems(
                """
                routerId: 300.0.2.1
                as: 0
                listen: ["192.0.2.1"]
                networks: [10.1.0.1]
                colour: red
                peers:
                - {name: a, address: 192.0.2.2}
                - {name: a, address: nowhere, as: 65002, holdTime: 2, families: [ipx]}
                - {name: b, as: 1, address: fe80::1, ttl: 3, ttlSecurity: 1, maxPrefixes: {most: 3}}
                ranges:
                - {name: r, prefix: 10.0.0.0/40, as: external}
                """))
        .anySatisfy(p -> assertThat(p).startsWith("line 1: routerId: '300.0.2.1' is not"))
        .anySatisfy(
            p -> assertThat(p).startsWith("line 2: as: not a number from 1 to 4294967295 but 0"))
        .anySatisfy(p -> assertThat(p).startsWith("line 3: listen[0]: "))
        .anySatisfy(p -> assertThat(p).startsWith("line 4: networks[0]: "))
        .anySatisfy(p -> assertThat(p).startsWith("line 5: colour: unknown field"))
        .anySatisfy(p -> assertThat(p).startsWith("line 7: peers[0].as: missing"))
        .anySatisfy(p -> assertThat(p).isEqualTo("line 8: peers[1].name: 'a' is another peer's"))
        .anySatisfy(p -> assertThat(p).startsWith("line 8: peers[1].address: 'nowhere' is not"))
        .anySatisfy(p -> assertThat(p).startsWith("line 8: peers[1].holdTime: 0 or at least 3"))
        .anySatisfy(p -> assertThat(p).startsWith("line 8: peers[1].families[0]: "))
        .anySatisfy(p -> assertThat(p).startsWith("line 9: peers[2].interface: missing"))
        .anySatisfy(p -> assertThat(p).startsWith("line 9: peers[2].ttl: give this or ttlSecurity"))
        .anySatisfy(p -> assertThat(p).startsWith("line 9: peers[2].maxPrefixes.most: unknown"))
        .anySatisfy(p -> assertThat(p).startsWith("line 11: ranges[0].prefix: "))
        .isSortedAccordingTo(Comparator.comparingInt(BgpdConfigReaderTest::line));
  }

  private static int line(String problem) {
    return Integer.parseInt(problem.substring("line ".length(), problem.indexOf(':')));
  }

  @Test
  void aFieldThatIsThereTwiceIsTold() {
    assertThat(problems("as: 1\nas: 2\n")).singleElement().asString().contains("Duplicate");
  }

  @Test
  void anEmptyFileIsTold() {
    assertThat(problems("")).contains("line 1: the file: not a mapping but nothing");
  }

  @Test
  void readsPoliciesAndWhoHasThem() {
    BgpdConfig config =
        valid(
            """
            routerId: 192.0.2.1
            as: 65001
            decision: {alwaysCompareMed: true, externalPaths: 2, internalPaths: 1}
            prefixLists:
            - {name: pods, prefixes: [10.244.0.0/16+, "fd00::/48{56,64}"]}
            policies:
            - name: in
              terms:
              - {name: mine, match: {prefixList: pods}, set: {localPref: 200}}
            - {name: out, otherwise: accept}
            peers:
            - {name: a, address: 192.0.2.2, as: 65002, import: in, export: {ipv4: out, ipv6: none}}
            - {name: b, address: 192.0.2.3, as: 65002, import: all}
            - {name: c, address: 192.0.2.4, as: 65002}
            """);
    assertThat(config.decision().alwaysCompareMed()).isTrue();
    assertThat(config.decision().externalPaths()).isEqualTo(2);
    List<PeerSettings> peers = config.speaker().peers();
    RoutePolicies first = peers.get(0).policies();
    assertThat(first.importV4()).isEqualTo(config.policies().get("in")).isEqualTo(first.importV6());
    assertThat(first.importV4().terms().getFirst().name()).isEqualTo("in/mine");
    assertThat(first.exportV4().acceptOtherwise()).isTrue();
    assertThat(first.exportV6()).isEqualTo(RoutePolicy.REJECT_ALL);
    RoutePolicies second = peers.get(1).policies().rejectingWhereNone();
    assertThat(second.importV4().acceptOtherwise()).as("chosen, RFC 8212").isTrue();
    assertThat(second.exportV4().acceptOtherwise()).as("not chosen").isFalse();
    assertThat(peers.get(2).policies()).isEqualTo(RoutePolicies.ACCEPT_ALL);
  }

  @Test
  void policiesThatCannotBeAreTold() {
    assertThat(
            problems(
                """
                routerId: 192.0.2.1
                as: 65001
                prefixLists:
                - {name: pods, prefixes: ["10.0.0.0/8{9,33}", 10.0.0.0/8-]}
                - {name: pods}
                policies:
                - name: all
                - name: in
                  terms:
                  - match: {prefixList: nodes, communities: [65001], source: [far], colour: red}
                    set: {localPref: -1, prepend: [0], med: much}
                    action: maybe
                peers:
                - {name: a, address: 192.0.2.2, as: 65002, import: inn, export: {ipv5: all}}
                """))
        .anySatisfy(p -> assertThat(p).startsWith("line 4: prefixLists[0].prefixes[0]: "))
        .anySatisfy(p -> assertThat(p).startsWith("line 4: prefixLists[0].prefixes[1]: "))
        .anySatisfy(p -> assertThat(p).isEqualTo("line 5: prefixLists[1].name: 'pods' is taken"))
        .anySatisfy(p -> assertThat(p).isEqualTo("line 7: policies[0].name: 'all' is taken"))
        .anySatisfy(p -> assertThat(p).contains("match.prefixList: 'nodes' is not", "pods"))
        .anySatisfy(p -> assertThat(p).contains("line 10: policies[1].terms[0].match.source[0]: "))
        .anySatisfy(p -> assertThat(p).contains("match.colour: unknown field"))
        .anySatisfy(p -> assertThat(p).startsWith("line 11: policies[1].terms[0].set.localPref: "))
        .anySatisfy(p -> assertThat(p).contains("set.prepend[0]: "))
        .anySatisfy(p -> assertThat(p).contains("set.med: "))
        .anySatisfy(p -> assertThat(p).startsWith("line 12: policies[1].terms[0].action: "))
        .anySatisfy(p -> assertThat(p).contains("peers[0].import: 'inn' is not", "all, none, in"))
        .anySatisfy(p -> assertThat(p).contains("peers[0].export.ipv5: unknown field"));
  }

  @Test
  void textThatIsNotYamlIsTold() {
    assertThat(problems("as: [")).singleElement().asString().contains("not YAML");
  }
}
