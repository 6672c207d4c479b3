package io.ocicat.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import io.ocicat.agent.AgentConfigReader;
import io.ocicat.controller.ControllerConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart, by the real Helm. */
class ChartTest {

  @Test
  void passesHelmsLint() {
    LintResult result = Chart.helm().lint().strict().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "agnet.javaOptions,x",
    "agent.memory,x",
    "ipam,some",
    "controller.port,70000",
    "controller.replicas,0",
    "agent.cniBinDir,relative",
    "ipPools[0].cidr,10.0.0.0",
    "ipPools[0].blocksize,26"
  })
  void refusesValuesThatItDoesNotKnow(String name, String value) {
    assertThatThrownBy(() -> Chart.text("v1.34.0", Map.of(name, value)))
        .hasMessageContaining("values don't meet the specifications of the schema");
  }

  @Test
  void givesTheAgentNoRightsAndNoTokenForTheApiServer() {
    for (ObjectNode each : Chart.render()) {
      if (each.path("kind").asText().endsWith("Binding")) {
        assertThat(each.path("subjects").valueStream().map(s -> s.path("name").asText()))
            .containsOnly("ocicat-controller");
      }
    }
    JsonNode pod = only("DaemonSet").at("/spec/template/spec");
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    JsonNode token = volume(pod, "identity").at("/projected/sources/0/serviceAccountToken");
    assertThat(token.path("audience").asText()).isEqualTo("ocicat");
  }

  /** What the image's test has shown to be enough is what is asked for. */
  @Test
  void asksForTheCapabilitiesThatTheAgentUses() {
    JsonNode security = only("DaemonSet").at("/spec/template/spec/containers/0/securityContext");
    assertThat(security.at("/capabilities/add").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrder("NET_ADMIN", "SYS_ADMIN");
    assertThat(security.has("privileged")).isFalse();
    for (String kind : List.of("DaemonSet", "Deployment")) {
      JsonNode pod = only(kind).at("/spec/template/spec");
      JsonNode container = pod.at("/containers/0/securityContext");
      assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
      assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(pod.at("/securityContext/seccompProfile/type").asText())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.path("hostNetwork").asBoolean()).isTrue();
    }
  }

  @Test
  void namesEveryVerbAndResource() {
    Set<String> rights = new TreeSet<>();
    for (ObjectNode each : Chart.render()) {
      for (JsonNode rule : each.path("rules")) {
        for (JsonNode resource : rule.path("resources")) {
          for (JsonNode verb : rule.path("verbs")) {
            rights.add(resource.asText() + " " + verb.asText());
          }
        }
      }
    }
    assertThat(rights).noneMatch(right -> right.contains("*"));
    assertThat(rights)
        .contains("tokenreviews create", "nodes/status patch", "leases update")
        .doesNotContain("pods delete", "secrets list", "secrets update", "nodes update");
  }

  @Test
  void cleansNodesUpAfterUninstallingAndNeverBefore() {
    List<ObjectNode> hooks = Chart.hooks("v1.34.0", Map.of());
    assertThat(hooks)
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(each.at("/metadata/annotations/helm.sh~1hook").asText())
                    .isEqualTo("post-delete"));
    assertThat(hooks)
        .extracting(each -> each.path("kind").asText())
        .as("a DaemonSet among them would be applied by those who render the chart")
        .doesNotContain("DaemonSet");
    JsonNode job = only(hooks, "Job").at("/spec/template/spec/containers/0");
    assertThat(job.path("args").valueStream().map(JsonNode::asText))
        .startsWith("controller", "cleanup");
    ObjectNode cleanup =
        Chart.cleanup("v1.34.0", Map.of("agent.cniBinDir", "/usr/lib/cni", "image.tag", "v7"));
    JsonNode pod = cleanup.at("/spec/template/spec");
    JsonNode container = pod.at("/initContainers/0");
    assertThat(container.path("image").asText()).endsWith(":v7");
    assertThat(container.path("args").valueStream().map(JsonNode::asText))
        .contains("agent", "cleanup", "--cni-bin-dir=/usr/lib/cni");
    assertThat(container.at("/securityContext/capabilities/add").valueStream())
        .extracting(JsonNode::asText)
        .containsExactly("NET_ADMIN");
    assertThat(pod.path("hostNetwork").asBoolean()).isTrue();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(cleanup.at("/spec/selector/matchLabels"))
        .as("agents are not its pods")
        .isNotEqualTo(only("DaemonSet").at("/spec/selector/matchLabels"));
    assertThat(Chart.hooks("v1.34.0", Map.of("uninstall.cleanNodes", false))).isEmpty();
  }

  @Test
  void writesTheConfigurationsThatTheValuesMean() {
    Map<String, Object> values =
        Map.of(
            "agent.nodeAddresses.ipv4", "can-reach=192.0.2.1",
            "controller.port", 7000,
            "controller.apiServer.host", "192.0.2.9",
            "ipam", "podCIDR");
    List<ObjectNode> documents = Chart.render("v1.34.0", values);
    JsonNode agent = data(documents, "ocicat-agent", "agent.yaml");
    assertThat(agent.at("/nodeAddresses/ipv4").asText()).isEqualTo("can-reach=192.0.2.1");
    assertThat(agent.at("/nodeAddresses").size()).isEqualTo(1);
    JsonNode controller = data(documents, "ocicat-controller", "controller.yaml");
    assertThat(controller.path("syncListen").asText()).isEqualTo("0.0.0.0:7000");
    assertThat(controller.at("/kubernetes/ipam").asText()).isEqualTo("podCIDR");
    assertThat(only(documents, "Deployment").at("/spec/template/spec/containers/0/env").toString())
        .contains("KUBERNETES_SERVICE_HOST", "192.0.2.9");
    assertThat(data(Chart.render(), "ocicat-agent", "agent.yaml").has("nodeAddresses")).isFalse();
  }

  /** What they still miss is what the pods' environment has. */
  @Test
  void writesConfigurationsThatAgentAndControllerTake(@TempDir Path directory) throws IOException {
    Map<String, Object> values =
        Map.of(
            "agent.nodeAddresses.ipv4", "first-found", "agent.nodeAddresses.ipv6", "first-found");
    for (Map<String, Object> each : List.of(Map.<String, Object>of(), values)) {
      List<ObjectNode> documents = Chart.render("v1.34.0", each);
      Path agent = directory.resolve("agent.yaml");
      Files.writeString(agent, Yaml.write(data(documents, "ocicat-agent", "agent.yaml")));
      assertThat(problems(AgentConfigReader.read(agent)))
          .allSatisfy(problem -> assertThat(problem).contains("OCICAT_NODE_NAME"));
      Path controller = directory.resolve("controller.yaml");
      Files.writeString(
          controller, Yaml.write(data(documents, "ocicat-controller", "controller.yaml")));
      assertThat(problems(ControllerConfigReader.read(controller)))
          .allSatisfy(
              problem ->
                  assertThat(problem).containsPattern("OCICAT_(NAMESPACE|POD_NAME|ADVERTISE)"));
    }
  }

  private static List<String> problems(AgentConfigReader.Reading reading) {
    return switch (reading) {
      case AgentConfigReader.Reading.Valid _ -> List.of();
      case AgentConfigReader.Reading.Invalid(var problems) -> problems;
    };
  }

  private static List<String> problems(ControllerConfigReader.Reading reading) {
    return switch (reading) {
      case ControllerConfigReader.Reading.Valid _ -> List.of();
      case ControllerConfigReader.Reading.Invalid(var problems) -> problems;
    };
  }

  @Test
  void spellsTheBudgetAsTheServerDoes() {
    assertThat(
            only(Chart.render("v1.20.2", Map.of()), "PodDisruptionBudget")
                .path("apiVersion")
                .asText())
        .isEqualTo("policy/v1beta1");
    assertThat(only("PodDisruptionBudget").path("apiVersion").asText()).isEqualTo("policy/v1");
  }

  private static JsonNode data(List<ObjectNode> documents, String name, String key) {
    return documents.stream()
        .filter(each -> each.path("kind").asText().equals("ConfigMap"))
        .filter(each -> each.at("/metadata/name").asText().equals(name))
        .map(each -> Yaml.readAll(each.path("data").path(key).asText()).getFirst())
        .findFirst()
        .orElseThrow();
  }

  private static ObjectNode only(String kind) {
    return only(Chart.render(), kind);
  }

  private static ObjectNode only(List<ObjectNode> documents, String kind) {
    return documents.stream()
        .filter(each -> each.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode volume(JsonNode pod, String name) {
    return pod.path("volumes")
        .valueStream()
        .filter(each -> each.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
