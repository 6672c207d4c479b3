package io.ocicat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.kubernetes.KubernetesConfig;
import io.ocicat.controller.kubernetes.KubernetesController;
import io.ocicat.controller.kubernetes.TokenReviews;
import io.ocicat.controller.kubernetes.TokenVerifier.Verdict;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.policy.PolicyCompiler;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.store.kubernetes.ClusterAccess;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.NodeReport;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.PodName;
import io.ocicat.sync.PodTrouble;
import io.ocicat.sync.PolicyRef;
import io.ocicat.sync.SyncItem;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Replicas on a real API server, with agents that have no kernel. */
@ExtendWith(NeedsApiServer.class)
@Timeout(240)
class KubernetesControllerIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration LEASE_IS_OVERDUE = Duration.ofSeconds(14);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NAMESPACE = "ocicat-system";

  private static RealApiServer cluster;
  private static ApiServer admin;

  @TempDir private Path directory;
  private final List<KubernetesController> replicas = new ArrayList<>();

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = RealApiServer.start(List.of(), List.of());
    admin = connect();
    for (ResourceKind kind : CustomResourceDefinitions.kinds()) {
      send(
          Verb.POST,
          "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
          CustomResourceDefinitions.of(kind, CustomResourceDefinitions.Rules.LEFT_OUT));
    }
    for (String namespace : List.of(NAMESPACE, "shop")) {
      send(
          Verb.POST,
          "/api/v1/namespaces",
          json("{\"metadata\": {\"name\": \"%s\"}}".formatted(namespace)));
    }
    for (String account : List.of("ocicat-agent", "other")) {
      send(
          Verb.POST,
          "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts",
          json("{\"metadata\": {\"name\": \"%s\"}}".formatted(account)));
    }
    for (String node : List.of("n1", "n2")) {
      send(
          Verb.POST,
          "/api/v1/nodes",
          json(
              """
              {"metadata": {"name": "%s"},
               "spec": {"podCIDRs": ["10.244.%s.0/24"], "podCIDR": "10.244.%s.0/24",
                "taints": [
                  {"key": "node.kubernetes.io/network-unavailable", "effect": "NoSchedule"},
                  {"key": "mine", "effect": "NoSchedule"}]}}
              """
                  .formatted(node, node.substring(1), node.substring(1))));
      pod(NAMESPACE, "agent-" + node, node, "ocicat-agent");
    }
    await(() -> !admin.get("/apis/projectcalico.org/v3").path("resources").isEmpty());
    send(
        Verb.POST,
        "/apis/projectcalico.org/v3/ippools",
        json(
            """
            {"apiVersion": "projectcalico.org/v3", "kind": "IPPool",
             "metadata": {"name": "pool"}, "spec": {"cidr": "10.244.0.0/16"}}
            """));
  }

  @AfterAll
  static void stopCluster() {
    if (admin != null) {
      admin.close();
      cluster.close();
    }
  }

  @AfterEach
  void stopReplicas() {
    replicas.forEach(KubernetesController::close);
  }

  private static ApiServer connect() {
    return ClusterAccess.ofToken(cluster.uri(), cluster.certificates(), cluster.adminToken());
  }

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) JSON.readTree(text);
  }

  private static ObjectNode send(Verb verb, String path, ObjectNode body) throws Exception {
    return admin.send(verb, path, body);
  }

  private static ObjectNode pod(String namespace, String name, String node, String account)
      throws Exception {
    return send(
        Verb.POST,
        "/api/v1/namespaces/" + namespace + "/pods",
        json(
            """
            {"metadata": {"name": "%s", "labels": {"app": "%s"}},
             "spec": {"nodeName": "%s", "serviceAccountName": "%s", "terminationGracePeriodSeconds": 0,
               "containers": [{"name": "c", "image": "i"}]}}
            """
                .formatted(name, name, node, account)));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long endNs = System.nanoTime() + SOON.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("it came about within " + SOON).isLessThan(endNs);
      Thread.sleep(50);
    }
  }

  private static String token(String account, String audience, String pod) throws Exception {
    String bound =
        pod.isEmpty()
            ? ""
            : ", \"boundObjectRef\": {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"name\": \"%s\"}"
                .formatted(pod);
    return send(
            Verb.POST,
            "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts/" + account + "/token",
            json(
                """
                {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                 "spec": {"audiences": ["%s"]%s}}
                """
                    .formatted(audience, bound)))
        .path("status")
        .path("token")
        .asText();
  }

  private static String agentToken(String node) throws Exception {
    return token("ocicat-agent", TokenReviews.AUDIENCE, "agent-" + node);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private KubernetesController replica(String name, ClusterSide.Blocks blocks) throws Exception {
    Path state = Files.createDirectories(directory.resolve(name));
    ObjectNode _ = pod(NAMESPACE, name, "n1", "other");
    int port = freePort();
    KubernetesController replica =
        KubernetesController.start(
            new KubernetesConfig(
                Optional.empty(), NAMESPACE, name, "127.0.0.1:" + port, "ocicat-agent", blocks),
            state,
            new AgentsSocket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Optional.empty()),
            connect(),
            connect(),
            InstantSource.system(),
            new SecureRandom());
    replicas.add(replica);
    return replica;
  }

  private TestAgent agent(String node, InetSocketAddress controller) throws Exception {
    JsonNode map =
        admin.get("/api/v1/namespaces/" + NAMESPACE + "/configmaps/ocicat-ca").path("data");
    assertThat(map.path("controllers").asText()).contains(":" + controller.getPort() + " ");
    Path authority = directory.resolve("ca-" + node);
    Files.writeString(authority, map.path("ca.crt").asText());
    JoinAnswer answer =
        GrpcTransport.join(
            controller,
            new JoinProof(
                new JoinGate.Credential.ServiceAccountToken(agentToken(node)),
                ClusterAuthority.pin(Pem.certificates(authority).getFirst().getPublicKey())),
            new Identity.Node(node),
            new SecureRandom(),
            Duration.ofSeconds(20));
    assertThat(answer).isInstanceOf(JoinAnswer.Joined.class);
    NodeCredentials credentials =
        NodeCredentials.store(
            directory.resolve("node-" + node), ((JoinAnswer.Joined) answer).certificate());
    return new TestAgent(
        node,
        new GrpcTransport(controller, credentials, InstantSource.system(), new SecureRandom()),
        TableStore.NONE);
  }

  @Test
  void reviewsTokensOfARealServer() throws Exception {
    TokenReviews reviews = new TokenReviews(admin, NAMESPACE, "ocicat-agent");
    assertThat(reviews.verify(agentToken("n1")))
        .isEqualTo(new Verdict.AgentOn(new Identity.Node("n1")));
    assertThat(reviews.verify(token("ocicat-agent", "https://kubernetes.default.svc", "agent-n1")))
        .isInstanceOf(Verdict.Refused.class);
    assertThat(reviews.verify(token("ocicat-agent", TokenReviews.AUDIENCE, "")))
        .asString()
        .contains("Refused", "not bound to a pod");
    assertThat(reviews.verify("x.y.z")).isInstanceOf(Verdict.Refused.class);
    ObjectNode _ = pod(NAMESPACE, "short", "n1", "other");
    assertThat(reviews.verify(token("other", TokenReviews.AUDIENCE, "short")))
        .asString()
        .contains("Refused", NAMESPACE + ":other");
    ObjectNode _ = pod(NAMESPACE, "agent-old", "n2", "ocicat-agent");
    String old = token("ocicat-agent", TokenReviews.AUDIENCE, "agent-old");
    assertThat(reviews.verify(old)).isEqualTo(new Verdict.AgentOn(new Identity.Node("n2")));
    send(Verb.DELETE, "/api/v1/namespaces/" + NAMESPACE + "/pods/agent-old", json("{}"));
    await(() -> reviews.verify(old) instanceof Verdict.Refused);
  }

  @Test
  void oneOfTwoReplicasServesAndTheOtherTakesOver() throws Exception {
    KubernetesController first = replica("controller-a", ClusterSide.Blocks.LEASED);
    await(() -> first.served().isPresent());
    KubernetesController second = replica("controller-b", ClusterSide.Blocks.LEASED);
    await(second::isReady);
    TestAgent agent = agent("n1", first.served().orElseThrow());
    agent.awaitConnected();
    agent.client.report(TestAgent.ready("192.0.2.1"));
    ObjectNode _ = pod("shop", "web", "n1", "default");
    assertThat(agent.client.resolvePod(new PodName("shop", "web"), "", Duration.ofSeconds(5)))
        .isInstanceOf(PodAnswer.Found.class);
    assertThat(second.served()).isEmpty();

    BlockAnswer answer =
        agent.client.requestBlock(
            new BlockRequest(IpFamily.IPV4, List.of()), Duration.ofSeconds(5));
    assertThat(answer).isInstanceOf(BlockAnswer.Leased.class);
    agent.client.endpointUp(TestAgent.endpoint("c1", "shop", "web", "10.244.0.7"));
    await(() -> annotation("web", "podIPs").equals("10.244.0.7/32"));
    assertThat(annotation("web", "podIP")).isEqualTo("10.244.0.7/32");
    assertThat(annotation("web", "containerID")).isEqualTo("c1");
    await(() -> condition("n1").path("status").asText().equals("False"));
    assertThat(condition("n1").path("reason").asText()).isEqualTo("OcicatIsReady");
    await(() -> !taints("n1").contains("network-unavailable"));
    assertThat(taints("n1")).contains("mine");
    assertThat(taints("n2")).contains("network-unavailable");
    assertThat(admin.get("/api/v1/nodes/n1").at("/metadata/annotations").toString())
        .contains("\"projectcalico.org/IPv4Address\":\"192.0.2.1/32\"");

    agent.client.endpointDown(new EndpointKey("c1", "eth0"));
    await(() -> annotation("web", "podIPs").isEmpty());
    first.close();
    await(() -> second.served().isPresent());
    try (TestAgent again = agent("n1", second.served().orElseThrow())) {
      again.awaitConnected();
      again.await(
          "its block",
          table -> table.items().keySet().stream().anyMatch(k -> k.kind() == ItemKey.Kind.BLOCK));
    } finally {
      agent.close();
    }
  }

  @Test
  void passwordsReachAgentsAndTheirAnswersTheServer() throws Exception {
    secret(Verb.POST, "/secrets", "b2xk");
    send(
        Verb.POST,
        "/apis/projectcalico.org/v3/bgppeers",
        json(
            """
            {"apiVersion": "projectcalico.org/v3", "kind": "BGPPeer", "metadata": {"name": "rack"},
             "spec": {"node": "n2", "peerIP": "192.0.2.9",
               "password": {"secretKeyRef": {"name": "bgp-passwords", "key": "rack"}}}}
            """));
    KubernetesController replica = replica("controller-g", ClusterSide.Blocks.LEASED);
    await(() -> replica.served().isPresent());
    try (TestAgent agent = agent("n2", replica.served().orElseThrow())) {
      ItemKey key = new ItemKey(ItemKey.Kind.PASSWORD, "", "bgp-passwords/rack");
      agent.await("the password", table -> table.items().containsKey(key));
      assertThat(agent.table.items().get(key))
          .isEqualTo(new SyncItem.Password("bgp-passwords", "rack", "old"));
      secret(Verb.MERGE_PATCH, "/secrets/bgp-passwords", "bmV3");
      agent.await(
          "the new password",
          table ->
              new SyncItem.Password("bgp-passwords", "rack", "new").equals(table.items().get(key)));
      ObjectNode status =
          send(
              Verb.POST,
              "/apis/projectcalico.org/v3/caliconodestatuses",
              json(
                  """
                  {"apiVersion": "projectcalico.org/v3", "kind": "CalicoNodeStatus",
                   "metadata": {"name": "n2"},
                   "spec": {"node": "n2", "classes": ["Agent"], "updatePeriodSeconds": 10}}
                  """));
      agent.await(
          "the question",
          table -> table.items().containsKey(new ItemKey(ItemKey.Kind.STATUS_REQUEST, "", "n2")));
      agent.client.tell(
          new Notice.Routed("n2", status.at("/metadata/uid").asText(), NodeRouting.SILENT));
      await(
          () ->
              admin
                  .get("/apis/projectcalico.org/v3/caliconodestatuses/n2")
                  .at("/status/agent/birdV4/state")
                  .asText()
                  .equals("NotReady"));
    }
  }

  private static void secret(Verb verb, String path, String data) throws Exception {
    ObjectNode _ =
        send(
            verb,
            "/api/v1/namespaces/" + NAMESPACE + path,
            json(
                """
                {"metadata": {"name": "bgp-passwords"}, "data": {"rack": "%s", "other": "eA=="}}
                """
                    .formatted(data)));
  }

  @Test
  void agentsHearOfEachOtherWhileTheApiServerIsAway() throws Exception {
    KubernetesController replica = replica("controller-c", ClusterSide.Blocks.LEASED);
    await(() -> replica.served().isPresent());
    InetSocketAddress address = replica.served().orElseThrow();
    pod("shop", "api", "n1", "other");
    ObjectNode policy =
        json(
            """
            {"metadata": {"name": "from-api", "namespace": "shop"},
             "spec": {"podSelector": {}, "ingress": [
               {"from": [{"podSelector": {"matchLabels": {"app": "api"}}}]}]}}
            """);
    send(Verb.POST, "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies", policy);
    String group =
        PolicyCompiler.groupsOf(PolicySpecs.from(NetworkPolicy.read(policy)))
            .iterator()
            .next()
            .id()
            .value();
    try (TestAgent one = agent("n1", address);
        TestAgent two = agent("n2", address)) {
      two.client.subscribe(Set.of(group));
      one.client.endpointUp(TestAgent.endpoint("c1", "shop", "api", "10.244.1.1"));
      two.awaitMembers(group, "10.244.1.1");
      cluster.stopServer();
      try {
        Thread.sleep(LEASE_IS_OVERDUE);
        one.client.endpointDown(new EndpointKey("c1", "eth0"));
        one.client.endpointUp(TestAgent.endpoint("c2", "shop", "api", "10.244.1.2"));
        two.awaitMembers(group, "10.244.1.2");
        assertThat(one.client.resolvePod(new PodName("shop", "api"), "", Duration.ofSeconds(5)))
            .isInstanceOf(PodAnswer.Found.class);
        assertThat(replica.isReady()).isTrue();
        assertThat(replica.served()).contains(address);
      } finally {
        cluster.startServer();
      }
      await(() -> annotation("api", "podIPs").equals("10.244.1.2/32"));
      assertThat(replica.served()).contains(address);
      assertThat(two.client.connected()).isTrue();
    }
  }

  @Test
  void nodesHaveTheirPodCidrsAndNothingIsWrittenAboutIt() throws Exception {
    KubernetesController replica = replica("controller-d", ClusterSide.Blocks.POD_CIDRS);
    await(() -> replica.served().isPresent());
    try (TestAgent agent = agent("n2", replica.served().orElseThrow())) {
      agent.await(
          "the podCIDRs",
          table ->
              table
                  .items()
                  .keySet()
                  .containsAll(
                      List.of(
                          new ItemKey(ItemKey.Kind.BLOCK, "", "10.244.1.0/24"),
                          new ItemKey(ItemKey.Kind.BLOCK, "", "10.244.2.0/24"))));
      assertThat(
              agent.client.requestBlock(
                  new BlockRequest(IpFamily.IPV4, List.of()), Duration.ofSeconds(5)))
          .isEqualTo(new BlockAnswer.PoolExhausted(List.of("pool")));
      assertThat(
              agent.client.requestBlock(
                  new BlockRequest(IpFamily.IPV6, List.of()), Duration.ofSeconds(5)))
          .isInstanceOf(BlockAnswer.NoPoolForNode.class);
    }
  }

  @Test
  void tellsOnPodsAndNodesWhatIsWrong() throws Exception {
    KubernetesController replica = replica("controller-e", ClusterSide.Blocks.LEASED);
    await(() -> replica.served().isPresent());
    ObjectNode pod = pod("shop", "starved", "n2", "default");
    String uid = pod.at("/metadata/uid").asText();
    PodName name = new PodName("shop", "starved");
    TestAgent agent = agent("n2", replica.served().orElseThrow());
    try (agent) {
      agent.awaitConnected();
      agent.client.report(
          new NodeReport(List.of(), Map.of(), false, Map.of(), List.of("the kernel says no")));
      agent.client.report(new PodTrouble(name, "another", PodTrouble.NO_POOL, "of a dead pod"));
      agent.client.report(new PodTrouble(name, uid, PodTrouble.POOL_EXHAUSTED, "add an IPPool"));
      agent.client.report(new PodTrouble(name, uid, PodTrouble.POOL_EXHAUSTED, "add an IPPool"));
      await(() -> !eventsAbout(uid).isEmpty());
      JsonNode event = eventsAbout(uid).get(0);
      assertThat(event.path("reason").asText()).isEqualTo("AddressPoolExhausted");
      assertThat(event.path("message").asText()).isEqualTo("node n2: add an IPPool");
      assertThat(event.path("type").asText()).isEqualTo("Warning");
      assertThat(event.path("reportingComponent").asText()).isEqualTo("ocicat-controller");
      assertThat(event.at("/involvedObject/uid").asText()).isEqualTo(uid);
      await(() -> condition("n2").path("message").asText().equals("the kernel says no"));
      await(() -> notReady().contains("n2: the kernel says no"));
    }
    assertThat(eventsAbout(uid))
        .extracting(event -> event.path("reason").asText())
        .doesNotContain("NoAddressPool")
        .containsOnlyOnce("AddressPoolExhausted");
    await(() -> condition("n2").path("reason").asText().equals("OcicatAgentIsAway"));
    assertThat(condition("n2").path("status").asText()).isEqualTo("True");
  }

  @Test
  void tellsOnPodsWhatPolicyDeniedAndAsksNodesHowTheyEnforceIt() throws Exception {
    KubernetesController replica = replica("controller-f", ClusterSide.Blocks.LEASED);
    await(() -> replica.served().isPresent());
    ObjectNode pod = pod("shop", "denying", "n2", "default");
    String uid = pod.at("/metadata/uid").asText();
    PolicyRef policy = new PolicyRef("NetworkPolicy", "shop", "db");
    TestAgent agent = agent("n2", replica.served().orElseThrow());
    try (agent) {
      agent.awaitConnected();
      LoggedFlow flow =
          new LoggedFlow(
              new PodName("shop", "denying"),
              uid,
              IpAddress.parse("192.0.2.99"),
              6,
              5432,
              new LoggedFlow.Decision("deny", "ingress", "default", List.of(policy), ""),
              1,
              1_700_000_000_000L);
      agent.client.tell(new Notice.Logged(List.of(flow), 0));
      await(() -> !eventsAbout(uid).isEmpty());
      agent.client.tell(new Notice.Logged(List.of(flow), 0));
      await(() -> eventsAbout(uid).get(0).path("count").asInt() == 2);
      JsonNode event = eventsAbout(uid).get(0);
      assertThat(event.path("reason").asText()).isEqualTo("PolicyDenied");
      assertThat(event.at("/metadata/annotations").path("ocicat.io/drop").asText())
          .contains("\"port\":5432", "192.0.2.99", "\"packets\":2");

      send(
          Verb.POST,
          "/apis/ocicat.io/v1/policyinspections",
          json(
              """
              {"apiVersion": "ocicat.io/v1", "kind": "PolicyInspection", "metadata": {"name": "i"},
               "spec": {"nodes": ["n2"], "policies": [{"kind": "NetworkPolicy", "namespace": "shop", "name": "db"}]}}
              """));
      ItemKey key = new ItemKey(ItemKey.Kind.INSPECTION, "", "i");
      agent.await("the question", table -> table.items().containsKey(key));
      assertThat(agent.table.items().get(key))
          .isInstanceOfSatisfying(
              SyncItem.Inspection.class,
              asked ->
                  agent.client.tell(
                      new Notice.Inspected(
                          asked.uid(),
                          3,
                          List.of("missing rule"),
                          1,
                          0,
                          List.of(),
                          List.of(new Notice.RuleCount(policy, "ingress", "", 4, 240)))));
      await(() -> inspection().path("phase").asText().equals("Complete"));
      JsonNode node = inspection().at("/nodes/0");
      assertThat(node.path("name").asText()).isEqualTo("n2");
      assertThat(node.path("verified").asBoolean()).isFalse();
      assertThat(node.at("/differences/0").asText()).isEqualTo("missing rule");
      assertThat(node.at("/counters/0/packets").asLong()).isEqualTo(4);
    }
  }

  private static JsonNode inspection() throws ApiException, InterruptedException {
    return admin.get("/apis/ocicat.io/v1/policyinspections/i").path("status");
  }

  private static JsonNode eventsAbout(String uid) throws ApiException, InterruptedException {
    return admin
        .get("/api/v1/namespaces/shop/events?fieldSelector=involvedObject.uid%3D" + uid)
        .path("items");
  }

  private static String notReady() throws ApiException, InterruptedException {
    try {
      return admin
          .get("/apis/ocicat.io/v1/ocicatstatuses/cluster")
          .at("/status/conditions/0/message")
          .asText();
    } catch (ApiException e) {
      return "";
    }
  }

  private static String annotation(String pod, String name)
      throws ApiException, InterruptedException {
    return admin
        .get("/api/v1/namespaces/shop/pods/" + pod)
        .path("metadata")
        .path("annotations")
        .path("cni.projectcalico.org/" + name)
        .asText();
  }

  private static String taints(String node) throws ApiException, InterruptedException {
    return admin.get("/api/v1/nodes/" + node).path("spec").path("taints").toString();
  }

  private static JsonNode condition(String node) throws ApiException, InterruptedException {
    for (JsonNode each : admin.get("/api/v1/nodes/" + node).at("/status/conditions")) {
      if (each.path("type").asText().equals("NetworkUnavailable")) {
        return each;
      }
    }
    return JSON.createObjectNode();
  }
}
