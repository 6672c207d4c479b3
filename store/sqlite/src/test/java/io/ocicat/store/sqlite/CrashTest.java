package io.ocicat.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ocicat.model.KindName;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchResult;
import io.ocicat.store.Written;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process writes, is killed at a moment of chance, and the file is opened again, several
 * times over.
 */
@Timeout(120)
class CrashTest {
  private static final KindName PODS = new KindName("", "pods");
  private static final long SEED = 20261122;
  private static final int CRASHES = 4;

  @TempDir Path directory;

  /**
   * The other process: writes with several threads and prints each revision once it is
   * acknowledged.
   */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      Store store = SqliteStore.open(Path.of(args[0]), Retention.FOREVER, InstantSource.system());
      AtomicInteger names = new AtomicInteger();
      for (int i = 0; i < 4; i++) {
        Thread.ofPlatform().start(() -> write(store, args[1], names));
      }
    }

    @SuppressWarnings("SystemOut")
    private static void write(Store store, String run, AtomicInteger names) {
      while (true) {
        ResourceKey key = new ResourceKey(PODS, run, "pod-" + names.incrementAndGet());
        if (store.create(key, JsonNodeFactory.instance.objectNode().put("run", run))
            instanceof Written(var object)) {
          System.out.println(object.revision() + " " + key.name());
        }
      }
    }
  }

  @Test
  void losesNoAcknowledgedWriteAndLeavesNoGap() throws Exception {
    Path file = directory.resolve("store.db");
    SplittableRandom random = new SplittableRandom(SEED);
    long before = 0;
    for (int run = 0; run < CRASHES; run++) {
      String namespace = "run-" + run;
      String lastLine = runAndKill(file, namespace, random.nextInt(200, 600));
      long acknowledged = Long.parseLong(lastLine.split(" ")[0]);
      try (Store store = SqliteStore.open(file, Retention.FOREVER, InstantSource.system())) {
        assertThat(store.currentRevision()).isGreaterThanOrEqualTo(acknowledged);
        String name = lastLine.split(" ")[1];
        assertThat(store.get(new ResourceKey(PODS, namespace, name))).isPresent();
        assertThat(store.snapshot(Selection.all()).objects())
            .hasSize((int) store.currentRevision());
        assertRevisionsWithoutGaps(store, before);
        before = store.currentRevision();
      }
    }
  }

  private static void assertRevisionsWithoutGaps(Store store, long from) throws Exception {
    long expected = from;
    try (Watch watch = store.watch(Selection.all(), from)) {
      while (expected < store.currentRevision()) {
        WatchResult result = watch.next(Duration.ofSeconds(10));
        assertThat(result).isInstanceOf(WatchResult.Events.class);
        for (var event : ((WatchResult.Events) result).events()) {
          assertThat(event.revision()).isEqualTo(++expected);
        }
      }
    }
  }

  /** The last acknowledgement that could be read of a process killed after so many of them. */
  private static String runAndKill(Path file, String namespace, int acknowledgements)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                file.toString(),
                namespace)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String last = "";
    try (BufferedReader output = child.inputReader()) {
      for (int i = 0; i < acknowledgements; i++) {
        last = Objects.requireNonNull(output.readLine(), "the other process ended by itself");
      }
      child.destroyForcibly();
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    return last;
  }
}
