package io.ocicat.routers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.session.Liveness;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgpd.BgpdConfig;
import io.ocicat.bgpd.BgpdConfigReader;
import io.ocicat.bgpd.Daemon;
import io.ocicat.inet.Cidr;
import io.ocicat.libc.NetNamespace;
import io.ocicat.testkit.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One daemon with two neighbours that have the same prefix; the way to one of them goes dead. */
@Timeout(90)
class BgpFailoverIT {

  private static final Cidr PREFIX = Cidr.parse("10.9.0.0/24");
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Three packets in 100 ms, what one interval more may cost, and a machine that is busy. */
  private static final Duration IN_TIME = Duration.ofMillis(600);

  private record Moved(long nanos, List<String> by) {}

  private final String us = "ocifail-u" + ProcessHandle.current().pid();
  private final String first = "ocifail-a" + ProcessHandle.current().pid();
  private final String second = "ocifail-b" + ProcessHandle.current().pid();
  private final List<Daemon> daemons = new ArrayList<>();

  @BeforeEach
  void makeNetwork() {
    for (String name : List.of(us, first, second)) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    int number = 1;
    for (String name : List.of(first, second)) {
      ip("-n", us, "link", "add", "to" + number, "type", "veth", "peer", "uplink", "netns", name);
      ip("-n", us, "addr", "add", "10.99." + number + ".1/24", "dev", "to" + number);
      ip("-n", name, "addr", "add", "10.99." + number + ".2/24", "dev", "uplink");
      ip("-n", us, "link", "set", "to" + number, "up");
      ip("-n", name, "link", "set", "uplink", "up");
      number++;
    }
  }

  @AfterEach
  void remove() {
    daemons.forEach(Daemon::end);
    List.of(us, first, second).forEach(name -> Shell.run(List.of("ip", "netns", "delete", name)));
  }

  @Test
  void routesMoveFromALinkThatCarriesNothingAnyMore() throws Exception {
    Daemon ours =
        daemon(
            us,
            """
            routerId: 10.99.0.1
            as: 65000
            peers:
            - {name: a, address: 10.99.1.2, as: 65001, bfd: {transmit: 100, receive: 100}}
            - {name: b, address: 10.99.2.2, as: 65001, bfd: {transmit: 100, receive: 100}}
            """);
    Daemon lost = daemon(first, neighbour(1));
    daemon(second, neighbour(2));
    BlockingQueue<Moved> moves = new LinkedBlockingQueue<>();
    boolean _ =
        ours.ask(
            s -> {
              s.rib().listen(batch -> batch.forEach(change -> note(change, moves)));
              return true;
            });
    await(ours);
    assertThat(next(moves, 2).by()).containsExactlyInAnyOrder("a", "b");
    // The fast timers are in force when both sides have polled.
    Thread.sleep(1500);

    String _ =
        Shell.run(
                Shell.inside(
                    NetNamespace.NAMED_DIRECTORY.resolve(first),
                    List.of(
                        "nft",
                        "add table inet cut; add chain inet cut out"
                            + " { type filter hook output priority 0; policy drop; }")))
            .orFail();
    long cut = System.nanoTime();
    Moved moved = next(moves, 1);
    Duration took = Duration.ofNanos(moved.nanos() - cut);
    assertThat(moved.by()).containsExactly("b");
    assertThat(took).as("after the link went dead").isLessThan(IN_TIME);
    PeerView view = ours.ask(s -> s.peers().getFirst());
    assertThat(view.state()).isEqualTo(FsmState.IDLE);
    assertThat(view.lastError()).isEqualTo("BFD: control detection time expired");
    // It hears us, and hears from us that we do not hear it.
    awaitState(lost, FsmState.IDLE);

    String _ =
        Shell.run(
                Shell.inside(
                    NetNamespace.NAMED_DIRECTORY.resolve(first),
                    List.of("nft", "delete table inet cut")))
            .orFail();
    await(ours);
    assertThat(next(moves, 2).by()).containsExactlyInAnyOrder("a", "b");
  }

  private static void note(RouteChange change, BlockingQueue<Moved> moves) {
    if (change.prefix().equals(PREFIX)) {
      moves.add(
          new Moved(System.nanoTime(), change.paths().stream().map(path -> path.peer()).toList()));
    }
  }

  /** The next move to that many paths. */
  private static Moved next(BlockingQueue<Moved> moves, int paths) throws InterruptedException {
    while (true) {
      Moved moved = moves.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      assertThat(moved).as("a move to %d paths", paths).isNotNull();
      if (moved.by().size() == paths) {
        return moved;
      }
    }
  }

  private static String neighbour(int number) {
    return """
        routerId: 10.99.%1$d.2
        as: 65001
        networks: [10.9.0.0/24]
        peers:
        - {name: us, address: 10.99.%1$d.1, as: 65000, bfd: {transmit: 100, receive: 100}}
        """
        .formatted(number);
  }

  private static void await(Daemon daemon) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!daemon.ask(
        s ->
            s.peers().stream()
                .allMatch(
                    p ->
                        p.state() == FsmState.ESTABLISHED
                            && p.liveness().equals(Optional.of(Liveness.State.UP))))) {
      assertThat(System.nanoTime()).as(shown(daemon)).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static String shown(Daemon daemon) {
    return daemon.ask(s -> s.peers().toString());
  }

  private static void awaitState(Daemon daemon, FsmState state) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (daemon.ask(s -> s.peers().getFirst().state()) != state) {
      assertThat(System.nanoTime()).as(shown(daemon)).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private Daemon daemon(String namespace, String yaml) throws Exception {
    if (!(BgpdConfigReader.parse(yaml, Path.of("/"))
        instanceof BgpdConfigReader.Reading.Valid(BgpdConfig config))) {
      throw new AssertionError(BgpdConfigReader.parse(yaml, Path.of("/")));
    }
    CompletableFuture<Daemon> made = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try (NetNamespace at =
                  NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(namespace))) {
                at.run(
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
    daemons.add(daemon);
    return daemon;
  }

  private static void ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    String _ = Shell.run(command).orFail();
  }
}
