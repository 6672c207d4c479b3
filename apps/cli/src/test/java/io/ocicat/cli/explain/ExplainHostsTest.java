package io.ocicat.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code ocicat explain} says of nodes. */
final class ExplainHostsTest extends InShop {

  private static final String WORLD = "198.51.100.7";

  @BeforeEach
  void protectTheNode() {
    api()
        .create(
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: n1-eth0, labels: {role: node}}
            spec: {node: n1, interfaceName: eth0, expectedIPs: [172.16.0.1]}
            """);
  }

  private void global(String name, String spec) {
    api()
        .create(
            "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: %s}, spec: %s}"
                .formatted(name, spec));
  }

  private void settings(String spec) {
    api()
        .create(
            "{apiVersion: projectcalico.org/v3, kind: FelixConfiguration, metadata: {name: default}, spec: %s}"
                .formatted(spec));
  }

  @Test
  void aHostEndpointWithoutPolicyAndProfileIsClosed() throws IOException {
    JsonNode answer = json(WORLD, "node:n1", "--port", "80");
    assertThat(answer.path("verdict").asText()).isEqualTo("deny");
    assertThat(decidedBy(answer))
        .containsExactly("ingress", "", "HostEndpoint", "", "n1-eth0", "default deny");
    assertThat(answer.at("/decidedBy/node").asText()).isEqualTo("n1");
    assertThat(answer.at("/decidedBy/stage").asText()).isEqualTo("normal");
  }

  @Test
  void failsafePortsAreTheDecision() throws IOException {
    global("close", "{selector: role == 'node', types: [Ingress, Egress]}");
    JsonNode answer = json(WORLD, "node:n1", "--port", "22");
    assertThat(answer.path("verdict").asText()).isEqualTo("allow");
    assertThat(decidedBy(answer))
        .containsExactly("ingress", "", "HostEndpoint", "", "n1-eth0", "failsafe port");
    assertThat(explain(WORLD, "node:n1", "--port", "22").out())
        .contains("failsafeInboundHostPorts: it is a failsafe port, which no policy closes");
    assertThat(json("node:n1", WORLD, "--port", "6443").path("verdict").asText())
        .isEqualTo("allow");
    settings("{failsafeInboundHostPorts: [{protocol: TCP, port: 2222}]}");
    assertThat(decidedBy(json(WORLD, "node:n1", "--port", "22")))
        .containsExactly("ingress", "default", "GlobalNetworkPolicy", "", "close", "default deny");
  }

  @Test
  void aPolicyOfTheNodeDeniesAndTheChangeOfferedAllows() throws IOException {
    global(
        "node",
        "{selector: role == 'node', types: [Ingress], ingress: [{action: Allow, protocol: TCP, source: {nets: [10.9.0.0/16]}, destination: {ports: [80]}}]}");
    assertThat(json("10.9.0.1", "172.16.0.1", "--port", "80").path("verdict").asText())
        .isEqualTo("allow");
    assertThat(explain(WORLD, "node:n1", "--port", "80").out())
        .isEqualTo(
            """
            DENIED: 198.51.100.7 → node n1 (172.16.0.1), TCP 80
              at the ingress of node n1 (HostEndpoint n1-eth0), by the default deny of tier default: GlobalNetworkPolicy node applies, and no rule of it allows this

            ✗ ingress of node n1 (HostEndpoint n1-eth0): denied
                tier default
                  GlobalNetworkPolicy node
                    · spec.ingress[0] allow — no match: 198.51.100.7 is not in 10.9.0.0/16 (source.nets)
                  ✗ end of the tier: denied

            To allow it: add 198.51.100.7 to spec.ingress[0].source.nets of GlobalNetworkPolicy node
                  - op: add
                    path: /spec/ingress/0/source/nets/-
                    value: 198.51.100.7/32

            Or: add a rule to GlobalNetworkPolicy node that allows TCP 80 from 198.51.100.7 (spec.ingress[1])
            """);
    JsonNode fix = json(WORLD, "node:n1", "--port", "80").path("fix");
    Path file = file("fix.json", fix.path("manifest").toString());
    JsonNode then = json(WORLD, "node:n1", "--port", "80", "-f", file.toString());
    assertThat(then.path("verdict").asText()).isEqualTo("allow");
    assertThat(then.at("/now/verdict").asText()).isEqualTo("deny");
  }

  @Test
  void whatIsForwardedMeetsOnlyPoliciesThatApplyOnForward() throws IOException {
    global("node", "{selector: role == 'node', types: [Ingress], ingress: [{action: Deny}]}");
    assertThat(json(WORLD, "shop/web", "--port", "80").path("verdict").asText()).isEqualTo("allow");
    global(
        "forward",
        "{selector: role == 'node', order: 1, applyOnForward: true, types: [Ingress], ingress: [{action: Deny, protocol: UDP}]}");
    JsonNode answer = json(WORLD, "shop/web", "--port", "80", "--protocol", "udp");
    assertThat(decidedBy(answer))
        .containsExactly(
            "ingress", "default", "GlobalNetworkPolicy", "", "forward", "spec.ingress[0]");
    assertThat(answer.at("/decidedBy/stage").asText()).isEqualTo("applyOnForward");
    assertThat(json("shop/client", "shop/web", "--port", "80", "--protocol", "udp").path("verdict"))
        .hasToString("\"allow\"");
  }

  @Test
  void policiesBeforeTranslationAndTrackingComeFirst() throws IOException {
    global(
        "raw",
        "{selector: role == 'node', doNotTrack: true, applyOnForward: true, types: [Ingress], ingress: [{action: Deny, source: {nets: [198.51.100.7/32]}}]}");
    global(
        "pre",
        "{selector: role == 'node', preDNAT: true, applyOnForward: true, types: [Ingress], ingress: [{action: Deny, destination: {notPorts: [80]}, protocol: TCP}]}");
    JsonNode raw = json(WORLD, "shop/web", "--port", "80");
    assertThat(raw.at("/decidedBy/stage").asText()).isEqualTo("doNotTrack");
    assertThat(decidedBy(raw))
        .containsExactly("ingress", "default", "GlobalNetworkPolicy", "", "raw", "spec.ingress[0]");
    JsonNode pre = json("198.51.100.8", "shop/web", "--port", "81");
    assertThat(pre.at("/decidedBy/stage").asText()).isEqualTo("preDNAT");
    assertThat(json("198.51.100.8", "shop/web", "--port", "80").path("verdict").asText())
        .isEqualTo("allow");
  }

  @Test
  void tellsThatAnswersOfWhatIsNotTrackedAreAskedAbout() throws IOException {
    global(
        "raw",
        "{selector: role == 'node', doNotTrack: true, applyOnForward: true, ingress: [{action: Allow}], egress: [{action: Allow}]}");
    JsonNode answer = json(WORLD, "node:n1", "--port", "53", "--protocol", "udp");
    assertThat(answer.path("verdict").asText()).isEqualTo("allow");
    assertThat(answer.path("notes").path(0).asText()).contains("node n1 does not track");
  }

  @Test
  void podsReachTheirNodeUnlessItDropsWhatTheySend() throws IOException {
    assertThat(json("shop/client", "node:n1", "--port", "80").path("verdict").asText())
        .isEqualTo("allow");
    settings("{defaultEndpointToHostAction: Drop}");
    JsonNode answer = json("shop/client", "node:n1", "--port", "80");
    assertThat(answer.path("verdict").asText()).isEqualTo("deny");
    assertThat(decidedBy(answer))
        .containsExactly(
            "ingress", "", "FelixConfiguration", "", "default", "spec.defaultEndpointToHostAction");
    assertThat(explain("shop/client", "node:n1", "--port", "80").out())
        .contains("✗ ingress of node n1: denied", "defaultEndpointToHostAction is Drop");
  }

  @Test
  void anAddressOfAHostEndpointIsItsNode() throws IOException {
    api()
        .create(
            "{apiVersion: projectcalico.org/v3, kind: HostEndpoint, metadata: {name: far}, spec: {node: bare, interfaceName: '*', expectedIPs: [172.16.9.9], profiles: [projectcalico-default-allow]}}");
    JsonNode answer = json("shop/client", "172.16.9.9", "--port", "80");
    assertThat(answer.at("/flow/to/name").asText()).isEqualTo("HostEndpoint far");
    assertThat(decidedBy(answer).subList(2, 6))
        .containsExactly("Profile", "", "projectcalico-default-allow", "spec.ingress[0]");
  }
}
