package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.controller.ClusterSide;
import io.ocicat.controller.ClusterStatus;
import io.ocicat.controller.ClusterStatus.NodeStatus;
import io.ocicat.store.kubernetes.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AgentPodsTest {

  private static final String PODS = "/api/v1/namespaces/net/pods";
  private static final String LIST =
      "GET " + PODS + "?fieldSelector=spec.serviceAccountName%3Dagents&limit=500";

  private final StubApiServer server = new StubApiServer();
  private boolean secondConnected;
  private final AgentPods pods =
      new AgentPods(
          server,
          new ClusterFiles(server, "net"),
          () -> new ClusterStatus(false, 1, List.of(node("n1", true), node("n2", secondConnected))),
          new KubernetesConfig(
              Optional.empty(), "net", "c-1", "192.0.2.1:1", "agents", ClusterSide.Blocks.LEASED));

  private static NodeStatus node(String name, boolean connected) {
    return new NodeStatus(name, connected, connected, 1, "", Map.of(), List.of());
  }

  private static String pod(String name, String node, String told) {
    return """
        {"metadata": {"name": "%s", "uid": "u-%s", "annotations": {"ocicat.io/controllers": "%s"}},
         "spec": {"nodeName": "%s"}}"""
        .formatted(name, name, told, node);
  }

  @BeforeEach
  void publishTwoControllers() {
    server.on(
        "GET /api/v1/namespaces/net/configmaps/ocicat-ca",
        """
        {"data": {"controllers": "192.0.2.1:1 c-1\\n192.0.2.2:1 c-2\\n"}}""");
  }

  @Test
  void tellsOnceThoseThatAreNotConnected() throws Exception {
    server.on(
        LIST,
        """
        {"items": [%s, %s], "metadata": {"continue": "a/b"}}"""
            .formatted(pod("a1", "n1", ""), pod("a2", "n2", "192.0.2.9:1 gone")));
    server.on(
        LIST + "&continue=a%2Fb",
        """
        {"items": [%s], "metadata": {}}"""
            .formatted(pod("a3", "n2", "192.0.2.1:1 c-1,192.0.2.2:1 c-2")));
    server.on("MERGE_PATCH " + PODS + "/a2", "{}");
    pods.tell();
    assertThat(server.sent)
        .containsExactly(
            new StubApiServer.Sent(
                "MERGE_PATCH " + PODS + "/a2",
                StubApiServer.parse(
                    """
                    {"metadata": {"uid": "u-a2",
                      "annotations": {"ocicat.io/controllers": "192.0.2.1:1 c-1,192.0.2.2:1 c-2"}}}""")));
  }

  @Test
  void asksNothingWhenAllAreConnected() throws Exception {
    secondConnected = true;
    server.refuse(LIST, 500);
    pods.tell();
    assertThat(server.sent).isEmpty();
  }

  @Test
  void passesOverAPodThatIsGoneButNotOverAServerThatIsAway() throws Exception {
    server.on(
        LIST,
        """
        {"items": [%s]}"""
            .formatted(pod("a2", "n2", "")));
    pods.tell();
    server.refuse("MERGE_PATCH " + PODS + "/a2", 0);
    assertThatThrownBy(pods::tell).isInstanceOf(ApiException.class);
  }
}
