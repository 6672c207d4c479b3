package io.ocicat.routers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bfd.BfdDiagnostic;
import io.ocicat.bfd.BfdLoop;
import io.ocicat.bfd.BfdPeer;
import io.ocicat.bfd.BfdState;
import io.ocicat.bfd.BfdTimers;
import io.ocicat.bfd.BfdVerdict;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** BFD with BIRD and with FRR: both directions come up, end, and see a loss in time. */
@Timeout(120)
class BfdPeersIT {

  private static final BfdTimers FAST =
      new BfdTimers(Duration.ofMillis(100), Duration.ofMillis(100), 3);
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final String ours = "ocibfd-o" + ProcessHandle.current().pid();
  private final String theirs = "ocibfd-t" + ProcessHandle.current().pid();
  private final List<Process> routers = new ArrayList<>();

  @TempDir private Path directory;

  @BeforeEach
  void makeNetwork() {
    ip("netns", "add", ours);
    ip("netns", "add", theirs);
    ip("-n", ours, "link", "add", "east", "type", "veth", "peer", "west", "netns", theirs);
    for (List<String> end : List.of(List.of(ours, "east", "1"), List.of(theirs, "west", "2"))) {
      String name = end.get(0);
      String link = end.get(1);
      ip("-n", name, "addr", "add", "10.99.0." + end.get(2) + "/24", "dev", link);
      ip("-n", name, "addr", "add", "fd99::" + end.get(2) + "/64", "dev", link, "nodad");
      ip("-n", name, "link", "set", link, "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
  }

  @AfterEach
  void removeNetwork() throws InterruptedException {
    for (Process router : routers) {
      router.destroy();
    }
    for (Process router : routers) {
      if (!router.waitFor(5, TimeUnit.SECONDS)) {
        router.destroyForcibly().waitFor();
      }
    }
    Shell.run(List.of("ip", "netns", "delete", ours));
    Shell.run(List.of("ip", "netns", "delete", theirs));
  }

  @Test
  void bird() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("bird.conf"),
            """
            router id 10.99.0.2;
            protocol device { }
            protocol bfd {
              interface "west" { interval 100 ms; multiplier 3; };
              neighbor 10.99.0.1;
              neighbor fd99::1 dev "west";
            }
            """);
    String socket = directory.resolve("bird.ctl").toString();
    start("bird", "-f", "-c", config.toString(), "-s", socket);
    comesUpEndsAndSeesLoss(
        () -> inTheirs("birdc", "-s", socket, "show", "bfd", "sessions"), " Up ");
  }

  @Test
  void frr() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("bfdd.conf"),
            """
            bfd
             peer 10.99.0.1 interface west
              detect-multiplier 3
              receive-interval 100
              transmit-interval 100
             peer fd99::1 local-address fd99::2 interface west
              detect-multiplier 3
              receive-interval 100
              transmit-interval 100
            """);
    Path empty = Files.writeString(directory.resolve("zebra.conf"), "");
    // FRR gives up being root.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    String sockets = directory.toString();
    String zserv = directory.resolve("zserv.api").toString();
    start(
        "/usr/lib/frr/zebra",
        "-f",
        empty.toString(),
        "-i",
        sockets + "/zebra.pid",
        "-z",
        zserv,
        "--vty_socket",
        sockets,
        "-u",
        "frr",
        "-g",
        "frr");
    awaitFile(Path.of(zserv));
    start(
        "/usr/lib/frr/bfdd",
        "-f",
        config.toString(),
        "-i",
        sockets + "/bfdd.pid",
        "-z",
        zserv,
        "--vty_socket",
        sockets,
        "--bfdctl",
        sockets + "/bfdd.sock",
        "-u",
        "frr",
        "-g",
        "frr");
    comesUpEndsAndSeesLoss(
        () -> inTheirs("vtysh", "--vty_socket", sockets, "-c", "show bfd peers"), "Status: up");
  }

  private void comesUpEndsAndSeesLoss(Supplier<String> theirView, String up) throws Exception {
    BlockingQueue<BfdVerdict> verdicts = new LinkedBlockingQueue<>();
    try (NetNamespace namespace = NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(ours));
        BfdLoop loop = namespace.call(() -> BfdLoop.start(new Random(5880)))) {
      for (String address : List.of("10.99.0.2", "fd99::2")) {
        BfdPeer peer =
            new BfdPeer(IpAddress.parse(address), Optional.empty(), "east", false, false);
        try (BfdLoop.Watch watch = loop.watch(peer, FAST, verdicts::add)) {
          next(verdicts, BfdState.UP);
          await(theirView, said -> said.contains(up));
          // Both have told each other of their timers.
          await(
              () -> Long.toString(loop.status().getFirst().timing().detectionTimeMicros()),
              "300000"::equals);
          inTheirs(
              "nft",
              "add table inet cut; add chain inet cut out { type filter hook output priority 0; policy drop; }");
          long start = System.nanoTime();
          assertThat(next(verdicts, BfdState.DOWN).diagnostic())
              .isEqualTo(BfdDiagnostic.DETECTION_TIME_EXPIRED);
          assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
          inTheirs("nft", "delete table inet cut");
          next(verdicts, BfdState.UP);
          await(theirView, said -> said.contains(up));
          assertThat(watch).isNotNull();
        }
        await(theirView, said -> !said.contains(up));
      }
    }
  }

  private void start(String... command) throws IOException {
    List<String> inside =
        Shell.inside(NetNamespace.NAMED_DIRECTORY.resolve(theirs), List.of(command));
    routers.add(
        new ProcessBuilder(inside)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("router" + routers.size() + ".log").toFile())
            .start());
  }

  private static void awaitFile(Path file) throws InterruptedException {
    await(() -> Boolean.toString(Files.exists(file)), "true"::equals);
  }

  private static void await(Supplier<String> view, java.util.function.Predicate<String> holds)
      throws InterruptedException {
    String said = "";
    for (long end = System.nanoTime() + DEADLINE.toNanos(); System.nanoTime() < end; ) {
      said = view.get();
      if (holds.test(said)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("still after " + DEADLINE + ": " + said);
  }

  private static BfdVerdict next(BlockingQueue<BfdVerdict> verdicts, BfdState state)
      throws InterruptedException {
    for (long end = System.nanoTime() + DEADLINE.toNanos(); System.nanoTime() < end; ) {
      BfdVerdict verdict = verdicts.poll(1, TimeUnit.SECONDS);
      if (verdict != null && verdict.now() == state) {
        return verdict;
      }
    }
    throw new AssertionError("did not become " + state);
  }

  private String inTheirs(String... command) {
    Shell.Result result =
        Shell.run(Shell.inside(NetNamespace.NAMED_DIRECTORY.resolve(theirs), List.of(command)));
    return result.stdout() + result.stderr();
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Shell.run(command).orFail();
  }
}
