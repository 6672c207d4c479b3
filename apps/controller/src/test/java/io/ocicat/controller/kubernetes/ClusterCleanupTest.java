package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.kubernetes.ClusterCleanup.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterCleanupTest {

  private static final String ALL = "/apis/apps/v1/namespaces/kube-system/daemonsets";
  private static final String OWN = ALL + "/cleanup";
  private static final ObjectNode DAEMON_SET =
      StubApiServer.parse("{\"metadata\":{\"name\":\"cleanup\",\"namespace\":\"kube-system\"}}");

  private final StubApiServer server = new StubApiServer();
  private final List<String> progress = new ArrayList<>();

  private Outcome run(Duration patience) throws InterruptedException {
    server.on("POST " + ALL, "{}");
    server.on("DELETE " + OWN, "{}");
    return new ClusterCleanup(server, "agents", Duration.ofMillis(1))
        .run(DAEMON_SET, new ClusterCleanup.Owner("pod-1", "u1"), patience, progress::add);
  }

  private List<String> calls() {
    return server.sent.stream().map(StubApiServer.Sent::call).toList();
  }

  private static String seen(long generation, int wanted, int ready) {
    return """
        {"metadata":{"generation":2},"status":{"observedGeneration":%d,
         "desiredNumberScheduled":%d,"numberReady":%d}}
        """
        .formatted(generation, wanted, ready);
  }

  @Test
  void waitsForEveryNodeAndTakesItsDaemonSetAwayAgain() throws InterruptedException {
    Deque<String> answers =
        new ArrayDeque<>(List.of(seen(1, 0, 0), seen(2, 2, 0), seen(2, 2, 1), seen(2, 2, 2)));
    server.on("GET " + OWN, _ -> StubApiServer.parse(answers.pop()));
    assertThat(run(Duration.ofMinutes(1))).isEqualTo(new Outcome.Cleaned(2));
    assertThat(progress)
        .containsExactly("no node yet", "0 of 2 nodes are clean", "1 of 2 nodes are clean");
    assertThat(calls()).containsExactly("DELETE " + OWN, "POST " + ALL, "DELETE " + OWN);
    assertThat(server.sent.get(1).body().at("/metadata/ownerReferences/0/uid").asText())
        .isEqualTo("u1");
  }

  @Test
  void doesNothingWhileThereAreToBeAgents() throws InterruptedException {
    server.on("GET " + ALL + "/agents", "{\"metadata\":{}}");
    assertThat(run(Duration.ofMinutes(1))).isEqualTo(new Outcome.AgentsRun("kube-system/agents"));
    assertThat(calls()).isEmpty();
  }

  @Test
  void beginsWhileTheLastAgentsEnd() throws InterruptedException {
    server.on(
        "GET " + ALL + "/agents",
        "{\"metadata\":{\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}}");
    server.on("GET " + OWN, seen(2, 1, 1));
    assertThat(run(Duration.ofMinutes(1))).isEqualTo(new Outcome.Cleaned(1));
  }

  @Test
  void givesUpOnANodeThatIsAwayAndLeavesNoDaemonSet() throws InterruptedException {
    server.on("GET " + OWN, seen(2, 2, 1));
    assertThat(run(Duration.ofMillis(20)))
        .isEqualTo(new Outcome.Unfinished("1 of 2 nodes are clean"));
    assertThat(calls()).endsWith("DELETE " + OWN);
  }

  @Test
  void saysWhatTheServerSaidWhenItCannotBegin() throws InterruptedException {
    server.refuse("GET " + ALL + "/agents", 0);
    assertThat(run(Duration.ofMillis(20)))
        .isInstanceOfSatisfying(
            Outcome.Unfinished.class, it -> assertThat(it.state()).contains("away"));
    assertThat(calls()).isEmpty();
  }
}
