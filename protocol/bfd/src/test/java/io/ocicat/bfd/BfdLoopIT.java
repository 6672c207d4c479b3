package io.ocicat.bfd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two loops in two network namespaces with a veth pair between them. */
@Timeout(60)
class BfdLoopIT {

  private static final BfdTimers FAST =
      new BfdTimers(Duration.ofMillis(100), Duration.ofMillis(100), 3);

  private final String left = "ocibfd-l" + ProcessHandle.current().pid();
  private final String right = "ocibfd-r" + ProcessHandle.current().pid();
  private BfdLoop a;
  private BfdLoop b;

  @BeforeEach
  void makeNetwork() {
    ip("netns", "add", left);
    ip("netns", "add", right);
    ip("-n", left, "link", "add", "east", "type", "veth", "peer", "west", "netns", right);
    for (String[] end : new String[][] {{left, "east", "1"}, {right, "west", "2"}}) {
      ip("-n", end[0], "addr", "add", "10.99.0." + end[2] + "/24", "dev", end[1]);
      ip("-n", end[0], "addr", "add", "fd99::" + end[2] + "/64", "dev", end[1], "nodad");
      ip("-n", end[0], "addr", "add", "fe80::" + end[2] + "/64", "dev", end[1], "nodad");
      ip("-n", end[0], "link", "set", end[1], "up");
    }
    a = loop(left, 1);
    b = loop(right, 2);
  }

  private static BfdLoop loop(String name, long seed) {
    try (NetNamespace namespace = NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(name))) {
      return namespace.call(() -> BfdLoop.start(new Random(seed)));
    }
  }

  @AfterEach
  void removeNetwork() {
    if (a != null) {
      a.close();
    }
    if (b != null) {
      b.close();
    }
    run("ip", "netns", "delete", left);
    run("ip", "netns", "delete", right);
  }

  @Test
  void seesALinkThatCarriesNothingAnyMore() throws Exception {
    for (String[] pair :
        new String[][] {
          {"10.99.0.1", "10.99.0.2"}, {"fd99::1", "fd99::2"}, {"fe80::1", "fe80::2"}
        }) {
      BlockingQueue<BfdVerdict> verdicts = new LinkedBlockingQueue<>();
      try (BfdLoop.Watch ofA = a.watch(between(pair[0], pair[1], "east"), FAST, verdicts::add)) {
        comesUpAndSeesLoss(pair, verdicts);
        assertThat(next(verdicts, BfdState.DOWN).diagnostic())
            .isEqualTo(BfdDiagnostic.NEIGHBOR_SIGNALED_DOWN);
        assertThat(ofA).isNotNull();
      }
    }
  }

  private void comesUpAndSeesLoss(String[] pair, BlockingQueue<BfdVerdict> verdicts)
      throws InterruptedException {
    try (BfdLoop.Watch ofB = b.watch(between(pair[1], pair[0], "west"), FAST, _ -> {})) {
      assertThat(next(verdicts, BfdState.UP).diagnostic()).isEqualTo(BfdDiagnostic.NONE);
      // The timers of the peer are in force once the poll has ended.
      Thread.sleep(500);
      assertThat(a.status().getFirst().timing().detectionTimeMicros()).isEqualTo(300_000);
      long start = System.nanoTime();
      // The link stays up, and carries nothing.
      nft(
          "add table inet cut; add chain inet cut out { type filter hook output priority 0; policy drop; }");
      assertThat(next(verdicts, BfdState.DOWN).diagnostic())
          .isEqualTo(BfdDiagnostic.DETECTION_TIME_EXPIRED);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      nft("delete table inet cut");
      next(verdicts, BfdState.UP);
      assertThat(ofB).isNotNull();
    }
  }

  private void nft(String commands) {
    ip("netns", "exec", right, "nft", commands);
  }

  @Test
  void looksAtNothingThatCameThroughARouterUnlessItMay() throws Exception {
    BlockingQueue<BfdVerdict> verdicts = new LinkedBlockingQueue<>();
    // The other end's packets arrive with 254 hops left.
    nft(
        "add table ip hops; add chain ip hops out { type filter hook output priority 0; }; add rule ip hops out ip protocol udp ip ttl set 254");
    try (BfdLoop.Watch one = a.watch(peer("10.99.0.2", "", false), FAST, verdicts::add);
        BfdLoop.Watch other = b.watch(peer("10.99.0.1", "", false), FAST, _ -> {})) {
      assertThat(verdicts.poll(3, TimeUnit.SECONDS)).isNull();
      assertThat(a.status().getFirst().received()).isZero();
      assertThat(List.of(one, other)).hasSize(2);
    }
    try (BfdLoop.Watch one = a.watch(peer("10.99.0.2", "", true), FAST, verdicts::add);
        BfdLoop.Watch other = b.watch(peer("10.99.0.1", "", true), FAST, _ -> {})) {
      next(verdicts, BfdState.UP);
      assertThat(List.of(one, other)).hasSize(2);
    }
  }

  @Test
  void waitsForAnAddressAndAnInterfaceThatAreNotThereYet() throws Exception {
    BlockingQueue<BfdVerdict> verdicts = new LinkedBlockingQueue<>();
    BfdPeer early =
        new BfdPeer(
            IpAddress.parse("10.98.0.2"),
            Optional.of(IpAddress.parse("10.98.0.1")),
            "",
            false,
            false);
    try (BfdLoop.Watch one = a.watch(early, FAST, verdicts::add);
        BfdLoop.Watch other = b.watch(peer("10.98.0.1", "", false), FAST, _ -> {})) {
      assertThat(a.status().getFirst().problem()).isPresent();
      ip("-n", left, "addr", "add", "10.98.0.1/24", "dev", "east");
      ip("-n", right, "addr", "add", "10.98.0.2/24", "dev", "west");
      next(verdicts, BfdState.UP);
      assertThat(a.status().getFirst().problem()).isEmpty();
      assertThat(List.of(one, other)).hasSize(2);
    }
  }

  @Test
  void refusesASecondSessionWithAPeer() {
    try (BfdLoop.Watch one = a.watch(peer("10.99.0.2", "", false), FAST, _ -> {})) {
      assertThatThrownBy(() -> a.watch(peer("10.99.0.2", "", false), FAST, _ -> {}))
          .hasMessageContaining("there is a session with 10.99.0.2 already");
      assertThat(one).isNotNull();
    }
  }

  private static BfdPeer between(String local, String remote, String device) {
    return new BfdPeer(
        IpAddress.parse(remote), Optional.of(IpAddress.parse(local)), device, false, false);
  }

  private static BfdPeer peer(String address, String device, boolean multihop) {
    return new BfdPeer(IpAddress.parse(address), Optional.empty(), device, multihop, false);
  }

  private static BfdVerdict next(BlockingQueue<BfdVerdict> verdicts, BfdState state)
      throws InterruptedException {
    for (long end = System.nanoTime() + 20_000_000_000L; System.nanoTime() < end; ) {
      BfdVerdict verdict = verdicts.poll(1, TimeUnit.SECONDS);
      if (verdict != null && verdict.now() == state) {
        return verdict;
      }
    }
    throw new AssertionError("did not become " + state);
  }

  private static void ip(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    String said = run(command);
    assertThat(said).as(String.join(" ", command)).isEmpty();
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("run " + String.join(" ", command), e);
    }
  }
}
