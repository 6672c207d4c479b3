package io.ocicat.routers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.PeerCounters;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgpd.BgpdConfigReader;
import io.ocicat.bgpd.Daemon;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.libc.NetNamespace;
import io.ocicat.routers.BgpRouter.Task;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The daemon beside other routers: each cell of the table at the end is a test that ran. Both sides
 * are asked what they know of the other.
 */
@Timeout(120)
class BgpMatrixIT {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Map<String, Map<Kind, String>> MATRIX = new LinkedHashMap<>();

  enum Kind {
    BIRD,
    FRR,
    GOBGP
  }

  private final String ours = "ocibgp-o" + ProcessHandle.current().pid();
  private final String theirs = "ocibgp-t" + ProcessHandle.current().pid();

  @TempDir private Path directory;
  private BgpRouter router = new BgpRouter.Bird(Path.of("/nowhere"), theirs);
  private List<Runnable> ends = new ArrayList<>();

  @BeforeEach
  void makeNetwork() {
    ip("netns", "add", ours);
    ip("netns", "add", theirs);
    ip("-n", ours, "link", "add", "east", "type", "veth", "peer", "west", "netns", theirs);
    for (List<String> end : List.of(List.of(ours, "east", "1"), List.of(theirs, "west", "2"))) {
      String name = end.get(0);
      String link = end.get(1);
      ip("-n", name, "addr", "add", "10.98.0." + end.get(2) + "/24", "dev", link);
      ip("-n", name, "addr", "add", "fd98::" + end.get(2) + "/64", "dev", link, "nodad");
      ip("-n", name, "link", "set", link, "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
  }

  @AfterEach
  void removeNetwork() throws InterruptedException {
    ends.forEach(Runnable::run);
    router.stop();
    Shell.run(List.of("ip", "netns", "delete", ours));
    Shell.run(List.of("ip", "netns", "delete", theirs));
  }

  @AfterAll
  static void tell() throws IOException {
    StringBuilder table = new StringBuilder("| | BIRD | FRR | GoBGP |\n|---|---|---|---|\n");
    MATRIX.forEach(
        (feature, cells) -> {
          table.append("| ").append(feature);
          for (Kind kind : Kind.values()) {
            table.append(" | ").append(cells.getOrDefault(kind, "not run"));
          }
          table.append(" |\n");
        });
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("bgp-matrix.md"), table);
    System.out.println(table);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void routesOfBothFamiliesGoBothWays(Kind kind) throws Exception {
    cell(
        "IPv4 and IPv6 routes both ways",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65002, 65001, "", false), "");
          exchanged(daemon);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void fourOctetAs(Kind kind) throws Exception {
    cell(
        "4-octet AS",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(4_200_000_002L, 4_200_000_001L, "", false), "");
          exchanged(daemon);
          assertThat(peer(daemon).remoteAs()).isEqualTo(4_200_000_002L);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void internal(Kind kind) throws Exception {
    cell(
        "internal session",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65001, 65001, "", false), "");
          exchanged(daemon);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void md5(Kind kind) throws Exception {
    cell(
        "TCP MD5",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65002, 65001, "s3cret", false), "password: s3cret");
          exchanged(daemon);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aWrongKeyDoesNotConnect(Kind kind) throws Exception {
    cell(
        "TCP MD5, wrong key",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65002, 65001, "s3cret", false), "password: other");
          Thread.sleep(4000);
          assertThat(peer(daemon).state()).isNotEqualTo(FsmState.ESTABLISHED);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void ttlSecurity(Kind kind) throws Exception {
    cell(
        "GTSM",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65002, 65001, "", true), "ttlSecurity: 1");
          exchanged(daemon);
        });
  }

  /** Which of them have a command to ask us is in the routers' own code here. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void refreshBothWays(Kind kind) throws Exception {
    cell(
        "route refresh, asked by us, and by it where it can",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65002, 65001, "", false), "");
          exchanged(daemon);
          long before = updates(daemon);
          boolean asked =
              daemon.ask(s -> s.session("other").orElseThrow().requestRefresh(Family.IPV4_UNICAST));
          assertThat(asked).isTrue();
          await("second UPDATE of what we ask for again", () -> updates(daemon) > before);
          if (router.refresh()) {
            await("question for our routes", () -> refreshes(daemon) > 0);
          }
          exchanged(daemon);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aHardKillIsSurvivedByItsRoutes(Kind kind) throws Exception {
    cell(
        "hard kill, routes kept (RFC 4724)",
        kind,
        () -> {
          Task task = new Task(65002, 65001, "", false);
          Daemon daemon = both(kind, task, "");
          exchanged(daemon);
          router.kill();
          await("end of the session", () -> peer(daemon).state() != FsmState.ESTABLISHED);
          int kept = daemon.ask(s -> s.rib().view().routes(Family.IPV4_UNICAST).next(10).size());
          // BIRD says nothing of families while it does not restart itself, so it is not waited
          // for.
          if (kind != Kind.BIRD) {
            assertThat(kept).as("our own route and the one that is kept").isEqualTo(2);
          }
          router.start(task);
          await("session after the restart", () -> peer(daemon).state() == FsmState.ESTABLISHED);
          router.originate();
          exchanged(daemon);
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void fastTimersHold(Kind kind) throws Exception {
    cell(
        "keepalives of 1 s, hold of 3 s",
        kind,
        () -> {
          Daemon daemon = both(kind, new Task(65002, 65001, "", false), "holdTime: 3");
          exchanged(daemon);
          assertThat(peer(daemon).holdSeconds()).isEqualTo(3);
          Thread.sleep(8000);
          assertThat(peer(daemon).flaps()).isZero();
          assertThat(peer(daemon).state()).isEqualTo(FsmState.ESTABLISHED);
        });
  }

  // ---- what cells are made of

  private interface Body {
    void run() throws Exception;
  }

  private static void cell(String feature, Kind kind, Body body) throws Exception {
    Map<Kind, String> row = MATRIX.computeIfAbsent(feature, f -> new TreeMap<>());
    row.put(kind, "**no**");
    body.run();
    row.put(kind, "yes");
  }

  private Daemon both(Kind kind, Task task, String more) throws Exception {
    router =
        switch (kind) {
          case BIRD -> new BgpRouter.Bird(directory, theirs);
          case FRR -> new BgpRouter.Frr(directory, theirs);
          case GOBGP -> new BgpRouter.GoBgp(directory, theirs);
        };
    router.start(task);
    Daemon daemon =
        daemon(
            """
            routerId: 10.98.0.1
            as: %d
            nextHops: [10.98.0.1, "fd98::1"]
            networks: [10.30.0.0/24, "fd30::/64"]
            peers:
            - name: other
              address: 10.98.0.2
              as: %d
              idleHoldTime: 1
              connectRetryTime: 2
              %s
            """
                .formatted(task.ourAs(), task.as(), more));
    return daemon;
  }

  /** A daemon in our namespace, on a thread that stays there. */
  private Daemon daemon(String yaml) throws Exception {
    BgpdConfigReader.Reading reading = BgpdConfigReader.parse(yaml, directory);
    assertThat(reading).isInstanceOf(BgpdConfigReader.Reading.Valid.class);
    if (!(reading instanceof BgpdConfigReader.Reading.Valid(var config))) {
      throw new AssertionError(reading);
    }
    CompletableFuture<Daemon> made = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .name("speaker")
            .start(
                () -> {
                  try (NetNamespace namespace =
                      NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(ours))) {
                    namespace.run(
                        () -> {
                          Daemon daemon = new Daemon(config);
                          made.complete(daemon);
                          daemon.run();
                        });
                  } catch (RuntimeException e) {
                    made.completeExceptionally(e);
                  }
                });
    Daemon daemon = made.get(10, TimeUnit.SECONDS);
    ends.add(
        () -> {
          daemon.end();
          try {
            thread.join(5000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return daemon;
  }

  private void exchanged(Daemon daemon) {
    await("a session", () -> peer(daemon).state() == FsmState.ESTABLISHED);
    router.originate();
    await(
        "its routes here",
        () ->
            accepted(daemon, Family.IPV4_UNICAST) == 1
                && accepted(daemon, Family.IPV6_UNICAST) == 1);
    await(
        "our routes there",
        () -> {
          String learned = router.learned();
          return learned.contains("10.30.0.0/24") && learned.contains("fd30::/64");
        });
  }

  private static int accepted(Daemon daemon, Family family) {
    PeerCounters counters = peer(daemon).families().get(family);
    return counters == null ? 0 : counters.accepted();
  }

  private static long updates(Daemon daemon) {
    return daemon.ask(
        s -> s.session("other").map(Session::counts).orElseThrow().receivedOf(MessageType.UPDATE));
  }

  private static long refreshes(Daemon daemon) {
    return daemon.ask(
        s ->
            s.session("other")
                .map(Session::counts)
                .orElseThrow()
                .receivedOf(MessageType.ROUTE_REFRESH));
  }

  private static PeerView peer(Daemon daemon) {
    return daemon.ask(s -> s.peers().getFirst());
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "no %s after %s; the other side knows: %s\nand logged: %s"
                .formatted(what, DEADLINE, router.learned(), router.lastWords()));
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  private static void ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    String _ = Shell.run(command).orFail();
  }
}
