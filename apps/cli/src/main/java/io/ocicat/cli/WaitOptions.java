package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --wait [--timeout 30s]}: until every ready node enforces a revision. */
final class WaitOptions {
  private static final Duration POLL_CONTROLLER = Duration.ofMillis(20);
  private static final Duration POLL_OBJECT = Duration.ofMillis(200);

  @Option(names = "--wait", description = "Return when every ready node enforces the change.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long to wait at most (default: 30s).")
  private Duration timeout = Duration.ofSeconds(30);

  boolean wanted() {
    return wait;
  }

  /** Waits; answers whether it came to pass, and if not tells {@code err} which nodes lag. */
  boolean await(ClusterView view, Goal goal, PrintWriter err) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      JsonNode status = view.read();
      List<String> lagging = goal.lagging(status);
      if (lagging.isEmpty()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        Duration silence = ClusterView.silence(status);
        err.println(
            "ocicat: wait for revision "
                + goal.revision()
                + " on every node: after "
                + timeout.toSeconds()
                + " s not enforced by "
                + String.join(", ", lagging)
                + (silence.isZero()
                    ? "; look at 'ocicat node status' and at the logs of those agents"
                    : "; no controller has said anything for "
                        + silence.toSeconds()
                        + " s, look at its pods"));
        return false;
      }
      try {
        Thread.sleep(view.isKubernetes() ? POLL_OBJECT : POLL_CONTROLLER);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /** How long to wait at most. */
  Duration timeout() {
    return timeout;
  }
}
