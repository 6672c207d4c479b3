package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.AgentsSocket;
import io.ocicat.controller.ClusterSide;
import io.ocicat.controller.kubernetes.KubernetesConfig;
import io.ocicat.controller.kubernetes.KubernetesController;
import io.ocicat.controller.kubernetes.TokenReviews;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.store.kubernetes.ClusterAccess;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.client.SyncClient;
import io.ocicat.sync.client.SyncListener;
import io.ocicat.sync.client.TableStore;
import io.ocicat.sync.grpc.GrpcTransport;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.Identity;
import io.ocicat.sync.identity.JoinAnswer;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.JoinProof;
import io.ocicat.sync.identity.NodeCredentials;
import io.ocicat.sync.identity.Pem;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The commands with a kubeconfig, on a real API server with a controller and an agent of no kernel.
 */
@Timeout(240)
class KubernetesIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NAMESPACE = "ocicat-system";
  private static final String VIEWER = "viewer-token";

  @TempDir private static Path directory = Path.of("");
  private static final AtomicBoolean ACKNOWLEDGING = new AtomicBoolean(true);
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static final List<RealApiServer> CLUSTER = new ArrayList<>();
  private static Path kubeconfig = Path.of("");
  private static Path viewersKubeconfig = Path.of("");

  private record Ran(int status, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    Optional<String> reason = RealApiServer.whyNone();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    RealApiServer cluster =
        RealApiServer.start(
            List.of(new RealApiServer.User(VIEWER, "viewer", List.of("viewers"))), List.of());
    OPEN.add(cluster);
    CLUSTER.add(cluster);
    kubeconfig = cluster.kubeconfig(cluster.adminToken());
    viewersKubeconfig = cluster.kubeconfig(VIEWER);
    ApiServer admin = connect(cluster);
    OPEN.add(admin);
    fill(admin);
    KubernetesController controller = controller(cluster);
    OPEN.add(controller);
    await(() -> controller.served().isPresent());
    SyncClient agent = agent(admin, controller.served().orElseThrow());
    OPEN.add(agent);
    Thread acknowledging = Thread.ofPlatform().daemon().start(() -> acknowledge(agent));
    OPEN.add(acknowledging::interrupt);
    await(() -> run("status").status() == 0);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : OPEN.reversed()) {
      each.close();
    }
  }

  private static void fill(ApiServer admin) throws Exception {
    for (ResourceKind kind : CustomResourceDefinitions.kinds()) {
      ObjectNode _ =
          admin.send(
              Verb.POST,
              "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
              CustomResourceDefinitions.of(kind, CustomResourceDefinitions.Rules.LEFT_OUT));
    }
    for (String namespace : List.of(NAMESPACE, "shop")) {
      post(admin, "/api/v1/namespaces", "{'metadata': {'name': '%s'}}".formatted(namespace));
    }
    String inSystem = "/api/v1/namespaces/" + NAMESPACE;
    post(admin, inSystem + "/serviceaccounts", "{'metadata': {'name': 'ocicat-agent'}}");
    post(admin, "/api/v1/nodes", "{'metadata': {'name': 'n1'}}");
    String pod =
        "{'metadata': {'name': '%s', 'labels': {'app': '%s'}}, 'spec': {'nodeName': 'n1',"
            + " 'serviceAccountName': '%s', 'terminationGracePeriodSeconds': 0, 'containers':"
            + " [{'name': 'c', 'image': 'i', 'ports': [{'name': 'http', 'containerPort': 80}]}]}}";
    post(admin, inSystem + "/pods", pod.formatted("agent-n1", "agent", "ocicat-agent"));
    post(admin, inSystem + "/pods", pod.formatted("controller", "controller", "default"));
    post(admin, "/api/v1/namespaces/shop/pods", pod.formatted("web", "web", "default"));
    await(() -> admin.get("/apis/projectcalico.org/v3").path("resources").size() > 2);
    post(
        admin,
        "/apis/projectcalico.org/v3/ippools",
        "{'apiVersion': 'projectcalico.org/v3', 'kind': 'IPPool', 'metadata': {'name': 'pool'},"
            + " 'spec': {'cidr': '10.244.0.0/16'}}");
    String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    post(
        admin,
        roles,
        "{'metadata': {'name': 'looking'}, 'rules': [{'apiGroups': ['', 'projectcalico.org',"
            + " 'ocicat.io'], 'resources': ['pods', 'nodes', 'ippools', 'blockaffinities',"
            + " 'ocicatstatuses'], 'verbs': ['get', 'list', 'watch']}]}");
    post(
        admin,
        roles.replace("roles", "rolebindings"),
        "{'metadata': {'name': 'looking'}, 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io',"
            + " 'kind': 'ClusterRole', 'name': 'looking'}, 'subjects': [{'kind': 'Group', 'apiGroup':"
            + " 'rbac.authorization.k8s.io', 'name': 'viewers'}]}");
  }

  private static ObjectNode post(ApiServer admin, String path, String body) throws Exception {
    return admin.send(Verb.POST, path, (ObjectNode) JSON.readTree(body.replace('\'', '"')));
  }

  private static ApiServer connect(RealApiServer cluster) {
    return ClusterAccess.ofToken(cluster.uri(), cluster.certificates(), cluster.adminToken());
  }

  private static KubernetesController controller(RealApiServer cluster) throws Exception {
    return KubernetesController.start(
        new KubernetesConfig(
            Optional.empty(),
            NAMESPACE,
            "controller",
            "127.0.0.1:7946",
            "ocicat-agent",
            ClusterSide.Blocks.LEASED),
        Files.createDirectories(directory.resolve("controller")),
        new AgentsSocket(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()),
        connect(cluster),
        connect(cluster),
        InstantSource.system(),
        new SecureRandom());
  }

  private static SyncClient agent(ApiServer admin, InetSocketAddress controller) throws Exception {
    String token =
        post(
                admin,
                "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts/ocicat-agent/token",
                "{'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec':"
                    + " {'audiences': ['%s'], 'boundObjectRef': {'apiVersion': 'v1', 'kind': 'Pod',"
                        .formatted(TokenReviews.AUDIENCE)
                    + " 'name': 'agent-n1'}}}")
            .path("status")
            .path("token")
            .asText();
    String map = "/api/v1/namespaces/" + NAMESPACE + "/configmaps/ocicat-ca";
    Path authority = directory.resolve("ca.crt");
    Files.writeString(authority, admin.get(map).path("data").path("ca.crt").asText());
    SecureRandom random = new SecureRandom();
    JoinAnswer answer =
        GrpcTransport.join(
            controller,
            new JoinProof(
                new JoinGate.Credential.ServiceAccountToken(token),
                ClusterAuthority.pin(Pem.certificates(authority).getFirst().getPublicKey())),
            new Identity.Node("n1"),
            random,
            Duration.ofSeconds(20));
    assertThat(answer).isInstanceOf(JoinAnswer.Joined.class);
    NodeCredentials credentials =
        NodeCredentials.store(
            directory.resolve("node"), ((JoinAnswer.Joined) answer).certificate());
    SyncClient client =
        SyncClient.start(
            new SyncClient.Agent("n1", "1.2.3"),
            new GrpcTransport(controller, credentials, InstantSource.system(), random),
            TableStore.NONE,
            List.of(),
            new SyncListener() {
              @Override
              public void updatesPending() {}

              @Override
              public void connectionChanged(boolean connected) {}
            },
            new SplittableRandom(1));
    IpAddress address = IpAddress.parse("192.0.2.1");
    client.report(new NodeReport(List.of(address), Map.of(), true, Map.of(), List.of()));
    await(client::connected);
    client.requestBlock(new BlockRequest(IpFamily.IPV4, List.of()), Duration.ofSeconds(5));
    client.endpointUp(
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
    return client;
  }

  private static void acknowledge(SyncClient agent) {
    long generation = 0;
    while (!Thread.currentThread().isInterrupted()) {
      generation = agent.takeUpdates().map(delta -> delta.generation()).orElse(generation);
      if (ACKNOWLEDGING.get() && generation > 0) {
        agent.ack(generation);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long endNs = System.nanoTime() + SOON.toNanos();
    while (!holds(condition)) {
      assertThat(System.nanoTime()).as("it came about within " + SOON).isLessThan(endNs);
      Thread.sleep(50);
    }
  }

  private static boolean holds(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (ApiException e) {
      return false;
    }
  }

  private static Ran run(String... arguments) {
    return run(kubeconfig, arguments);
  }

  private static Ran run(Path config, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--kubeconfig=" + config);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(arguments);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return new Ran(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  private static Path policy(String name) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: shop}
        spec: {podSelector: {}, policyTypes: [Ingress]}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s, namespace: shop}
        """
            .formatted(name, name));
  }

  @Test
  void tellsHowTheNetworkIs() throws IOException {
    Ran status = run("status");
    assertThat(status.out())
        .contains("ready\n", "controller: controller, version", "nodes: 1 of 1 ready");
    JsonNode report = JSON.readTree(run("status", "-o", "json").out());
    assertThat(report.path("ready").asBoolean()).isTrue();
    assertThat(report.path("policyGeneration").asLong()).isPositive();
    assertThat(report.at("/nodes/0/version").asText()).isEqualTo("1.2.3");
    assertThat(run("node", "status").out()).contains("n1", "true", "1.2.3");
    assertThat(run("get", "ocicat").out()).contains("ENFORCED").containsPattern("cluster +True");
    assertThat(run("describe", "ocicat", "cluster").out()).contains("every node wires pods");
  }

  @Test
  void waitsUntilThoseThatAreReadyEnforceAndTellsWhoDoesNot() throws IOException {
    Path file = policy("waited");
    Ran applied = run("apply", "--wait", "-f", file.toString());
    assertThat(applied.err()).isEmpty();
    assertThat(applied.status()).isZero();
    assertThat(run("apply", "--wait", "-f", file.toString()).out()).contains("unchanged");
    ACKNOWLEDGING.set(false);
    try {
      Ran deleted = run("delete", "--wait", "--timeout", "2s", "-f", file.toString());
      assertThat(deleted.status()).isEqualTo(1);
      assertThat(deleted.err()).contains("n1 (at ");
      Path other = policy("other");
      assertThat(run("apply", "--wait", "--timeout", "2s", "-f", other.toString()).err())
          .contains("n1 (at ");
      assertThat(run("delete", "-f", other.toString()).status()).isZero();
    } finally {
      ACKNOWLEDGING.set(true);
    }
    assertThat(run("apply", "--wait", "-f", file.toString()).status()).isZero();
    Ran gone = run("delete", "--wait", "-f", file.toString());
    assertThat(gone.err()).isEmpty();
    assertThat(gone.status()).isZero();
  }

  @Test
  void showsEndpointsThoughTheServerHasNone() throws Exception {
    await(() -> run("get", "wep", "-n", "shop").out().contains("10.244.0.7/32"));
    assertThat(run("get", "wep", "-A", "-o", "wide").out())
        .contains("NAMESPACE", "CONTAINER-ID", "shop", "n1-k8s-web-eth0", "c1");
    assertThat(run("get", "wep", "-n", "shop", "-l", "app=none").err()).contains("no workload");
    JsonNode list = JSON.readTree(run("get", "wep", "-n", "shop", "-o", "json").out());
    assertThat(list.at("/items/0/kind").asText()).isEqualTo("WorkloadEndpoint");
    assertThat(list.at("/items/0/spec/ports/0/name").asText()).isEqualTo("http");
    assertThat(run("describe", "wep", "n1-k8s-web-eth0", "-n", "shop").out()).contains("oci");
    assertThat(run("get", "wep", "nothing", "-n", "shop").err()).contains("no pod here leads");
  }

  @Test
  void showsHowFullPoolsAreToThoseWhoMayLook() throws Exception {
    await(() -> run(viewersKubeconfig, "ipam", "show").out().contains("10.244."));
    Ran shown = run(viewersKubeconfig, "ipam", "show");
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out().lines().filter(line -> line.startsWith("pool ")).toList())
        .singleElement()
        .asString()
        .containsPattern("10.244.0.0/16 +65536 +1 +1");
    assertThat(run(viewersKubeconfig, "status").status()).isZero();
  }

  @Test
  void putsNothingSecretIntoABundle() throws Exception {
    String password = "s3cret-of-the-shop";
    String inBase64 = Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
    try (ApiServer admin = connect(CLUSTER.getFirst())) {
      post(
          admin,
          "/api/v1/namespaces/shop/secrets",
          "{'metadata': {'name': 'login'}, 'data': {'word': '%s'}}".formatted(inBase64));
      post(
          admin,
          "/api/v1/namespaces/shop/pods",
          ("{'metadata': {'name': 'door', 'annotations': {'door.example/word': '%1$s'}}, 'spec':"
                  + " {'nodeName': 'n1', 'containers': [{'name': 'c', 'image': 'i', 'args': ['%1$s'],"
                  + " 'env': [{'name': 'WORD', 'value': '%1$s'}]}]}}")
              .formatted(password));
      String authority =
          admin
              .get("/api/v1/namespaces/" + NAMESPACE + "/secrets/ocicat-ca")
              .path("data")
              .toString();
      assertThat(authority).contains("LS0tLS1CRUdJTi");
    }
    Map<String, String> entries = bundle(kubeconfig, "admin");
    assertThat(entries.keySet())
        .contains("cluster/pods.json", "cluster/ippools.projectcalico.org.json");
    assertThat(entries.get("cluster/pods.json")).contains("\"door\"", "\"web\"");
    assertThat(entries.get("cluster/status.json")).contains("policyGeneration");
    assertThat(entries.get("missing.txt")).contains("logs: there are no pods");
    assertThat(entries.keySet()).noneMatch(name -> name.contains("secret"));
    assertThat(entries.values())
        .noneMatch(
            text ->
                text.contains(password)
                    || text.contains(inBase64)
                    || text.contains(CLUSTER.getFirst().adminToken())
                    || text.contains("PRIVATE KEY")
                    || text.contains("LS0tLS1CRUdJTi"));
    assertThat(bundle(viewersKubeconfig, "viewer").get("missing.txt"))
        .contains("cluster/networkpolicies.networking.k8s.io.json: ", "forbidden");
  }

  private static Map<String, String> bundle(Path config, String name) throws IOException {
    Path file = directory.resolve(name + ".tar.gz");
    Ran ran = run(config, "diags", "--only", "cluster", "-o", file.toString());
    assertThat(ran.status()).isZero();
    return TarText.read(Files.readAllBytes(file));
  }
}
