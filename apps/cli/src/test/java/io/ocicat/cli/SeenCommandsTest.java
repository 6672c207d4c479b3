package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.controller.Controller;
import io.ocicat.controller.ControllerConfig;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.SyncClient;
import io.ocicat.sync.client.SyncListener;
import io.ocicat.sync.client.TableStore;
import io.ocicat.sync.grpc.GrpcTransport;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinProof;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.NodeCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands show of policy at work, with a controller and an agent without a kernel. */
@Timeout(60)
final class SeenCommandsTest {

  private static final PolicyRef POLICY = new PolicyRef("NetworkPolicy", "shop", "db");
  private static final InstantSource CLOCK = InstantSource.system();

  private final Path directory;
  private final MemoryStore store = new MemoryStore();
  private final Controller controller;
  private final List<SyncClient> agents = new ArrayList<>();
  private final List<String> differences = new CopyOnWriteArrayList<>();

  private record Ran(int status, String out, String err) {}

  SeenCommandsTest(@TempDir Path directory) {
    this.directory = directory;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.controller =
        Controller.start(
            ControllerConfig.in(directory, any, any), store, "test", CLOCK, new SecureRandom());
  }

  @AfterEach
  void close() {
    agents.forEach(SyncClient::close);
    controller.close();
    store.close();
  }

  /** One that answers what it is asked, unless it is mute. */
  private SyncClient agent(String node, boolean answers) throws Exception {
    SecureRandom random = new SecureRandom();
    ControllerConfig config =
        ControllerConfig.in(directory, controller.syncAddress(), controller.syncAddress());
    JoinAnswer joined =
        GrpcTransport.join(
            controller.syncAddress(),
            JoinProof.of(JoinToken.parse(Files.readString(config.joinToken()))),
            new Identity.Node(node),
            random,
            Duration.ofSeconds(20));
    assertThat(joined).isInstanceOf(JoinAnswer.Joined.class);
    NodeCredentials credentials =
        NodeCredentials.store(directory.resolve(node), ((JoinAnswer.Joined) joined).certificate());
    List<SyncClient> self = new CopyOnWriteArrayList<>();
    SyncClient client =
        SyncClient.start(
            new SyncClient.Agent(node, "test"),
            new GrpcTransport(controller.syncAddress(), credentials, CLOCK, random),
            TableStore.NONE,
            List.of(),
            new SyncListener() {
              @Override
              public void updatesPending() {
                self.forEach(each -> answer(each, answers));
              }

              @Override
              public void connectionChanged(boolean connected) {}
            },
            new SplittableRandom(1));
    self.add(client);
    agents.add(client);
    answer(client, answers);
    client.report(
        new NodeReport(List.of(IpAddress.parse("192.0.2.1")), Map.of(), true, Map.of(), List.of()));
    await(() -> run("get", "nodes").out().contains(node));
    return client;
  }

  private void answer(SyncClient client, boolean answers) {
    client
        .takeUpdates()
        .ifPresent(
            delta ->
                delta.upserts().stream()
                    .filter(item -> answers && item instanceof SyncItem.Inspection)
                    .map(SyncItem.Inspection.class::cast)
                    .forEach(asked -> client.tell(inspected(asked))));
  }

  private Notice inspected(SyncItem.Inspection asked) {
    return new Notice.Inspected(
        asked.uid(),
        7,
        List.copyOf(differences),
        differences.size(),
        1,
        List.of("12 s ago: foreign chain x"),
        asked.policies().stream()
            .map(policy -> new Notice.RuleCount(policy, "ingress", "ingress[0]", 21, 1260))
            .toList());
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long endNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(endNs);
      Thread.sleep(20);
    }
  }

  private Ran run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--kubeconfig");
    all.add(
        ControllerConfig.in(directory, controller.syncAddress(), controller.syncAddress())
            .kubeconfig()
            .toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] arguments = all.toArray(String[]::new);
    CommandLine command = Main.commandLine(arguments);
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = command.execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void verifiesEveryNodeOrShowsTheDifference() throws Exception {
    SyncClient _ = agent("n1", true);
    SyncClient _ = agent("n2", true);
    Ran clean = run("policy", "verify");
    assertThat(clean.status()).isZero();
    assertThat(clean.out())
        .contains("n1     as it should be   7            1", "n2     as it should be")
        .contains("12 s ago: foreign chain x");
    differences.add("missing rule y");
    Ran differs = run("policy", "verify");
    assertThat(differs.status()).isEqualTo(1);
    assertThat(differs.out()).contains("1 difference", "n2 is not what policy asks for:");
    JsonNode answer = json(run("policy", "verify", "-o", "json").out());
    assertThat(answer.path("verified").asBoolean()).isFalse();
    assertThat(answer.at("/nodes/0/differences/0").asText()).isEqualTo("missing rule y");
    assertThat(run("get", "policyinspections").out()).isEmpty();
  }

  @Test
  void aNodeThatDoesNotAnswerIsNotVerified() throws Exception {
    SyncClient _ = agent("n1", true);
    SyncClient _ = agent("mute", false);
    Ran ran = run("policy", "verify", "--timeout", "300ms");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).containsPattern("mute +no answer").containsPattern("n1 +as it should be");
    assertThat(run("policy", "verify", "n1").status()).isZero();
  }

  @Test
  void describesPoliciesWithTheCountsOfAllNodes() throws Exception {
    SyncClient _ = agent("n1", true);
    SyncClient _ = agent("n2", true);
    Path file =
        Files.writeString(
            directory.resolve("policy.yaml"),
            """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: all}
            spec: {ingress: [{action: Allow}, {action: Deny}], egress: [{action: Pass}]}
            ---
            apiVersion: projectcalico.org/v3
            kind: StagedGlobalNetworkPolicy
            metadata: {name: all}
            spec: {ingress: [{action: Deny}, {action: Allow}]}
            ---
            apiVersion: projectcalico.org/v3
            kind: StagedNetworkPolicy
            metadata: {name: gone, namespace: default}
            spec: {stagedAction: Delete}
            """);
    assertThat(run("apply", "-f", file.toString()).status()).isZero();
    assertThat(run("describe", "gnp", "all").out())
        .containsPattern("DIRECTION +RULE +PACKETS +BYTES")
        .containsPattern("ingress +ingress\\[0] +42 +2520")
        .containsPattern("ingress +ingress\\[1] +0 +0")
        .containsPattern("egress +egress\\[0] +0 +0")
        .contains("Rules matched by new connections");
    assertThat(run("describe", "stagedglobalnetworkpolicy", "all").out())
        .contains("would match, if all staged policies were enforced")
        .containsPattern("ingress +ingress\\[0] +42 +2520")
        .containsPattern("ingress +ingress\\[1] +0 +0");
    assertThat(run("describe", "stagednetworkpolicy", "gone", "-n", "default").out())
        .contains("staged to take NetworkPolicy.projectcalico.org default/gone away");
  }

  @Test
  void describesPeersWithWhatNodesDoNotDo() throws Exception {
    SyncClient agent = agent("n1", true);
    Path file =
        Files.writeString(
            directory.resolve("peer.yaml"),
            """
            apiVersion: projectcalico.org/v3
            kind: BGPPeer
            metadata: {name: rack}
            spec:
              peerIP: 192.0.2.9
              password: {secretKeyRef: {name: bgp-passwords, key: rack}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: bgp-passwords, namespace: kube-system}
            stringData: {rack: hidden}
            ---
            apiVersion: projectcalico.org/v3
            kind: CalicoNodeStatus
            metadata: {name: n1}
            spec: {node: n1, classes: [BGP], updatePeriodSeconds: 10}
            """);
    assertThat(run("apply", "-f", file.toString()).err()).isEmpty();
    assertThat(run("describe", "bgppeer", "rack").out()).doesNotContain("Events:");
    agent.tell(
        new Notice.Unmet(
            List.of(new Notice.Unfulfilled("BGPPeer/rack", "spec.password", "is not there"))));
    await(() -> run("describe", "bgppeer", "rack").out().contains("Events:"));
    assertThat(run("describe", "bgppeer", "rack").out())
        .contains("Warning RoutingProblem: spec.password is not there (seen at node n1)");
    assertThat(run("get", "secrets", "-n", "kube-system").out())
        .containsPattern("bgp-passwords +<none> +1")
        .doesNotContain("hidden");
    String uid =
        json(run("get", "caliconodestatus", "n1", "-o", "json").out()).at("/metadata/uid").asText();
    NodeRouting routing =
        new NodeRouting(
            NodeRouting.SILENT.speaker(),
            List.of(
                new NodeRouting.Session(
                    "192.0.2.9",
                    IpFamily.IPV4,
                    NodeRouting.Origin.GLOBAL_PEER,
                    "Established",
                    1_700_000_000_000L)),
            List.of(),
            0);
    agent.tell(new Notice.Routed("n1", uid, routing));
    await(() -> run("get", "caliconodestatuses").out().matches("(?s).*n1 +n1 +BGP +1 +0 +20.*"));
    assertThat(run("describe", "caliconodestatus", "n1").out())
        .contains("192.0.2.9", "GlobalPeer", "Established", "2023-11-14T22:13:20Z");
  }

  @Test
  void showsDropsAndHowToHaveThemShown() throws Exception {
    Ran none = run("drops", "-n", "shop");
    assertThat(none.status()).isZero();
    assertThat(none.err())
        .contains("logging of denied connections is off for everything")
        .contains("kubectl annotate namespace shop ocicat.io/log-denied=true");
    SyncClient agent = agent("n1", true);
    agent.endpointUp(
        new Endpoint(
            new EndpointKey("c1", "eth0"),
            "shop",
            "web",
            "",
            List.of(IpAddress.parse("10.244.0.7")),
            "oci0",
            "",
            Map.of(),
            List.of()));
    await(() -> run("get", "weps", "-A").out().contains("10.244.0.7"));
    LoggedFlow.Decision decision =
        new LoggedFlow.Decision("deny", "ingress", "default", List.of(POLICY), "");
    agent.tell(
        new Notice.Logged(
            List.of(
                new LoggedFlow(
                    new PodName("shop", "db"),
                    "",
                    IpAddress.parse("10.244.0.7"),
                    6,
                    5432,
                    decision,
                    3,
                    1_700_000_000_000L)),
            0));
    await(() -> run("drops", "-n", "shop").out().contains("TCP/5432"));
    assertThat(run("drops", "-n", "shop").out())
        .containsPattern(
            "3 +denied +ingress +shop/web +shop/db +TCP/5432 +NetworkPolicy shop/db: no rule allows it, tier default");
    JsonNode drop = json(run("drops", "-A", "-o", "json").out()).at("/drops/0");
    assertThat(drop.at("/peer/name").asText()).isEqualTo("web");
    assertThat(run("drops", "--pod", "shop/web", "-o", "wide").out()).contains("10.244.0.7");
    assertThat(run("drops", "--pod", "shop/other").out()).isEmpty();
    assertThat(run("drops", "--pod", "web").status()).isEqualTo(2);
    assertThat(run("get", "events", "-n", "shop").out()).contains("PolicyDenied", "pod/db");
  }
}
