package io.ocicat.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration.EndpointToHostAction;
import io.ocicat.model.FelixConfiguration.FailsafePort;
import io.ocicat.nft.compile.NftHosts;
import io.ocicat.policy.HostSettings;
import io.ocicat.policy.PolicyIndex;
import io.ocicat.sync.SyncItem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostModelTest {

  private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.1");

  private final HostModel hosts = new HostModel("n1", new PolicyIndex());

  private void endpoint(String name, String spec) {
    hosts.upsert(
        new SyncItem.HostEndpoint(
            name,
            "{'metadata':{'name':'%s'},'spec':{'node':'n1',%s}}"
                .formatted(name, spec)
                .replace('\'', '"')));
  }

  private void configuration(String name, String spec) {
    hosts.upsert(
        new SyncItem.Configuration(
            name,
            "{'metadata':{'name':'%s'},'spec':{%s}}".formatted(name, spec).replace('\'', '"')));
  }

  @Test
  void aNodeWithoutAnythingHasNothing() {
    assertThat(hosts.compile()).isEqualTo(NftHosts.NONE);
  }

  @Test
  void findsAnInterfaceByAddressOnceItHasIt() {
    endpoint("h", "'expectedIPs':['192.0.2.1']");
    assertThat(hosts.compile().byInterface()).isEmpty();
    assertThat(hosts.problems())
        .singleElement()
        .asString()
        .contains("HostEndpoint h is not enforced", "192.0.2.1");
    assertThat(hosts.sees(Map.of("eth0", Set.of(ADDRESS)), Set.of())).isTrue();
    assertThat(hosts.compile().byInterface()).containsOnlyKeys("eth0");
    assertThat(hosts.problems()).isEmpty();
    assertThat(hosts.sees(Map.of("eth0", Set.of(ADDRESS)), Set.of())).isFalse();
  }

  @Test
  void tellsOfAnEndpointThatComesTooLate() {
    endpoint("a", "'interfaceName':'eth0'");
    endpoint("b", "'interfaceName':'eth0'");
    assertThat(hosts.compile().byInterface().values())
        .extracting(NftHosts.Endpoint::name)
        .containsExactly("a");
    assertThat(hosts.problems()).singleElement().asString().contains("HostEndpoint b");
  }

  @Test
  void tellsOfAProfileThatIsMissing() {
    endpoint("a", "'interfaceName':'*','profiles':['projectcalico-default-allow','other']");
    assertThat(hosts.compile().others()).isPresent();
    assertThat(hosts.problems()).singleElement().asString().contains("Profile other");
  }

  @Test
  void aNodesOwnConfigurationIsStrongerFieldByField() {
    configuration("default", "'failsafeInboundHostPorts':[],'defaultEndpointToHostAction':'Drop'");
    configuration("node.n1", "'defaultEndpointToHostAction':'Accept'");
    HostSettings settings = hosts.compile().settings();
    assertThat(settings.failsafeInbound()).isEmpty();
    assertThat(settings.failsafeOutbound()).isEqualTo(HostSettings.DEFAULT.failsafeOutbound());
    assertThat(settings.endpointToHost()).isEqualTo(EndpointToHostAction.ACCEPT);
    hosts.removeConfiguration("node.n1");
    hosts.removeConfiguration("default");
    assertThat(hosts.compile()).isEqualTo(NftHosts.NONE);
  }

  @Test
  void aConfigurationThatCannotBeReadLeavesTheLastGoodOneInForce() {
    configuration("default", "'failsafeInboundHostPorts':[{'protocol':'TCP','port':9}]");
    configuration("default", "'failsafeInboundHostPorts':[{'protocol':'TCP','port':'x'}]");
    assertThat(hosts.compile().settings().failsafeInbound())
        .extracting(FailsafePort::port)
        .containsExactly(9);
    assertThat(hosts.problems())
        .singleElement()
        .asString()
        .contains("FelixConfiguration default", "failsafeInboundHostPorts[0].port");
    configuration("default", "'failsafeInboundHostPorts':[]");
    assertThat(hosts.compile().settings().failsafeInbound()).isEmpty();
    assertThat(hosts.problems()).isEmpty();
  }

  @Test
  void theControllersPortsAreOpenWhateverIsConfigured() {
    configuration("default", "'failsafeInboundHostPorts':[],'failsafeOutboundHostPorts':[]");
    assertThat(hosts.sees(Map.of(), Set.of(7946))).isTrue();
    HostSettings settings = hosts.compile().settings();
    for (List<FailsafePort> ports :
        List.of(settings.failsafeInbound(), settings.failsafeOutbound())) {
      assertThat(ports).extracting(FailsafePort::port).containsExactly(7946);
    }
  }
}
