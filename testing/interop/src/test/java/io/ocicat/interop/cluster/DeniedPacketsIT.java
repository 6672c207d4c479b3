package io.ocicat.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabSpec;
import io.ocicat.lab.LabTraffic;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.Progress;
import io.ocicat.lab.traffic.Listen;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people see of policy at work, in a lab: denied connections, counters, and tampering. */
@Timeout(180)
final class DeniedPacketsIT {

  private static final String NAME = "denied-it";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** From the packet to what the command prints; the command itself takes most of a second. */
  private static final Duration SEEN = Duration.ofSeconds(5);

  private static final String DEFAULT_DENY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: shop}}}]
          ports: [{port: 5432}]
      """;

  private static @Nullable Lab lab;

  private final Path directory;

  DeniedPacketsIT(@TempDir Path directory) {
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
    List<Listen> ports =
        List.of(
            new Listen(5432, Protocol.TCP),
            new Listen(5432, Protocol.UDP),
            new Listen(80, Protocol.TCP),
            new Listen(81, Protocol.TCP));
    for (String name : List.of("db", "shop", "web")) {
      lab()
          .pods()
          .add(
              PodSpec.of("shop", name)
                  .on(name.equals("db") ? "node-1" : "node-2")
                  .labelled(Map.of("app", name))
                  .listening(ports));
    }
  }

  @AfterAll
  static void takeDown() {
    Lab.down(NAME);
  }

  @AfterEach
  void forget() {
    annotate("/api/v1/namespaces/shop", null);
    annotate("/api/v1/namespaces/shop/pods/db", null);
    delete("/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/db");
    delete("/apis/projectcalico.org/v3/globalnetworkpolicies/web");
    delete("/apis/projectcalico.org/v3/namespaces/shop/stagednetworkpolicies/db");
  }

  private static void delete(String path) {
    try (ApiClient api = lab().api()) {
      JsonNode _ = api.delete(new ApiClient.Attempt("delete " + path, path));
    } catch (ApiException e) {
      assertThat(e.notFound()).as(e.getMessage()).isTrue();
    }
  }

  private static Shell.Result ocicat(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--lab", NAME));
    return BuiltProgram.run(all.toArray(String[]::new));
  }

  private static JsonNode json(Shell.Result result) {
    try {
      return JSON.readTree(result.stdout());
    } catch (JsonProcessingException e) {
      throw new AssertionError(result.toString(), e);
    }
  }

  private void apply(String manifest) {
    try {
      Path file = Files.writeString(directory.resolve("policy.yaml"), manifest);
      String _ = ocicat("apply", "--wait", "-f", file.toString()).orFail();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void annotate(String path, @Nullable String value) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").putObject("annotations").put("ocicat.io/log-denied", value);
    try (ApiClient api = lab().api()) {
      JsonNode written = api.mergePatch(new ApiClient.Attempt("annotate " + path, path), patch);
      lab().awaitEnforced(written.at("/metadata/resourceVersion").asLong(), Duration.ofSeconds(20));
    }
  }

  private static void isDenied(String from, String to, LabTraffic.Attempt attempt) {
    assertThat(lab().traffic().probe(from, to, attempt).verdict()).isEqualTo(Verdict.DROPPED);
  }

  private static LabTraffic.Attempt attempt(int port, Protocol protocol, IpFamily family) {
    return new LabTraffic.Attempt(port, protocol, Duration.ofMillis(300), Optional.of(family));
  }

  private static List<JsonNode> drops() {
    return StreamSupport.stream(
            json(ocicat("drops", "-n", "shop", "-o", "json")).path("drops").spliterator(), false)
        .toList();
  }

  private static JsonNode awaitDrop(Predicate<JsonNode> wanted) throws InterruptedException {
    long endNs = System.nanoTime() + SEEN.toNanos();
    List<JsonNode> seen = drops();
    while (seen.stream().noneMatch(wanted)) {
      assertThat(System.nanoTime()).as("among %s", seen).isLessThan(endNs);
      Thread.sleep(100);
      seen = drops();
    }
    return seen.stream().filter(wanted).findFirst().orElseThrow();
  }

  @Test
  void defaultDenyIsSeenWithPodsPortPolicyAndTierOnceTheNamespaceIsLogged() throws Exception {
    apply(DEFAULT_DENY);
    isDenied("shop/web", "shop/db", attempt(5432, Protocol.UDP, IpFamily.IPV4));
    Shell.Result silent = ocicat("drops", "-n", "shop");
    assertThat(silent.stdout()).doesNotContain("UDP");
    annotate("/api/v1/namespaces/shop", "true");
    for (IpFamily family : IpFamily.values()) {
      isDenied("shop/web", "shop/db", attempt(5432, Protocol.TCP, family));
    }
    for (String separator : List.of(".", ":")) {
      JsonNode drop =
          awaitDrop(
              each ->
                  each.path("protocol").asText().equals("TCP")
                      && each.path("port").asInt() == 5432
                      && each.at("/peer/address").asText().contains(separator));
      assertThat(drop.path("action").asText()).isEqualTo("deny");
      assertThat(drop.path("direction").asText()).isEqualTo("ingress");
      assertThat(drop.path("node").asText()).isEqualTo("node-1");
      assertThat(drop.path("port").asInt()).isEqualTo(5432);
      assertThat(drop.at("/subject/name").asText()).isEqualTo("db");
      assertThat(drop.at("/peer/name").asText()).isEqualTo("web");
      assertThat(drop.at("/decidedBy/tier").asText()).isEqualTo("default");
      assertThat(drop.at("/decidedBy/kind").asText()).isEqualTo("NetworkPolicy");
      assertThat(drop.at("/decidedBy/name").asText()).isEqualTo("db");
      assertThat(drop.at("/decidedBy/rule").asText()).isEmpty();
    }
    assertThat(ocicat("drops", "-n", "shop").stdout())
        .contains("shop/web", "shop/db", "TCP/5432", "NetworkPolicy shop/db: no rule allows it");
  }

  @Test
  void aPodMaySayOtherwiseThanItsNamespace() throws Exception {
    apply(DEFAULT_DENY);
    annotate("/api/v1/namespaces/shop", "true");
    annotate("/api/v1/namespaces/shop/pods/db", "false");
    isDenied("shop/web", "shop/db", attempt(81, Protocol.TCP, IpFamily.IPV4));
    annotate("/api/v1/namespaces/shop/pods/db", "true");
    annotate("/api/v1/namespaces/shop", null);
    isDenied("shop/web", "shop/db", attempt(80, Protocol.TCP, IpFamily.IPV4));
    JsonNode _ = awaitDrop(each -> each.path("port").asInt() == 80);
    assertThat(drops()).noneMatch(each -> each.path("port").asInt() == 81);
  }

  @Test
  void rulesThatDenyAndRulesThatLogAreSeenAndCounted() throws Exception {
    apply(
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: web, annotations: {ocicat.io/log-denied: "true"}}
        spec:
          selector: app == 'web'
          types: [Egress]
          egress:
          - {action: Allow, protocol: TCP, destination: {ports: [5432]}}
          - {action: Log, protocol: TCP, destination: {ports: [80]}}
          - {action: Deny, protocol: TCP}
          - {action: Allow}
        """);
    isDenied("shop/web", "shop/shop", attempt(80, Protocol.TCP, IpFamily.IPV4));
    JsonNode denied = awaitDrop(each -> isDecidedBy(each, "deny", 2));
    assertThat(denied.path("direction").asText()).isEqualTo("egress");
    assertThat(denied.path("node").asText()).isEqualTo("node-2");
    assertThat(denied.at("/subject/name").asText()).isEqualTo("web");
    assertThat(denied.at("/peer/name").asText()).isEqualTo("shop");
    JsonNode _ = awaitDrop(each -> isDecidedBy(each, "log", 1));
    assertThat(
            lab()
                .traffic()
                .probe("shop/web", "shop/db", attempt(5432, Protocol.TCP, IpFamily.IPV4))
                .verdict())
        .isEqualTo(Verdict.ALLOWED);
    String described = ocicat("describe", "gnp", "web").orFail();
    assertThat(described).containsPattern("egress +(spec\\.)?egress\\[0\\] +1 +\\d\\d");
    assertThat(described).containsPattern("egress +(spec\\.)?egress\\[1\\] +[1-9]\\d* +\\d\\d");
    assertThat(described).containsPattern("egress +(spec\\.)?egress\\[2\\] +[1-9]\\d* +\\d\\d");
  }

  @Test
  void aStagedPolicyIsCountedAndLetsThroughWhatItWouldDeny() throws Exception {
    annotate("/api/v1/namespaces/shop", "true");
    apply(
        """
        apiVersion: projectcalico.org/v3
        kind: StagedNetworkPolicy
        metadata: {name: db, namespace: shop, annotations: {ocicat.io/log-denied: "true"}}
        spec:
          selector: app == 'db'
          types: [Ingress]
          ingress:
          - {action: Allow, protocol: TCP, destination: {ports: [5432]}}
          - {action: Log, protocol: TCP, destination: {ports: [80]}}
          - {action: Deny, protocol: TCP, source: {selector: app == 'web'}, destination: {ports: [80]}}
        """);
    assertThat(described()).containsPattern("ingress +ingress\\[2\\] +0 +0");
    for (int port : List.of(5432, 80, 81)) {
      for (IpFamily family : IpFamily.values()) {
        assertThat(
                lab()
                    .traffic()
                    .probe("shop/web", "shop/db", attempt(port, Protocol.TCP, family))
                    .verdict())
            .isEqualTo(Verdict.ALLOWED);
      }
    }
    assertThat(described())
        .containsPattern("ingress +no rule +2 +\\d\\d")
        .containsPattern("ingress +ingress\\[0\\] +2 +\\d\\d")
        .containsPattern("ingress +ingress\\[1\\] +2 +\\d\\d")
        .containsPattern("ingress +ingress\\[2\\] +2 +\\d\\d");
    assertThat(ocicat("policy", "verify").orFail()).doesNotContain("difference");
    Thread.sleep(SEEN.toMillis());
    assertThat(drops()).noneMatch(each -> each.at("/decidedBy/kind").asText().contains("Staged"));
  }

  @Test
  void whatOfAPolicyDoesNotHoldAsItIsWrittenIsAnEvent() throws Exception {
    apply(
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: web}
        spec:
          selector: app == 'nothing'
          ingress:
          - action: Allow
            protocol: TCP
            http: {methods: [GET]}
        """);
    String path = "/api/v1/namespaces/default/events";
    long endNs = System.nanoTime() + SEEN.toNanos();
    List<String> told = new ArrayList<>();
    while (told.isEmpty()) {
      assertThat(System.nanoTime()).as("time for an Event").isLessThan(endNs);
      Thread.sleep(100);
      try (ApiClient api = lab().api()) {
        for (JsonNode event : api.read(new ApiClient.Attempt("list events", path)).path("items")) {
          if (event.path("reason").asText().equals("PolicyProblem")
              && event.at("/involvedObject/name").asText().equals("web")) {
            told.add(event.path("type").asText() + " " + event.path("message").asText());
          }
        }
      }
    }
    assertThat(told)
        .containsExactly(
            "Warning spec.ingress[0]: http is not enforced: the rule matches whatever is requested");
  }

  private static String described() {
    return ocicat("describe", "stagednetworkpolicy", "db", "-n", "shop").orFail();
  }

  private static boolean isDecidedBy(JsonNode drop, String action, int rule) {
    return drop.path("action").asText().equals(action)
        && drop.at("/decidedBy/kind").asText().equals("GlobalNetworkPolicy")
        && drop.at("/decidedBy/rule").asText().endsWith("egress[" + rule + "]");
  }

  private static String nft(String... arguments) {
    List<String> command = new ArrayList<>(List.of("nft"));
    command.addAll(List.of(arguments));
    return Shell.run(Shell.inside(lab().node("node-1").netns(), command)).orFail();
  }

  /** Empties the chain in which what {@code comment} names is decided. */
  private static void tamper(String comment) {
    String chain = "";
    for (String line : nft("list", "table", "inet", "ocicat").split("\n", -1)) {
      String[] words = line.strip().split(" ");
      chain = words[0].equals("chain") ? words[1] : chain;
      if (line.contains(comment)) {
        String _ = nft("flush", "chain", "inet", "ocicat", chain);
        return;
      }
    }
    throw new AssertionError("no rule of " + comment);
  }

  @Test
  void tamperingIsShownAndPutRight() throws Exception {
    apply(DEFAULT_DENY);
    assertThat(ocicat("policy", "verify").orFail()).contains("node-1", "node-2", "as it should be");
    long repairedBefore = repaired(json(ocicat("policy", "verify", "-o", "json")));
    boolean found = false;
    // The agent looks by itself, too, and may be there first.
    for (int attempt = 0; attempt < 3 && !found; attempt++) {
      tamper("isolated by NetworkPolicy shop/db");
      Shell.Result result = ocicat("policy", "verify", "-o", "json");
      JsonNode answer = json(result);
      found = result.exitCode() == 1;
      if (found) {
        assertThat(answer.path("verified").asBoolean()).isFalse();
        assertThat(answer.at("/nodes/0/differences/0").asText())
            .contains("missing rule", "isolated by NetworkPolicy shop/db");
        assertThat(answer.at("/nodes/1/verified").asBoolean()).isTrue();
      }
    }
    assertThat(found).isTrue();
    JsonNode after = json(ocicat("policy", "verify", "-o", "json"));
    assertThat(after.path("verified").asBoolean()).as(after.toString()).isTrue();
    assertThat(repaired(after)).isGreaterThan(repairedBefore);
    isDenied("shop/web", "shop/db", attempt(5432, Protocol.TCP, IpFamily.IPV4));
    assertThat(ocicat("node", "status").stdout()).containsPattern("node-1.*nft=[1-9]");
    assertThat(ocicat("get", "events", "-A").stdout()).contains("DriftRepaired", "node/node-1");
  }

  private static long repaired(JsonNode answer) {
    return answer.at("/nodes/0/repaired").asLong();
  }

  @Test
  void anUnreachableNodeIsNotVerified() {
    Shell.Result result = ocicat("policy", "verify", "no-such-node", "--timeout", "500ms");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout()).contains("no-such-node", "no answer");
  }
}
