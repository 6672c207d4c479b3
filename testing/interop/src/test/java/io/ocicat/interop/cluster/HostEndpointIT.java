package io.ocicat.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.LabTraffic;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.Progress;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policy of nodes' interfaces in a lab, and that no such policy cuts an agent off. */
@Timeout(180)
final class HostEndpointIT {

  private static final String NAME = "hosts-it";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final String OTHER = "node:node-1";
  private static final String GUARDED = "node:node-2";

  private static final String OPEN_ENDPOINT =
      """
      apiVersion: projectcalico.org/v3
      kind: HostEndpoint
      metadata: {name: guarded, labels: {role: guarded}}
      spec: {node: node-2, interfaceName: eth0, profiles: [projectcalico-default-allow]}
      """;

  /** Of no policy and no profile. */
  private static final String CLOSED_ENDPOINT =
      """
      apiVersion: projectcalico.org/v3
      kind: HostEndpoint
      metadata: {name: closed}
      spec: {node: node-2, interfaceName: "*"}
      """;

  private static final String DENY_PORT =
      """
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkPolicy
      metadata: {name: guard}
      spec:
        selector: role == 'guarded'
        types: [Ingress]
        ingress:
        - {action: Deny, protocol: TCP, destination: {ports: [80]}}
        - {action: Allow}
      """;

  private static @Nullable Lab lab;

  private final Path directory;

  HostEndpointIT(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Lab lab() {
    if (lab == null) {
      throw new IllegalStateException("the lab is not up");
    }
    return lab;
  }

  @BeforeAll
  static void bringUp() {
    BuiltProgram.use();
    Lab.down(NAME);
    lab = Lab.up(new LabSpec(NAME, 2, LabSpec.Families.DUAL_STACK), Progress.SILENT);
    lab().pods().add(PodSpec.of("default", "a").on("node-1"));
    lab().pods().add(PodSpec.of("default", "b").on("node-2"));
  }

  @AfterAll
  static void takeDown() {
    Lab.down(NAME);
  }

  @AfterEach
  void forget() {
    for (String object :
        List.of(
            "kcc/default",
            "felixconfigurations/default",
            "gnp/guard",
            "heps/guarded",
            "heps/closed")) {
      String[] parts = object.split("/", 2);
      Shell.Result _ = ocicat("delete", parts[0], parts[1], "--ignore-not-found");
    }
    awaitReached(OTHER, GUARDED, Protocol.TCP);
  }

  private static Shell.Result ocicat(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--lab", NAME));
    return BuiltProgram.run(all.toArray(String[]::new));
  }

  private static JsonNode json(String... arguments) {
    Shell.Result result = ocicat(arguments);
    try {
      return JSON.readTree(result.orFail());
    } catch (JsonProcessingException e) {
      throw new AssertionError(result.toString(), e);
    }
  }

  private void apply(String... manifests) {
    try {
      Path file =
          Files.writeString(directory.resolve("objects.yaml"), String.join("---\n", manifests));
      String _ = ocicat("apply", "--wait", "-f", file.toString()).orFail();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean reaches(String from, String to, Protocol protocol, IpFamily family) {
    return lab()
            .traffic()
            .probe(
                from,
                to,
                new LabTraffic.Attempt(80, protocol, Duration.ofMillis(300), Optional.of(family)))
            .verdict()
        == Verdict.ALLOWED;
  }

  private static boolean reaches(String from, String to, Protocol protocol) {
    boolean v4 = reaches(from, to, protocol, IpFamily.IPV4);
    assertThat(reaches(from, to, protocol, IpFamily.IPV6)).isEqualTo(v4);
    return v4;
  }

  private static void awaitReached(String from, String to, Protocol protocol) {
    await(() -> reaches(from, to, protocol, IpFamily.IPV6));
    assertThat(reaches(from, to, protocol)).isTrue();
  }

  private static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(endNs);
      sleep();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aPolicyClosesAPortOfANodeAndDeletingItOpensItAgain() {
    apply(OPEN_ENDPOINT, DENY_PORT);
    assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isFalse();
    assertThat(reaches(OTHER, GUARDED, Protocol.UDP)).isTrue();
    assertThat(reaches("a", "b", Protocol.TCP)).isTrue();
    assertThat(reaches("b", GUARDED, Protocol.TCP)).isTrue();
    String _ = ocicat("delete", "gnp", "guard").orFail();
    awaitReached(OTHER, GUARDED, Protocol.TCP);
  }

  @Test
  void failsafePortsStayOpenInAClosedNode() {
    apply(CLOSED_ENDPOINT);
    assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isFalse();
    assertThat(reaches(GUARDED, OTHER, Protocol.TCP)).isFalse();
    assertThat(reaches(GUARDED, "b", Protocol.TCP)).isTrue();
    assertThat(reaches("a", "b", Protocol.TCP)).isTrue();
    apply(
        """
        apiVersion: projectcalico.org/v3
        kind: FelixConfiguration
        metadata: {name: default}
        spec:
          failsafeInboundHostPorts: [{protocol: TCP, port: 80}]
        """);
    assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isTrue();
    assertThat(reaches(OTHER, GUARDED, Protocol.UDP)).isFalse();
  }

  /** Nothing is open but what the agent needs; killed and started again, it comes back. */
  @Test
  void anAgentReachesItsControllerThroughAClosedNode() {
    apply(
        CLOSED_ENDPOINT,
        """
        apiVersion: projectcalico.org/v3
        kind: FelixConfiguration
        metadata: {name: default}
        spec: {failsafeInboundHostPorts: [], failsafeOutboundHostPorts: []}
        """);
    assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isFalse();
    ProcessHandle agent = ProcessHandle.of(agentPid()).orElseThrow();
    assertThat(agent.destroyForcibly()).isTrue();
    await(() -> !agent.isAlive());
    assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isFalse();
    lab().startAgent(lab().node("node-2"));
    await(
        () -> {
          assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isFalse();
          return agentPid() > 0 && agentPid() != agent.pid();
        });
    String _ = ocicat("delete", "hep", "closed").orFail();
    awaitReached(OTHER, GUARDED, Protocol.TCP);
  }

  private static long agentPid() {
    for (JsonNode node : lab().describe().path("nodes")) {
      if (node.path("name").asText().equals("node-2")) {
        return node.path("agentPid").asLong();
      }
    }
    throw new AssertionError("no node-2");
  }

  @Test
  void podsAreKeptFromTheirNodeByTheActionForThem() {
    apply(
        """
        apiVersion: projectcalico.org/v3
        kind: FelixConfiguration
        metadata: {name: default}
        spec: {defaultEndpointToHostAction: Drop}
        """);
    assertThat(reaches("b", GUARDED, Protocol.TCP)).isFalse();
    assertThat(reaches(GUARDED, "b", Protocol.TCP)).isTrue();
    assertThat(reaches("a", GUARDED, Protocol.TCP)).isTrue();
  }

  @Test
  void nodesGetEndpointsByThemselvesAndLoseThem() {
    apply(
        """
        apiVersion: projectcalico.org/v3
        kind: KubeControllersConfiguration
        metadata: {name: default}
        spec: {controllers: {node: {hostEndpoint: {autoCreate: Enabled}}}}
        """);
    await(() -> json("get", "heps", "-o", "json").path("items").size() == 2);
    JsonNode made = json("get", "hep", "node-1-auto-hep", "-o", "json");
    assertThat(made.at("/spec/node").asText()).isEqualTo("node-1");
    assertThat(made.at("/spec/interfaceName").asText()).isEqualTo("*");
    assertThat(made.at("/spec/expectedIPs").size()).isEqualTo(2);
    assertThat(made.at("/metadata/labels").path("kubernetes.io/hostname").asText())
        .isEqualTo("node-1");
    assertThat(reaches(OTHER, GUARDED, Protocol.TCP)).isTrue();
    String _ = ocicat("delete", "kcc", "default").orFail();
    await(() -> json("get", "heps", "-o", "json").path("items").isEmpty());
  }
}
