package io.ocicat.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.TestCommandLine;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.Documents;
import io.ocicat.client.Kubeconfig;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ocicat explain} with a real API server: its own kinds, and Calico's as definitions. */
@Timeout(180)
final class ExplainKubernetesIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String LIMITED = "limited-token";

  /** What a person sees who may read pods and Kubernetes' own policies alone. */
  private static final String RIGHTS =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: limited}
      rules:
      - {apiGroups: [""], resources: [pods, namespaces, serviceaccounts], verbs: [get, list]}
      - {apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [list]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: limited}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: limited}
      subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: limited}]
      """;

  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: other, labels: {team: blue}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: front, namespace: shop}
      spec: {clusterIP: 10.96.0.80, selector: {app: web}, ports: [{name: main, port: 80, targetPort: 8080}]}
      ---
      apiVersion: discovery.k8s.io/v1beta1
      kind: EndpointSlice
      metadata: {name: front-1, namespace: shop, labels: {kubernetes.io/service-name: front}}
      addressType: IPv4
      endpoints:
      - {addresses: [10.244.0.2], targetRef: {kind: Pod, namespace: shop, name: web}}
      - {addresses: [10.244.0.3], targetRef: {kind: Pod, namespace: shop, name: spare}}
      ports: [{name: main, port: 8080, protocol: TCP}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress]
        ingress:
        - from: [{namespaceSelector: {matchLabels: {team: blue}}}]
          ports: [{port: http}]
      """;

  private static final String OF_CALICO =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: BlockAffinity
      metadata: {name: fd00-244--122}
      spec: {cidr: "fd00:244::/122", node: n1, state: confirmed, type: host, deleted: false}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool-6}
      spec: {cidr: "fd00:244::/64"}
      ---
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata: {name: security}
      spec: {order: 100}
      ---
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkPolicy
      metadata: {name: security.web}
      spec:
        tier: security
        selector: app == 'web'
        types: [Ingress]
        ingress:
        - {action: Deny, protocol: TCP, source: {nets: [192.0.2.0/24]}}
        - {action: Pass}
      """;

  @TempDir private static Path directory = Path.of("");
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static Path kubeconfig = Path.of("");
  private static Path limited = Path.of("");

  @BeforeAll
  static void start() throws Exception {
    Optional<String> reason = RealApiServer.whyNone();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    RealApiServer cluster =
        RealApiServer.start(
            List.of(new RealApiServer.User(LIMITED, "limited", List.of())), List.of());
    OPEN.add(cluster);
    kubeconfig = cluster.kubeconfig(cluster.adminToken());
    limited = cluster.kubeconfig(LIMITED);
    try (ApiClient api = new ApiClient(Kubeconfig.read(List.of(kubeconfig)))) {
      for (ResourceKind kind : CustomResourceDefinitions.kinds()) {
        create(
            api,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            CustomResourceDefinitions.of(kind, CustomResourceDefinitions.Rules.LEFT_OUT));
      }
      create(api, CLUSTER);
      create(api, RIGHTS);
      awaitServed(api, "tiers");
      create(api, OF_CALICO);
      pod(api, "shop", "client", "10.244.0.1", "fd00:244::1");
      pod(api, "shop", "web", "10.244.0.2", "fd00:244::2");
      pod(api, "shop", "spare", "10.244.0.3", "fd00:244::3");
      pod(api, "other", "guest", "10.244.0.4", "fd00:244::4");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : OPEN.reversed()) {
      each.close();
    }
  }

  private static void awaitServed(ApiClient api, String plural) throws InterruptedException {
    long endNs = System.nanoTime() + SOON.toNanos();
    while (true) {
      try {
        JsonNode _ =
            api.read(
                new ApiClient.Attempt("list " + plural, "/apis/projectcalico.org/v3/" + plural));
        return;
      } catch (ApiException e) {
        assertThat(System.nanoTime()).as("%s are served", plural).isLessThan(endNs);
        Thread.sleep(100);
      }
    }
  }

  private static void create(ApiClient api, String yaml) {
    for (Documents.Document document : Documents.read("test", yaml).documents()) {
      JsonNode content = document.content();
      String version = content.path("apiVersion").asText();
      String namespace = content.at("/metadata/namespace").asText("");
      String kind = content.path("kind").asText().toLowerCase(Locale.ROOT);
      String plural =
          kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
      create(
          api,
          (version.contains("/") ? "/apis/" : "/api/")
              + version
              + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
              + "/"
              + plural,
          content);
    }
  }

  private static void create(ApiClient api, String path, JsonNode document) {
    long endNs = System.nanoTime() + SOON.toNanos();
    while (true) {
      try {
        JsonNode _ = api.create(new ApiClient.Attempt("create at " + path, path), document);
        return;
      } catch (ApiException e) {
        // A kind that has been defined is served a little later.
        if (!e.notFound() || System.nanoTime() > endNs) {
          throw e;
        }
      }
    }
  }

  private static void pod(ApiClient api, String namespace, String name, String four, String six) {
    String path = "/api/v1/namespaces/" + namespace + "/pods";
    ObjectNode document =
        (ObjectNode)
            Documents.read(
                    "test",
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: %1$s, labels: {app: %1$s}}
                    spec: {nodeName: n1, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
                    """
                        .formatted(name))
                .documents()
                .getFirst()
                .content();
    ObjectNode created =
        (ObjectNode) api.create(new ApiClient.Attempt("create pod " + name, path), document);
    ObjectNode status = created.putObject("status").put("phase", "Running").put("podIP", four);
    status.putArray("podIPs").addObject().put("ip", four);
    status.withArray("/podIPs").addObject().put("ip", six);
    JsonNode _ =
        api.replace(
            new ApiClient.Attempt("tell of pod " + name, path + "/" + name + "/status"), created);
  }

  private static JsonNode explain(String from, String to, int port, String... more)
      throws IOException {
    return explain(kubeconfig, from, to, port, more);
  }

  private static JsonNode explain(Path config, String from, String to, int port, String... more)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("explain", "--kubeconfig", config.toString()));
    words.addAll(List.of("--from", from, "--to", to, "--port", String.valueOf(port)));
    words.addAll(List.of("-o", "json"));
    words.addAll(List.of(more));
    TestCommandLine.Ran ran = TestCommandLine.run(words);
    assertThat(ran.status()).as(ran.err()).isZero();
    return new ObjectMapper().readTree(ran.out());
  }

  private static String decision(JsonNode answer) {
    JsonNode by = answer.path("decidedBy");
    return "%s: %s %s%s, %s in tier %s"
        .formatted(
            answer.path("verdict").asText(),
            by.path("kind").asText(),
            by.path("namespace").asText().isEmpty() ? "" : by.path("namespace").asText() + "/",
            by.path("name").asText(),
            by.path("rule").asText(),
            by.path("tier").asText());
  }

  @Test
  void tellsThePoliciesOfKubernetesAndCalicoThatDecide() throws IOException {
    assertThat(decision(explain("other/guest", "shop/web", 8080)))
        .isEqualTo("allow: NetworkPolicy shop/web, spec.ingress[0].from[0] in tier default");
    assertThat(decision(explain("shop/client", "shop/web", 8080)))
        .isEqualTo("deny: NetworkPolicy shop/web, default deny in tier default");
    assertThat(decision(explain("192.0.2.1", "shop/web", 8080)))
        .isEqualTo("deny: GlobalNetworkPolicy security.web, spec.ingress[0] in tier security");
  }

  @Test
  void tellsWhatWouldBe() throws IOException {
    Path change =
        Files.writeString(
            directory.resolve("change.yaml"),
            """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: security.first}
            spec:
              tier: security
              order: 1
              selector: app == 'web'
              types: [Ingress]
              ingress: [{action: Allow, source: {selector: app == 'client'}}]
            """);
    JsonNode answer = explain("shop/client", "shop/web", 8080, "-f", change.toString());
    assertThat(decision(answer))
        .isEqualTo("allow: GlobalNetworkPolicy security.first, spec.ingress[0] in tier security");
    assertThat(decision(answer.path("now")))
        .isEqualTo("deny: NetworkPolicy shop/web, default deny in tier default");
    Path fix =
        Files.writeString(
            directory.resolve("fix.json"),
            explain("shop/client", "shop/web", 8080).at("/fix/manifest").toString());
    assertThat(explain("shop/client", "shop/web", 8080, "-f", fix.toString()).path("verdict"))
        .hasToString("\"allow\"");
  }

  @Test
  void findsPodsByEitherAddress() throws IOException {
    JsonNode four = explain("10.244.0.4", "10.244.0.2", 8080);
    assertThat(four.at("/flow/to/name").asText()).isEqualTo("shop/web");
    assertThat(four.at("/flow/from/name").asText()).isEqualTo("other/guest");
    JsonNode six = explain("fd00:244::1", "fd00:244::2", 8080);
    assertThat(six.at("/flow/to/name").asText()).isEqualTo("shop/web");
    assertThat(decision(six))
        .isEqualTo("deny: NetworkPolicy shop/web, default deny in tier default");
    assertThat(explain("fd00:244::1", "fd00:244::3", 8080).path("verdict"))
        .hasToString("\"allow\"");
  }

  @Test
  void followsAServiceToItsBackends() throws IOException {
    for (String to : List.of("10.96.0.80", "svc:shop/front")) {
      JsonNode answer = explain("shop/client", to, 80);
      assertThat(decision(answer))
          .isEqualTo("deny: NetworkPolicy shop/web, default deny in tier default");
      assertThat(answer.at("/flow/port").asInt()).isEqualTo(8080);
      assertThat(answer.path("backends"))
          .map(each -> each.at("/to/name").asText() + " " + each.path("verdict").asText())
          .containsExactly("shop/web deny", "shop/spare allow");
    }
    assertThat(explain("other/guest", "10.96.0.80", 80).path("verdict")).hasToString("\"allow\"");
    TestCommandLine.Ran refused =
        TestCommandLine.run(
            List.of(
                "explain",
                "--kubeconfig=" + kubeconfig,
                "--from=shop/client",
                "--to=svc:shop/front",
                "--port=81"));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("Service shop/front", "no such port, but TCP 80");
  }

  @Test
  void saysWhatAPersonMayNotRead() throws IOException {
    JsonNode answer = explain(limited, "shop/client", "shop/web", 8080);
    assertThat(decision(answer))
        .isEqualTo("deny: NetworkPolicy shop/web, default deny in tier default");
    assertThat(answer.path("notes"))
        .map(JsonNode::asText)
        .contains(
            "GlobalNetworkPolicy of projectcalico.org/v3 are left out: the server does not serve them, or not to you");
  }
}
