package io.ocicat.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cluster is given, given to a real API server. */
class ManifestsIT {
  private static final String CONTROLLER = "controller-token";
  private static final String AGENT = "agent-token";
  private static final String CLEANUP = "cleanup-token";

  @TempDir static Path directory;
  private static RealApiServer server;

  private record Result(int exitCode, String output) {
    String orFail() {
      assertThat(exitCode).as(output).isZero();
      return output;
    }
  }

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    assumeThat(RealApiServer.whyNone()).as("no API server").isEmpty();
    server =
        RealApiServer.start(
            List.of(account("controller"), account("agent"), account("cleanup")), List.of());
    for (var kind : CustomResourceDefinitions.kinds()) {
      // A server this old knows no rules between fields, and its clients would stumble over them.
      kubectl("create", "--validate=false", "-f", Repository.definition(kind).toString()).orFail();
      kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd/" + kind.name())
          .orFail();
    }
    Path chart = directory.resolve("chart.yaml");
    Files.writeString(
        chart,
        Chart.render("v1.20.2", Map.of()).stream()
            .map(Yaml::write)
            .collect(Collectors.joining("---\n")));
    kubectl("apply", "--dry-run=server", "-f", chart.toString()).orFail();
    kubectl("apply", "-f", chart.toString()).orFail();
    List<ObjectNode> uninstall = new ArrayList<>(Chart.hooks("v1.20.2", Map.of()));
    uninstall.add(Chart.cleanup("v1.20.2", Map.of()));
    Path hooks = directory.resolve("hooks.yaml");
    Files.writeString(
        hooks, uninstall.stream().map(Yaml::write).collect(Collectors.joining("---\n")));
    kubectl("apply", "--dry-run=server", "-f", hooks.toString()).orFail();
    // Its rights are for a test; the Job would only wait for a kubelet.
    kubectl("apply", "-f", hooks.toString(), "-l", "app.kubernetes.io/component=cleanup").orFail();
    kubectl("-n", "kube-system", "delete", "job", "ocicat-cleanup", "--wait=false").orFail();
  }

  private static RealApiServer.User account(String role) {
    return new RealApiServer.User(
        role + "-token",
        "system:serviceaccount:kube-system:ocicat-" + role,
        List.of("system:serviceaccounts", "system:authenticated"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void fillsDefaultsIn() throws IOException, InterruptedException {
    JsonNode spec =
        Yaml.readAll(kubectl("get", "ippool", "default-ipv4", "-o", "json").orFail())
            .getFirst()
            .path("spec");
    assertThat(spec.path("nodeSelector").asText()).isEqualTo("all()");
    assertThat(spec.path("ipipMode").asText()).isEqualTo("Never");
    assertThat(spec.at("/allowedUses/1").asText()).isEqualTo("Tunnel");
  }

  @Test
  void showsColumnsAndExplainsFields() throws IOException, InterruptedException {
    assertThat(kubectl("get", "pools", "-o", "wide").orFail().lines().findFirst().orElseThrow())
        .contains("CIDR", "NAT", "NODE-SELECTOR", "ALLOCATABLE", "AGE", "BLOCK-SIZE");
    // The document for clients follows the definition some time later.
    for (int i = 0; i < 100; i++) {
      if (kubectl("explain", "ippool.spec.cidr").exitCode() == 0) {
        break;
      }
      Thread.sleep(200);
    }
    assertThat(kubectl("explain", "ippool.spec.blockSize").orFail())
        .contains("Prefix length of the blocks that nodes lease");
    assertThat(kubectl("explain", "blockaffinity.spec.node").orFail()).contains("The node.");
  }

  /** What needs no rule between fields is judged by this old server as by our own code. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{cidr: 10.0.0.0/16}                                    | true",
        "{cidr: 'fd00::/64', blockSize: 122}                    | true",
        "{cidr: 10.0.0.0/16, namespaceSelector: 'has(x)'}       | true",
        "{cidr: 10.0.0.0/16, extra: 1}                          | true",
        "{}                                                     | false",
        "{cidr: ''}                                             | false",
        "{cidr: 10.0.0.0}                                       | false",
        "{cidr: 10.0.0.0/33}                                    | false",
        "{cidr: 10.0.0.0/16, blockSize: 129}                    | false",
        "{cidr: 10.0.0.0/16, blockSize: x}                      | false",
        "{cidr: 10.0.0.0/16, ipipMode: Sometimes}               | false",
        "{cidr: 10.0.0.0/16, natOutgoing: 'true'}               | false",
        "{cidr: 10.0.0.0/16, allowedUses: [Other]}              | false"
      })
  void judgesPoolsAsOurCodeDoes(String spec, boolean accepted)
      throws IOException, InterruptedException {
    ObjectNode document = Yaml.readAll(spec).getFirst();
    ObjectNode pool = document.objectNode();
    pool.put("apiVersion", Kinds.IP_POOL.apiVersion()).put("kind", "IPPool");
    pool.putObject("metadata").put("name", "judged");
    pool.set("spec", document);
    Path file = directory.resolve("pool-" + Integer.toHexString(spec.hashCode()) + ".yaml");
    Files.writeString(file, Yaml.write(pool));
    Result result =
        kubectl("create", "--dry-run=server", "--validate=false", "-f", file.toString());
    assertThat(result.exitCode() == 0).as(result.output()).isEqualTo(accepted);
    assertThat(new DefinedKind(Kinds.IP_POOL).creating(pool).isEmpty()).isEqualTo(accepted);
  }

  @Test
  void takesTheExamplesUnchanged() throws IOException, InterruptedException {
    for (Path file : Repository.examples()) {
      kubectl("apply", "-f", file.toString()).orFail();
      assertThat(kubectl("apply", "-f", file.toString()).orFail().lines())
          .allMatch(line -> line.endsWith(" unchanged"));
    }
    assertThat(kubectl("get", "networkpolicies.projectcalico.org").orFail())
        .contains("TIER", "ORDER", "orders", "pings");
    assertThat(kubectl("get", "caliconetworkpolicy,gnp,sgnp,sknp,gns,hep", "-o", "name").orFail())
        .contains(
            "networkpolicy.projectcalico.org/pings",
            "globalnetworkpolicy.projectcalico.org/nothing-else",
            "stagedglobalnetworkpolicy.projectcalico.org/platform.later",
            "stagedkubernetesnetworkpolicy.projectcalico.org/web",
            "globalnetworkset.projectcalico.org/offices",
            "hostendpoint.projectcalico.org/worker-2-all");
    assertThat(kubectl("get", "netpol", "-o", "name").orFail()).isEmpty();
    assertThat(kubectl("get", "clusternetworkpolicies").orFail())
        .contains("PRIORITY", "stay-inside", "Baseline");
  }

  @Test
  void takesTheDefinitionsForOldServersWithoutComplaint() throws IOException, InterruptedException {
    Path file = Repository.manifests().resolve("crds-before-1.31.yaml");
    kubectl("apply", "--dry-run=server", "--validate=true", "-f", file.toString()).orFail();
  }

  @ParameterizedTest
  @CsvSource({
    "list,pods,true",
    "watch,nodes,true",
    "patch,pods,true",
    "patch,nodes/status,true",
    "patch,nodes,true",
    "watch,endpointslices.discovery.k8s.io,true",
    "watch,networkpolicies.networking.k8s.io,true",
    "watch,networkpolicies.projectcalico.org,true",
    "watch,stagedkubernetesnetworkpolicies.projectcalico.org,true",
    "list,clusternetworkpolicies.policy.networking.k8s.io,true",
    "create,tiers.projectcalico.org,true",
    "create,blockaffinities.projectcalico.org,true",
    "delete,blockaffinities.projectcalico.org,true",
    "patch,ippools.projectcalico.org/status,true",
    "patch,caliconodestatuses.projectcalico.org/status,true",
    "watch,services,true",
    "watch,bgppeers.projectcalico.org,true",
    "patch,bgppeers.projectcalico.org,false",
    "get,secrets/bgp-passwords,true",
    "create,tokenreviews.authentication.k8s.io,true",
    "create,ocicatstatuses.ocicat.io,true",
    "patch,ocicatstatuses.ocicat.io/status,true",
    "delete,ocicatstatuses.ocicat.io,false",
    "watch,policyinspections.ocicat.io,true",
    "delete,policyinspections.ocicat.io,true",
    "patch,policyinspections.ocicat.io/status,true",
    "create,policyinspections.ocicat.io,false",
    "create,leases.coordination.k8s.io,true",
    "update,leases.coordination.k8s.io/ocicat-controller,true",
    "get,secrets/ocicat-ca,true",
    "update,configmaps/ocicat-ca,true",
    "create,events,true",
    "patch,events,true",
    "list,events,false",
    "delete,pods,false",
    "create,pods,false",
    "update,nodes,false",
    "delete,ippools.projectcalico.org,false",
    "delete,tiers.projectcalico.org,false",
    "patch,globalnetworkpolicies.projectcalico.org,false",
    "get,secrets/other,false",
    "list,secrets,false",
    "update,secrets/ocicat-ca,false",
    "create,clusterrolebindings.rbac.authorization.k8s.io,false",
    "create,pods/exec,false"
  })
  void letsTheControllerDo(String verb, String resource, boolean allowed)
      throws IOException, InterruptedException {
    String[] parts = resource.split("/", 2);
    boolean isSubresource = parts.length == 2 && List.of("status", "exec").contains(parts[1]);
    List<String> command = new ArrayList<>(List.of("auth", "can-i", verb));
    command.add(isSubresource ? parts[0] : resource);
    if (isSubresource) {
      command.add("--subresource=" + parts[1]);
    }
    command.addAll(List.of("-n", "kube-system"));
    Result result = run(CONTROLLER, command);
    assertThat(result.output().lines().toList()).contains(allowed ? "yes" : "no");
  }

  @Test
  void letsTheAgentDoNothing() throws IOException, InterruptedException {
    String rights = run(AGENT, List.of("auth", "can-i", "--list", "-n", "kube-system")).orFail();
    List<String> resources =
        rights
            .lines()
            .skip(1)
            .filter(line -> !line.startsWith(" "))
            .map(line -> line.split(" ")[0])
            .toList();
    assertThat(resources)
        .as("only questions about itself: %s", rights)
        .allMatch(
            resource -> resource.matches("self.*\\.(authorization|authentication)\\.k8s\\.io"));
  }

  /** With the rights of its role and nothing else, a controller gets as far as serving agents. */
  @Test
  void letsTheControllerServe() throws IOException, InterruptedException {
    int health = freePort();
    Path config = directory.resolve("controller.yaml");
    Files.writeString(
        config,
        """
        store: kubernetes
        stateDir: %1$s/controller
        syncListen: 127.0.0.1:0
        healthListen: 127.0.0.1:%2$d
        kubernetes:
          kubeconfig: %3$s
          namespace: kube-system
          replica: ocicat-controller-a
          advertise: 127.0.0.1:7946
        """
            .formatted(directory, health, server.kubeconfig(CONTROLLER)));
    Path log = directory.resolve("controller.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Repository.program().toString(), "controller", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process controller = builder.start();
    try {
      await("serving agents", () -> readyz(health).contains("serving agents"), log);
      String map = "kubectl -n kube-system get configmap ocicat-ca -o jsonpath={.data}";
      await("the ConfigMap", () -> said(map).contains("127.0.0.1:7946 ocicat-controller-a"), log);
      String pool = "kubectl get ippool default-ipv4 -o jsonpath={.status.conditions[0].type}";
      String tiers = "kubectl get tiers -o name";
      await("the tiers", () -> said(tiers).contains("kube-baseline"), log);
      await("the pool's condition", () -> said(pool).contains("Allocatable"), log);
    } finally {
      controller.destroy();
      if (!controller.waitFor(20, TimeUnit.SECONDS)) {
        controller.destroyForcibly();
      }
    }
    assertThat(Files.readString(log).toLowerCase(Locale.ROOT)).doesNotContain("forbidden");
  }

  @ParameterizedTest
  @CsvSource({
    "create,daemonsets.apps,true",
    "get,daemonsets.apps/ocicat-agent,true",
    "get,daemonsets.apps/ocicat-cleanup,true",
    "delete,daemonsets.apps/ocicat-cleanup,true",
    "delete,daemonsets.apps/ocicat-agent,false",
    "update,daemonsets.apps/ocicat-cleanup,false",
    "create,pods,false",
    "get,secrets,false"
  })
  void letsTheCleanUpDo(String verb, String resource, boolean allowed)
      throws IOException, InterruptedException {
    Result result = run(CLEANUP, List.of("auth", "can-i", verb, resource, "-n", "kube-system"));
    assertThat(result.output().lines().toList()).contains(allowed ? "yes" : "no");
  }

  @Test
  void cleansNothingUpWhileThereAreAgents() throws IOException, InterruptedException {
    Path file = directory.resolve("cleanup.yaml");
    Files.writeString(file, Yaml.write(Chart.cleanup("v1.20.2", Map.of())));
    List<String> command =
        List.of(
            Repository.program().toString(),
            "controller",
            "cleanup",
            "--daemonset=" + file,
            "--wait-seconds=5");
    Result result = run(CLEANUP, command, Map.of("JAVA_HOME", System.getProperty("java.home")));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("nothing was cleaned up", "the DaemonSet kube-system/ocicat-agent");
    assertThat(kubectl("-n", "kube-system", "get", "daemonset", "ocicat-cleanup").exitCode())
        .isEqualTo(1);
  }

  private interface Question {
    boolean isTrue() throws IOException, InterruptedException;
  }

  private static void await(String what, Question question, Path log)
      throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!question.isTrue()) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("waited in vain for " + what + ":\n" + Files.readString(log));
      }
      Thread.sleep(200);
    }
  }

  private static String said(String command) throws IOException, InterruptedException {
    List<String> words = List.of(command.split(" "));
    return run(server.adminToken(), words.subList(1, words.size())).output();
  }

  private static String readyz(int port) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException _) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Result kubectl(String... arguments) throws IOException, InterruptedException {
    return run(server.adminToken(), List.of(arguments));
  }

  private static Result run(String token, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(arguments);
    return run(token, command, Map.of());
  }

  private static Result run(String token, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "kubectl", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("KUBECONFIG", server.kubeconfig(token).toString());
    builder.environment().put("HOME", directory.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end");
    }
    return new Result(process.exitValue(), Files.readString(output));
  }
}
