package io.ocicat.controller.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.Kubectl.Outcome;
import io.ocicat.controller.api.patch.Patch;
import io.ocicat.model.Kinds;
import io.ocicat.store.Store;
import io.ocicat.store.memory.MemoryStore;
import io.ocicat.store.sqlite.Retention;
import io.ocicat.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kubectl at hand, against every store. */
@ParameterizedClass(name = "{0} on {1}")
@MethodSource("settings")
class KubectlIT {

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: default, labels: {tier: front}}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: client}}}]
          ports: [{port: 80, protocol: TCP}]
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, namespace: default, labels: {app: web}}
      spec:
        nodeName: node-1
        containers:
        - {name: server, image: httpd, ports: [{containerPort: 80, name: http}]}
        - {name: side, image: logger}
      """;

  private static final String POOL =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: main}
      spec: {cidr: 10.244.0.0/16, blockSize: 26, natOutgoing: true}
      """;

  private static final String ALL = POLICY + "---\n" + POD + "---\n" + POOL;

  private final Path program;
  private final StoreKind store;

  @TempDir Path directory;
  private ApiFixture api;
  private Kubectl kubectl;

  KubectlIT(Path program, StoreKind store) {
    this.program = program;
    this.store = store;
  }

  enum StoreKind {
    MEMORY,
    SQLITE;

    private Store open(Path directory) {
      return switch (this) {
        case MEMORY -> new MemoryStore();
        case SQLITE ->
            SqliteStore.open(
                directory.resolve("store.db"), Retention.DEFAULT, InstantSource.system());
      };
    }
  }

  static Stream<Arguments> settings() {
    return Kubectl.programs().stream()
        .flatMap(
            program -> Stream.of(StoreKind.values()).map(store -> Arguments.of(program, store)));
  }

  @BeforeEach
  void start() throws IOException {
    api = new ApiFixture(directory, store.open(directory));
    Path home = Files.createDirectory(directory.resolve("home"));
    kubectl = new Kubectl(program, home, api.kubeconfig());
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private String ok(String... arguments) {
    return ok(kubectl.run(arguments), arguments);
  }

  private String apply(String documents) {
    return ok(kubectl.feed(documents, "apply", "-f", "-"), "apply");
  }

  private static String ok(Outcome outcome, String... arguments) {
    assertThat(outcome.exitStatus())
        .as("kubectl %s: %s", List.of(arguments), outcome.errors())
        .isZero();
    return outcome.output();
  }

  private static String refused(Outcome outcome) {
    assertThat(outcome.exitStatus()).as(outcome.output()).isEqualTo(1);
    return outcome.errors();
  }

  @Test
  void appliesWhatIsNewWhatIsChangedAndWhatIsNot() {
    assertThat(apply(ALL).lines())
        .containsExactly(
            "networkpolicy.networking.k8s.io/web created",
            "pod/web-1 created",
            "ippool.projectcalico.org/main created");
    assertThat(apply(ALL).lines()).allMatch(line -> line.endsWith(" unchanged"));
    assertThat(apply(POLICY.replace("80", "81")))
        .isEqualTo("networkpolicy.networking.k8s.io/web configured\n");
    assertThat(ok("get", "netpol", "web", "-o", "jsonpath={.spec.ingress[0].ports[0].port}"))
        .isEqualTo("81");
    assertThat(apply(POD.replace("httpd", "nginx"))).isEqualTo("pod/web-1 configured\n");
    assertThat(ok("get", "pod", "web-1", "-o", "jsonpath={.spec.containers[*].image}"))
        .isEqualTo("nginx logger");
  }

  @Test
  void appliesTheExamplesOfPolicies() throws IOException {
    for (String name : List.of("calico-policies.yaml", "cluster-network-policies.yaml")) {
      String examples = Files.readString(repository().resolve("docs/examples").resolve(name));
      Outcome first = kubectl.feed(examples, "apply", "-f", "-");
      ok(first, "apply", name);
      assertThat(first.output().lines()).allMatch(line -> line.endsWith(" created"));
      assertThat(apply(examples).lines()).allMatch(line -> line.endsWith(" unchanged"));
    }
    assertThat(ok("get", "netpol", "-o", "name")).isEmpty();
    assertThat(ok("get", "networkpolicies.projectcalico.org", "-o", "name").lines())
        .containsExactly(
            "networkpolicy.projectcalico.org/orders",
            "networkpolicy.projectcalico.org/pings",
            "networkpolicy.projectcalico.org/reads-only");
    for (String word : List.of("caliconetworkpolicy", "cnp")) {
      assertThat(ok("get", word, "-o", "name").lines()).as(word).hasSize(3);
    }
    assertThat(ok("get", "gnp")).contains("TIER", "ORDER", "SELECTOR", "platform.names");
    assertThat(ok("get", "tiers")).contains("kube-admin", "1000000", "kube-baseline", "Pass");
    assertThat(ok("explain", "gnp.spec.doNotTrack")).contains("connection tracking");
    assertThat(refused(kubectl.run("delete", "tier", "default"))).contains("may not be deleted");
    assertThat(refused(kubectl.run("delete", "tier", "platform"))).contains("policies are in it");
  }

  private static Path repository() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory.getParent() != null && !Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  @Test
  void printsTablesDocumentsAndNames() {
    apply(ALL);
    assertThat(ok("get", "pods").lines().toList())
        .satisfiesExactly(
            header -> assertThat(header).matches("NAME +READY +STATUS +RESTARTS +AGE"),
            row -> assertThat(row).matches("web-1 +0/2 +Pending +0 +\\d+s"));
    assertThat(ok("get", "pods", "-o", "wide", "--show-labels", "-A"))
        .contains("NAMESPACE", "NODE", "node-1", "LABELS", "app=web");
    assertThat(ok("get", "netpol", "-o", "wide")).contains("POD-SELECTOR", "app=web");
    assertThat(ok("get", "ippools")).contains("10.244.0.0/16");
    assertThat(ok("get", "po,netpol", "-o", "name").lines())
        .containsExactly("pod/web-1", "networkpolicy.networking.k8s.io/web");
    assertThat(ok("get", "pod", "web-1", "-o", "yaml")).contains("  nodeName: node-1\n");
    assertThat(ok("get", "pods", "-o", "json")).contains("\"kind\": \"Pod\"");
    assertThat(ok("get", "netpol", "--sort-by=.metadata.name")).contains("web");
    assertThat(ok("get", "ns", "-o", "name").lines())
        .containsExactly("namespace/default", "namespace/kube-system");
  }

  @Test
  void selectsByLabelsFieldsAndPages() {
    for (int i = 0; i < 5; i++) {
      ok("run", "p" + i, "--image=x", "--labels=odd=" + i % 2 + ",n=" + i);
    }
    assertThat(ok("get", "pods", "-l", "odd=1", "-o", "name").lines())
        .containsExactly("pod/p1", "pod/p3");
    assertThat(ok("get", "pods", "-l", "odd=0,n notin (0,4)", "-o", "name").lines())
        .containsExactly("pod/p2");
    assertThat(ok("get", "pods", "--field-selector", "metadata.name!=p2", "-o", "name").lines())
        .hasSize(4);
    assertThat(ok("get", "pods", "--chunk-size=2", "-o", "name").lines()).hasSize(5);
    assertThat(ok("get", "pods", "--chunk-size=1", "-l", "odd=0").lines()).hasSize(4);
    assertThat(refused(kubectl.run("get", "pods", "-l", "a in ("))).contains("a in (");
  }

  @Test
  void appliesOnTheServerSide() {
    String[] apply = {"apply", "--server-side", "-f", "-"};
    assertThat(ok(kubectl.feed(POD, apply))).isEqualTo("pod/web-1 serverside-applied\n");
    assertThat(ok(kubectl.feed(POD.replace("httpd", "nginx"), apply)))
        .isEqualTo("pod/web-1 serverside-applied\n");
    ok("label", "pod", "web-1", "app=other", "--overwrite");
    assertThat(refused(kubectl.feed(POD, apply)))
        .contains("Apply failed with 1 conflict", ".metadata.labels.app");
    ok(kubectl.feed(POD, "apply", "--server-side", "--force-conflicts", "-f", "-"));
    assertThat(
            ok(
                "get",
                "pod",
                "web-1",
                "-o",
                "jsonpath={.metadata.labels.app} {.spec.containers[0].image}"))
        .isEqualTo("web httpd");
  }

  @Test
  void labelsAnnotatesAndPatches() {
    apply(POD);
    assertThat(ok("label", "pod", "web-1", "tier=front")).contains("labeled");
    assertThat(refused(kubectl.run("label", "pod", "web-1", "tier=back"))).contains("--overwrite");
    ok("annotate", "pod", "web-1", "note=x");
    ok("patch", "pod", "web-1", "--type=merge", "-p", "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}");
    ok(
        "patch",
        "pod",
        "web-1",
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/metadata/labels/b\",\"value\":\"2\"}]");
    ok(
        "patch",
        "pod",
        "web-1",
        "-p",
        "{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"other\"}]}}");
    assertThat(
            ok(
                "get",
                "pod",
                "web-1",
                "-o",
                "jsonpath={.metadata.labels} {.metadata.annotations.note} {.spec.containers[*].image}"))
        .contains("\"a\":\"1\"", "\"b\":\"2\"", "\"tier\":\"front\"")
        .endsWith(" x httpd other");
    assertThat(ok("patch", "pod", "web-1", "-p", "{}")).contains("no change");
    assertThat(
            refused(
                kubectl.run(
                    "patch",
                    "pod",
                    "web-1",
                    "--type=json",
                    "-p",
                    "[{\"op\":\"remove\",\"path\":\"/nowhere\"}]")))
        .contains("/nowhere");
  }

  @Test
  void replacesAndRefusesWhatIsStale() {
    apply(POLICY);
    String old = ok("get", "netpol", "web", "-o", "json");
    ok("label", "netpol", "web", "x=y");
    assertThat(refused(kubectl.feed(old, "replace", "-f", "-")))
        .contains("Conflict", "the object has been modified");
    String fresh = ok("get", "netpol", "web", "-o", "json").replace("\"port\": 80", "\"port\": 90");
    assertThat(ok(kubectl.feed(fresh, "replace", "-f", "-"))).contains("replaced");
    assertThat(ok("get", "netpol", "web", "-o", "jsonpath={.spec.ingress[0].ports[0].port}"))
        .isEqualTo("90");
  }

  @Test
  void deletesAndWaitsUntilItIsGone() {
    apply(ALL);
    assertThat(ok(kubectl.feed(ALL, "delete", "-f", "-")).lines()).hasSize(3);
    assertThat(refused(kubectl.run("get", "pod", "web-1"))).contains("pods \"web-1\" not found");
    assertThat(refused(kubectl.run("delete", "pod", "web-1"))).contains("NotFound");
    apply(POD);
    ok("delete", "pods", "--all");
    assertThat(kubectl.run("get", "pods").errors()).contains("No resources found");
  }

  @Test
  void aNamespaceGoesWithItsContent() {
    ok("create", "namespace", "team");
    assertThat(ok("get", "ns", "team", "-o", "jsonpath={.metadata.labels}"))
        .contains("\"kubernetes.io/metadata.name\":\"team\"");
    ok("-n", "team", "create", "serviceaccount", "bot");
    ok("-n", "team", "run", "p", "--image=x");
    assertThat(refused(kubectl.run("-n", "none", "create", "serviceaccount", "bot")))
        .contains("namespaces \"none\" not found");
    ok("delete", "namespace", "team");
    assertThat(ok("get", "pods,sa", "-A", "-o", "name")).isEmpty();
    assertThat(refused(kubectl.run("delete", "namespace", "default"))).contains("Forbidden");
  }

  @Test
  void describesEveryKind() {
    apply(ALL);
    assertThat(ok("describe", "pod", "web-1")).contains("Node:", "httpd", "Events:");
    assertThat(ok("describe", "netpol", "web"))
        .contains("PodSelector:     app=web", "To Port: 80/TCP", "PodSelector: app=client");
    assertThat(ok("describe", "ns", "default")).contains("Active");
    assertThat(ok("describe", "ippool", "main")).contains("10.244.0.0/16");
    ok(kubectl.feed("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}", "apply", "-f", "-"));
    assertThat(ok("describe", "node", "node-1")).contains("Name:");
    ok("create", "serviceaccount", "bot");
    assertThat(ok("describe", "sa", "bot")).contains("bot");
  }

  @Test
  void explainsWhatThereIs() {
    assertThat(ok("api-resources").lines())
        .anyMatch(line -> line.matches("networkpolicies +netpol +networking.k8s.io/v1 +true.*"))
        .anyMatch(line -> line.matches("pods +po +v1 +true +Pod"));
    assertThat(ok("api-versions").lines()).contains("v1", "networking.k8s.io/v1");
    assertThat(ok("explain", "netpol.spec.ingress.ports")).contains("endPort", "protocol");
    assertThat(ok("explain", "ippool.spec")).contains("blockSize", "natOutgoing");
    assertThat(ok("explain", "pod", "--recursive")).contains("containerPort");
    assertThat(ok("get", "--raw", "/ocicat/v1/status")).isEqualTo("{\"ready\":true}");
    assertThat(ok("version")).contains("Server Version");
    assertThat(ok("auth", "can-i", "create", "pods")).contains("yes");
  }

  @Test
  void tellsAllProblemsOfADocumentAtOnce() {
    String bad =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: bad, namespace: default}
        spec:
          podSelector: {}
          ingress:
          - from: [{ipBlock: {cidr: 10.0.0.300/8}}]
            ports: [{port: 70000, protocol: TCPP}]
        """;
    assertThat(refused(kubectl.feed(bad, "apply", "-f", "-")))
        .contains(
            "spec.ingress[0].from[0].ipBlock.cidr",
            "spec.ingress[0].ports[0].port",
            "spec.ingress[0].ports[0].protocol",
            "did you mean \"TCP\"?");
  }

  @Test
  void ofManyDocumentsRefusesTheBadOnesWithAllTheirErrorsAndTakesTheOthers() {
    String many =
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: first}
        spec: {selector: app == 'a'}
        ---
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: worse, namespace: default}
        spec:
          selector: app = 'web'
          ingress:
          - action: Permit
            protocol: TCP
            source: {nets: [10.0.0.0/33], ports: ["90:80"]}
          - action: Allow
            protocol: ICMP
            icmp: {type: 300}
            destination: {ports: [80]}
        ---
        apiVersion: projectcalico.org/v3
        kind: Tier
        metadata: {name: middle}
        spec: {defaultAction: Maybe}
        ---
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkSet
        metadata: {name: last}
        spec: {nets: [10.0.0.0/8]}
        """;
    Outcome outcome = kubectl.feed(many, "apply", "-f", "-");
    assertThat(outcome.output().lines())
        .containsExactly(
            "globalnetworkpolicy.projectcalico.org/first created",
            "globalnetworkset.projectcalico.org/last created");
    assertThat(refused(outcome))
        .contains(
            "spec.selector",
            "did you mean '=='?",
            "spec.ingress[0].action",
            "spec.ingress[0].source.nets[0]",
            "spec.ingress[0].source.ports[0]",
            "spec.ingress[1].icmp.type",
            "spec.ingress[1].destination.ports",
            "spec.defaultAction");
    assertThat(ok("get", "networkpolicies.projectcalico.org", "-A", "-o", "name")).isEmpty();
    assertThat(ok("get", "tiers", "-o", "name")).doesNotContain("middle");
  }

  @Test
  void aBadChangeLeavesWhatIsThereAsItWas() {
    String good =
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: first}
        spec: {selector: app == 'a', order: 5}
        """;
    apply(good);
    String before = ok("get", "gnp", "first", "-o", "jsonpath={.spec}{.metadata.resourceVersion}");
    String bad = good.replace("order: 5", "order: 6, ingress: [{action: Alow}]");
    assertThat(refused(kubectl.feed(bad, "apply", "-f", "-")))
        .contains("spec.ingress[0].action", "did you mean \"Allow\"?");
    assertThat(ok("get", "gnp", "first", "-o", "jsonpath={.spec}{.metadata.resourceVersion}"))
        .isEqualTo(before);
  }

  @Test
  void guessesWhatAMisspeltFieldWasToBe() throws IOException {
    String misspelt = POLICY.replace("podSelector: {matchLabels: {app: web}}", "podSelctor: {}");
    assertThat(refused(kubectl.feed(misspelt, "apply", "-f", "-")))
        .contains("unknown field")
        .contains("podSelctor");
    Path file =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"metadata": {"name": "web"}, "spec": {"podSelctor": {}, "policyTypes": ["Ingres"]}}
            """);
    String path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
    assertThat(
            refused(
                kubectl.run(
                    "create", "--raw", path + "?fieldValidation=Strict", "-f", file.toString())))
        .contains("spec.podSelctor", "did you mean \"podSelector\"?")
        .contains("spec.policyTypes[0]", "did you mean \"Ingress\"?");
  }

  @Test
  void showsWhatAnApplyWouldDo() {
    apply(POLICY);
    String changed = POLICY.replace("80", "81");
    assertThat(ok(kubectl.feed(changed, "apply", "--dry-run=server", "-f", "-")))
        .contains("configured (server dry run)");
    Outcome difference = kubectl.feed(changed, "diff", "-f", "-");
    assertThat(difference.exitStatus()).isEqualTo(1);
    assertThat(difference.output()).contains("-    - port: 80", "+    - port: 81");
    assertThat(ok("get", "netpol", "web", "-o", "jsonpath={.spec.ingress[0].ports[0].port}"))
        .isEqualTo("80");
  }

  @Test
  void watches() throws InterruptedException {
    apply(POD);
    try (var watch = kubectl.begin("get", "pods", "-w", "-L", "step")) {
      watch.await(line -> line.startsWith("NAME"));
      watch.await(line -> line.startsWith("web-1"));
      ok("label", "pod", "web-1", "step=two");
      watch.await(line -> line.matches("web-1 .* two *"));
      ok("run", "other", "--image=x");
      watch.await(line -> line.startsWith("other"));
    }
    try (var watch =
        kubectl.begin("get", "pods", "-w", "--output-watch-events", "-l", "step=two")) {
      watch.await(line -> line.matches("ADDED +web-1 .*"));
      ok("label", "pod", "web-1", "--overwrite", "step=three");
      watch.await(line -> line.matches("DELETED +web-1 .*"));
      ok("label", "pod", "other", "step=two");
      watch.await(line -> line.matches("ADDED +other .*"));
      ok("delete", "pod", "other");
      watch.await(line -> line.matches("DELETED +other .*"));
    }
  }

  @Test
  void waitsForACondition() throws InterruptedException {
    apply(POD);
    try (var wait = kubectl.begin("wait", "pod/web-1", "--for=condition=Ready", "--timeout=20s")) {
      ObjectNode ready = JsonNodeFactory.instance.objectNode();
      ready
          .putObject("status")
          .putArray("conditions")
          .addObject()
          .put("type", "Ready")
          .put("status", "True");
      api.resources()
          .patch(
              Target.statusOf(Kinds.POD, "default", "web-1"),
              new Patch.Merge(ready),
              WriteOptions.strict("test"));
      wait.await(line -> line.contains("condition met"));
    }
  }

  @Test
  void resumesAWatchAndRefusesOneFromForgottenHistory() {
    apply(POD);
    String seen = ok("get", "pod", "web-1", "-o", "jsonpath={.metadata.resourceVersion}");
    ok("label", "pod", "web-1", "a=1");
    ok("label", "pod", "web-1", "a=2", "--overwrite");
    String path = "/api/v1/pods?watch=1&timeoutSeconds=1&resourceVersion=";
    assertThat(ok("get", "--raw", path + seen + "&allowWatchBookmarks=true").lines().toList())
        .satisfiesExactly(
            event -> assertThat(event).startsWith("{\"type\":\"MODIFIED\"").contains("\"a\":\"1\""),
            event -> assertThat(event).startsWith("{\"type\":\"MODIFIED\"").contains("\"a\":\"2\""),
            event -> assertThat(event).startsWith("{\"type\":\"BOOKMARK\""));
    api.store().compact(api.store().currentRevision());
    assertThat(refused(kubectl.run("get", "--raw", path + seen))).contains("too old");
  }
}
