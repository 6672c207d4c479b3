package io.ocicat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.Protocol;
import io.ocicat.policy.Flow.Traffic;
import io.ocicat.policy.HostFlow.Place;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Calico says of hosts, case by case. */
final class HostOracleTest {

  private static final String NODE = "n1";
  private static final IpAddress HOST = IpAddress.parse("192.0.2.10");
  private static final IpAddress WORLD = IpAddress.parse("198.51.100.1");
  private static final IpAddress POD_ADDRESS = IpAddress.parse("10.0.0.1");
  private static final Place ETH0 = new Place.Interface("eth0");
  private static final Place ETH1 = new Place.Interface("eth1");
  private static final Place LO = new Place.Interface("lo");
  private static final Place ITSELF = new Place.Host();
  private static final Place POD = new Place.Pod(new PodName("x", "a"));

  private final List<PolicySpec> policies = new ArrayList<>();
  private final List<PolicyHost> hosts = new ArrayList<>();
  private HostSettings settings = HostSettings.DEFAULT;

  private static PolicySpec read(PolicyKind kind, String name, String spec) {
    try {
      return PolicyDocuments.read(
          kind,
          new JsonMapper()
              .readTree(
                  "{'metadata':{'name':'%s'},'spec':%s}".formatted(name, spec).replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(spec, e);
    }
  }

  private void policy(String name, String spec) {
    policies.add(read(PolicyKind.GLOBAL_NETWORK_POLICY, name, spec));
  }

  private void endpoint(String name, String interfaceName, String... profiles) {
    hosts.add(
        new PolicyHost(
            name,
            NODE,
            interfaceName,
            new Labels(Map.of("host", name)),
            List.of(HOST),
            List.of(),
            List.of(profiles)));
  }

  private HostVerdict verdict(HostFlow flow) {
    PolicyPod pod =
        new PolicyPod(new PodName("x", "a"), Labels.EMPTY, List.of(POD_ADDRESS), List.of());
    ClusterSnapshot cluster =
        new ClusterSnapshot(
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(pod),
            List.of(),
            hosts,
            Map.of(),
            List.of(),
            policies);
    return HostOracle.verdict(
        cluster, settings, Map.of("eth0", List.of(HOST), "eth1", List.of()), flow);
  }

  private boolean passes(Place from, Place to, Traffic traffic) {
    return verdict(HostFlow.of(NODE, from, to, address(from), address(to), traffic)).isAllowed();
  }

  private static IpAddress address(Place place) {
    return switch (place) {
      case Place.Host() -> HOST;
      case Place.Pod _ -> POD_ADDRESS;
      case Place.Interface _ -> WORLD;
    };
  }

  @Test
  void aNodeWithoutEndpointsIsOpen() {
    policy("deny", "{'types':['Ingress','Egress']}");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isTrue();
    assertThat(passes(ITSELF, ETH0, Traffic.tcp(80))).isTrue();
  }

  @Test
  void anEndpointWithoutPolicyAndProfileIsClosedButForFailsafePorts() {
    endpoint("eth0", "eth0");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isFalse();
    assertThat(passes(ITSELF, ETH0, Traffic.tcp(80))).isFalse();
    for (int port : List.of(22, 179, 2379, 2380, 5473, 6443, 6666, 6667)) {
      assertThat(passes(ETH0, ITSELF, Traffic.tcp(port))).as("inbound %d", port).isTrue();
    }
    for (int port : List.of(179, 2379, 2380, 5473, 6443, 6666, 6667)) {
      assertThat(passes(ITSELF, ETH0, Traffic.tcp(port))).as("outbound %d", port).isTrue();
    }
    assertThat(passes(ETH0, ITSELF, Traffic.udp(68))).isTrue();
    assertThat(passes(ITSELF, ETH0, Traffic.udp(53))).isTrue();
    assertThat(passes(ITSELF, ETH0, Traffic.udp(67))).isTrue();
    assertThat(passes(ITSELF, ETH0, Traffic.tcp(22))).isFalse();
  }

  @Test
  void failsafePortsMayBeForCertainAddressesAlone() {
    endpoint("eth0", "eth0");
    settings =
        settings.overriddenBy(
            configuration(
                "'failsafeInboundHostPorts':[{'port':81,'net':'198.51.100.0/24'},{'port':82,'net':'203.0.113.0/24'}]"));
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(81))).isTrue();
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(82))).isFalse();
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(22))).isFalse();
  }

  private static FelixConfiguration configuration(String spec) {
    try {
      return FelixConfiguration.read(
          new JsonMapper().readTree("{'spec':{%s}}".formatted(spec).replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(spec, e);
    }
  }

  @Test
  void failsafePortsAreOpenWhateverAPolicyDenies() {
    endpoint("eth0", "eth0");
    policy("deny", "{'order':1,'ingress':[{'action':'Deny'}],'egress':[{'action':'Deny'}]}");
    policy(
        "early", "{'order':1,'preDNAT':true,'applyOnForward':true,'ingress':[{'action':'Deny'}]}");
    policy(
        "earlier",
        "{'order':1,'doNotTrack':true,'applyOnForward':true,'ingress':[{'action':'Deny'}],'egress':[{'action':'Deny'}]}");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(22))).isTrue();
    assertThat(passes(ITSELF, ETH0, Traffic.tcp(6443))).isTrue();
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isFalse();
  }

  @Test
  void profilesDecideWhatNoPolicyDoes() {
    endpoint("eth0", "eth0", "web");
    policies.add(
        read(
            PolicyKind.PROFILE,
            "web",
            "{'ingress':[{'action':'Allow','protocol':'TCP','destination':{'ports':[80]}}]}"));
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isTrue();
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(81))).isFalse();
    policy("deny", "{'ingress':[]}");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isFalse();
  }

  @Test
  void theProfileOfAutomaticEndpointsIsThereByItself() {
    endpoint("n1-auto-hep", "*", "projectcalico-default-allow");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isTrue();
    assertThat(passes(ITSELF, LO, Traffic.tcp(80))).isTrue();
  }

  @Test
  void anEndpointForAllInterfacesIsNotForThoseThatHaveTheirOwn() {
    endpoint("all", "*");
    endpoint("one", "eth1", "projectcalico-default-allow");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isFalse();
    assertThat(passes(LO, ITSELF, Traffic.tcp(80))).isFalse();
    assertThat(passes(ETH1, ITSELF, Traffic.tcp(80))).isTrue();
  }

  @Test
  void anEndpointWithoutInterfaceIsFoundByItsAddresses() {
    endpoint("found", "");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isFalse();
    assertThat(passes(ETH1, ITSELF, Traffic.tcp(80))).isTrue();
  }

  @Test
  void forwardedTrafficMeetsOnlyPoliciesThatApplyOnForward() {
    endpoint("all", "*");
    policy(
        "deny",
        "{'selector':'has(host)','ingress':[{'action':'Deny'}],'egress':[{'action':'Deny'}]}");
    assertThat(passes(ETH0, POD, Traffic.tcp(80))).isTrue();
    assertThat(passes(ETH0, ETH1, Traffic.tcp(80))).isTrue();
    policy(
        "forward",
        "{'selector':'has(host)','applyOnForward':true,'ingress':[{'action':'Allow','protocol':'TCP','destination':{'ports':[81]}}]}");
    assertThat(passes(ETH0, POD, Traffic.tcp(80))).isFalse();
    assertThat(passes(ETH0, POD, Traffic.tcp(81))).isTrue();
    assertThat(passes(POD, ETH0, Traffic.tcp(80))).isTrue();
  }

  @Test
  void forwardedTrafficHasNoFailsafePorts() {
    endpoint("eth0", "eth0");
    policy("forward", "{'applyOnForward':true,'ingress':[],'types':['Ingress']}");
    assertThat(passes(ETH0, POD, Traffic.tcp(22))).isFalse();
  }

  @Test
  void aHostAlwaysReachesItsOwnPods() {
    endpoint("all", "*");
    policy(
        "deny",
        "{'applyOnForward':true,'ingress':[{'action':'Deny'}],'egress':[{'action':'Deny'}]}");
    assertThat(passes(ITSELF, POD, Traffic.tcp(80))).isTrue();
  }

  @Test
  void ofPodsPacketsToTheirHostTheirPolicyAndTheActionDecide() {
    endpoint("all", "*");
    policy("deny", "{'selector':'has(host)','ingress':[{'action':'Deny'}]}");
    assertThat(passes(POD, ITSELF, Traffic.tcp(80))).isTrue();
    settings = settings.overriddenBy(configuration("'defaultEndpointToHostAction':'Drop'"));
    assertThat(passes(POD, ITSELF, Traffic.tcp(80))).isFalse();
    settings = settings.overriddenBy(configuration("'defaultEndpointToHostAction':'Return'"));
    assertThat(passes(POD, ITSELF, Traffic.tcp(80))).isTrue();
    policy("closed", "{'selector':'!has(host)','egress':[{'action':'Deny'}]}");
    assertThat(passes(POD, ITSELF, Traffic.tcp(80))).isFalse();
  }

  @Test
  void whatPreDnatAllowsIsAllowedForGood() {
    endpoint("eth0", "eth0");
    policy(
        "early",
        "{'preDNAT':true,'applyOnForward':true,'ingress':[{'action':'Allow','protocol':'TCP','destination':{'ports':[80]}}]}");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isTrue();
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(81))).isFalse();
  }

  @Test
  void aTierOfPreDnatPoliciesHasNoEnd() {
    endpoint("eth0", "eth0", "projectcalico-default-allow");
    policy(
        "early",
        "{'preDNAT':true,'applyOnForward':true,'ingress':[{'action':'Deny','protocol':'TCP','destination':{'ports':[80]}}]}");
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(80))).isFalse();
    assertThat(passes(ETH0, ITSELF, Traffic.tcp(81))).isTrue();
    assertThat(passes(ETH0, POD, Traffic.tcp(80))).isFalse();
  }

  @Test
  void preDnatSeesWhatWasSentAndTheRestWhatIsDelivered() {
    endpoint("eth0", "eth0", "projectcalico-default-allow");
    policy(
        "early",
        "{'preDNAT':true,'applyOnForward':true,'ingress':[{'action':'Deny','protocol':'TCP','destination':{'ports':[30080]}}]}");
    HostFlow.Head sent = new HostFlow.Head(HOST, Traffic.tcp(30080));
    HostFlow.Head delivered = new HostFlow.Head(POD_ADDRESS, Traffic.tcp(8080));
    assertThat(verdict(new HostFlow(NODE, ETH0, POD, WORLD, sent, delivered)).isAllowed())
        .isFalse();
    assertThat(verdict(new HostFlow(NODE, ETH0, POD, WORLD, delivered, delivered)).isAllowed())
        .isTrue();
  }

  @Test
  void whatIsNotTrackedNeedsBothDirections() {
    endpoint("eth0", "eth0");
    policy(
        "untracked",
        "{'doNotTrack':true,'applyOnForward':true,'ingress':[{'action':'Allow','protocol':'UDP','destination':{'ports':[53]}}]}");
    Traffic answer = new Traffic.Transport(Protocol.UDP, 53, 40000);
    assertThat(passes(ETH0, ITSELF, Traffic.udp(53))).isTrue();
    assertThat(passes(ITSELF, ETH0, answer)).isFalse();
    policy(
        "answers",
        "{'doNotTrack':true,'applyOnForward':true,'egress':[{'action':'Allow','protocol':'UDP','source':{'ports':[53]}}]}");
    assertThat(passes(ITSELF, ETH0, answer)).isTrue();
  }

  @Test
  void answersOfFailsafePortsAreNeverLeftUntracked() {
    endpoint("eth0", "eth0");
    policy("untracked", "{'doNotTrack':true,'applyOnForward':true,'ingress':[{'action':'Deny'}]}");
    Traffic answer = new Traffic.Transport(Protocol.TCP, 6443, 40000);
    HostFlow flow = HostFlow.of(NODE, ETH0, ITSELF, WORLD, HOST, answer);
    assertThat(verdict(flow).steps().getFirst())
        .isEqualTo(
            new HostVerdict.Step.AtHost(
                "eth0", HostStage.UNTRACKED, Direction.INGRESS, new HostVerdict.Ground.Failsafe()));
  }
}
