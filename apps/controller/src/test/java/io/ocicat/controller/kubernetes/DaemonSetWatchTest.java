package io.ocicat.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DaemonSetWatchTest {

  private static final String PATH = "GET /apis/apps/v1/namespaces/kube-system/daemonsets/d";

  private final StubApiServer server = new StubApiServer();
  private final List<String> progress = new ArrayList<>();

  private boolean await(Duration patience) throws InterruptedException {
    return new DaemonSetWatch(server, "kube-system", "d", Duration.ofMillis(1))
        .await(patience, progress::add);
  }

  private static String seen(long generation, int wanted, int ready) {
    return """
        {"metadata":{"generation":2},"status":{"observedGeneration":%d,
         "desiredNumberScheduled":%d,"numberReady":%d}}
        """
        .formatted(generation, wanted, ready);
  }

  @Test
  void waitsForEveryNodeAndSaysHowFarItIs() throws InterruptedException {
    Deque<String> answers =
        new ArrayDeque<>(List.of(seen(1, 0, 0), seen(2, 2, 0), seen(2, 2, 1), seen(2, 2, 2)));
    server.on(PATH, _ -> StubApiServer.parse(answers.pop()));
    assertThat(await(Duration.ofMinutes(1))).isTrue();
    assertThat(progress)
        .containsExactly("not looked at yet", "0 of 2 nodes", "1 of 2 nodes", "2 of 2 nodes");
  }

  @Test
  void givesUpOnANodeThatIsAway() throws InterruptedException {
    server.on(PATH, seen(2, 2, 1));
    assertThat(await(Duration.ofMillis(20))).isFalse();
    assertThat(progress).containsExactly("1 of 2 nodes");
  }

  @Test
  void hasPatienceWithAServerThatIsAway() throws InterruptedException {
    server.refuse(PATH, 0);
    assertThat(await(Duration.ofMillis(20))).isFalse();
    assertThat(progress).singleElement().asString().contains("away");
  }
}
