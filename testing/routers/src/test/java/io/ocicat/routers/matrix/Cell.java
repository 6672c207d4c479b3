package io.ocicat.routers.matrix;

import io.ocicat.bgp.session.GracefulRestart;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpd.BgpdConfig;
import io.ocicat.bgpd.BgpdConfigReader;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Where one feature is tried with one peer: a network namespace for us and one for it, on a link of
 * their own. We are 10.98.0.1 and fd98::1, with .3 and .4 for speakers beside us.
 */
final class Cell implements AutoCloseable {

  static final String OUR_ROUTE = "10.30.0.0/24";
  static final String OUR_ROUTE6 = "fd30::/64";

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Peer peer;
  private final String ours;
  private final String theirs;
  private final Path directory;
  private final BgpRouter router;
  private final List<OurSpeaker> speakers = new ArrayList<>();
  private Task task = Task.external();

  Cell(Peer peer) throws Exception {
    this.peer = peer;
    String suffix = "-" + ProcessHandle.current().pid() + peer.title().charAt(0);
    ours = "ocimat-o" + suffix;
    theirs = "ocimat-t" + suffix;
    directory = Files.createTempDirectory("ocicat-" + peer.title());
    router = peer.router(directory, theirs);
    try {
      makeNetwork();
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  private void makeNetwork() {
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
    for (String side : List.of("10.98.0.3/24", "10.98.0.4/24")) {
      ip("-n", ours, "addr", "add", side, "dev", "east");
    }
  }

  Peer peer() {
    return peer;
  }

  BgpRouter router() {
    return router;
  }

  /** Starts the router and a speaker of ours that has it as its one neighbour. */
  OurSpeaker both(Task wanted, String... ofThePeer) throws Exception {
    startRouter(wanted);
    return ours(ofThePeer);
  }

  void startRouter(Task wanted) throws Exception {
    task = wanted;
    router.start(wanted);
  }

  /** A speaker of ours, and what its one neighbour has more, in the words of the daemon's file. */
  OurSpeaker ours(String... ofThePeer) throws Exception {
    return ours(Duration.ZERO, ofThePeer);
  }

  OurSpeaker ours(Duration restarted, String... ofThePeer) throws Exception {
    return speaker(restarted, peerText(ofThePeer), "");
  }

  private String peerText(String... more) {
    String where =
        task.has(Knob.UNNUMBERED)
            ? "{name: other, interface: east, as: external"
            : "{name: other, address: \"%s\", as: %d"
                .formatted(task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2", task.as());
    return where
        + ", idleHoldTime: 1, connectRetryTime: 1"
        + (more.length == 0 ? "" : ", " + String.join(", ", more))
        + "}";
  }

  /** A speaker of ours that takes those beside it too, and what these have more. */
  OurSpeaker amongOthers(String ofTheOthers, String... ofThePeer) throws Exception {
    return speaker(
        Duration.ZERO,
        peerText(ofThePeer),
        "ranges:\n- {name: beside, prefix: 10.98.0.0/24, %s}".formatted(ofTheOthers));
  }

  private OurSpeaker speaker(Duration restarted, String first, String second) throws Exception {
    String listen =
        task.has(Knob.UNNUMBERED) ? "[\"[::]:179\"]" : "[\"10.98.0.1:179\", \"[fd98::1]:179\"]";
    String nextHops =
        task.has(Knob.IPV6) || task.has(Knob.UNNUMBERED) ? "[]" : "[10.98.0.1, \"fd98::1\"]";
    return started(
        """
        routerId: 10.98.0.1
        as: %d
        listen: %s
        nextHops: %s
        networks: [%s, "%s"]
        peers:
        - %s
        %s
        """
            .formatted(task.ourAs(), listen, nextHops, OUR_ROUTE, OUR_ROUTE6, first, second),
        restarted);
  }

  /** A speaker beside us, at 10.98.0.{@code number}, that listens nowhere and calls another. */
  OurSpeaker beside(int number, String whom, long as, String network) throws Exception {
    long own = task.isInternal() ? task.ourAs() : 65000 + number;
    return started(
        """
        routerId: 10.98.0.%1$d
        as: %2$d
        listen: []
        nextHops: [10.98.0.%1$d, "fd98::1"]
        networks: [%3$s]
        peers:
        - {name: other, address: %4$s, as: %5$d, source: 10.98.0.%1$d, idleHoldTime: 1,
           connectRetryTime: 1}
        """
            .formatted(number, own, network, whom, as),
        Duration.ZERO);
  }

  private OurSpeaker started(String yaml, Duration restarted) throws Exception {
    if (!(BgpdConfigReader.parse(yaml, directory)
        instanceof BgpdConfigReader.Reading.Valid(BgpdConfig config))) {
      throw new AssertionError(BgpdConfigReader.parse(yaml, directory) + "\n" + yaml);
    }
    SpeakerSettings settings = config.speaker();
    OurSpeaker speaker =
        OurSpeaker.start(
            ours,
            settings.peers(
                settings.peers().stream()
                    .map(p -> p.offers(p.offers().graceful(forwarding(p.offers().graceful()))))
                    .toList()),
            List.<Cidr>copyOf(config.networks()),
            restarted);
    speakers.add(speaker);
    return speaker;
  }

  /** As in the agent, whose routes stay in the kernel while it restarts. */
  private static GracefulRestart forwarding(GracefulRestart of) {
    return of.helping()
        ? new GracefulRestart(
            true, of.restartSeconds(), true, of.notification(), of.longLivedSeconds())
        : of;
  }

  // ---- what cells wait for

  /** A session, and both sides' routes at the other. */
  void exchanged(OurSpeaker us) {
    established(us);
    await("its routes here", () -> us.has(BgpRouter.ROUTE) && us.has(BgpRouter.ROUTE6));
    await(
        "our routes there",
        () -> {
          String learned = router.learned();
          return learned.contains(OUR_ROUTE) && learned.contains(OUR_ROUTE6);
        });
  }

  void established(OurSpeaker us) {
    await("a session", us::stands);
    router.established();
  }

  /** Sets the cell to n/a if the neighbour's OPEN says that it cannot. */
  void needs(OurSpeaker us, Class<? extends Capability> capability, String what) {
    if (us.offered(capability).isEmpty()) {
      throw new NotApplicable("Its OPEN does not offer " + what);
    }
  }

  /** Waits for the other side's word that it cannot do as asked, which is a fault of its own. */
  void fails(String word, String reason) {
    await("'" + word + "' there", () -> router.session().contains(word));
    throw new NotApplicable(reason + ": '" + word + "'");
  }

  void await(String what, BooleanSupplier condition) {
    await(what, DEADLINE, condition);
  }

  void await(String what, Duration longest, BooleanSupplier condition) {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "no %s after %s; we know: %s\nthe other side knows: %s\nand logged: %s"
                .formatted(what, longest, known(), router.learned(), router.lastWords()));
      }
      pause(Duration.ofMillis(50));
    }
  }

  private String known() {
    StringBuilder known = new StringBuilder();
    for (OurSpeaker speaker : speakers) {
      if (speaker.isAlive()) {
        String peers = speaker.ask(s -> s.peers().toString());
        known.append(peers).append('\n');
      }
    }
    return known.toString();
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** All that the other side sends is lost from now on, or not any more. */
  void cut(boolean cut) {
    router.tell(
        "nft",
        cut
            ? "add table inet cut; add chain inet cut out"
                + " { type filter hook output priority 0; policy drop; }"
            : "delete table inet cut");
  }

  /** The link goes down and comes up again, with its addresses. */
  void bounce() {
    ip("-n", ours, "link", "set", "east", "down");
    ip("-n", ours, "link", "set", "east", "up");
    ip("-n", ours, "addr", "replace", "fd98::1/64", "dev", "east", "nodad");
  }

  static int accepted(OurSpeaker us, Family family) {
    return us.counters(family).accepted();
  }

  @Override
  public void close() throws IOException {
    try {
      speakers.forEach(OurSpeaker::close);
    } finally {
      stopRouter();
      Shell.run(List.of("ip", "netns", "delete", ours));
      Shell.run(List.of("ip", "netns", "delete", theirs));
      try (var files = Files.walk(directory)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private void stopRouter() {
    try {
      router.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    String _ = Shell.run(command).orFail();
  }
}
