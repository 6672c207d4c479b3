package io.ocicat.bfd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BfdSessionTest {

  private static final long MS = 1_000_000;

  private static BfdTimers timers(int txMillis, int rxMillis, int multiplier) {
    return new BfdTimers(Duration.ofMillis(txMillis), Duration.ofMillis(rxMillis), multiplier);
  }

  /** One end: what it sent and how it changed, with the time in milliseconds. */
  private static final class End implements BfdSession.Out {
    final BfdSession session;
    final Deque<BfdPacket> sent = new ArrayDeque<>();
    final List<String> changes = new ArrayList<>();
    final List<Long> sentAtMs = new ArrayList<>();
    long now;

    End(int discriminator, BfdTimers timers, boolean passive) {
      session = new BfdSession(discriminator, timers, passive, new Random(discriminator), this);
    }

    @Override
    public void send(BfdPacket packet) {
      sent.add(packet);
      sentAtMs.add(now / MS);
    }

    @Override
    public void changed(BfdState before, BfdState now, BfdDiagnostic diagnostic) {
      changes.add(before + "→" + now + (diagnostic == BfdDiagnostic.NONE ? "" : " " + diagnostic));
    }
  }

  /** Two ends on one clock, and a wire between them. */
  private static final class Pair {
    final End a;
    final End b;
    boolean cut;
    long now;

    Pair(End a, End b) {
      this.a = a;
      this.b = b;
      a.session.start(0);
      b.session.start(0);
    }

    void run(long millis) {
      long end = now + millis * MS;
      for (; now < end; now += MS) {
        for (End each : List.of(a, b)) {
          each.now = now;
          if (each.session.nextNanos() <= now) {
            each.session.tick(now);
          }
        }
        carry(a, b);
        carry(b, a);
      }
    }

    private void carry(End from, End to) {
      while (!from.sent.isEmpty()) {
        BfdPacket packet = from.sent.poll();
        if (!cut && BfdPacket.read(packet.encode()) instanceof BfdPacket.Read.Packet(var read)) {
          to.session.receive(read, now);
        }
      }
    }
  }

  private static Pair pair(BfdTimers a, BfdTimers b) {
    return new Pair(new End(1, a, false), new End(2, b, false));
  }

  @Test
  void comesUpByThreeWaysAndAgreesOnTheSlowerTimers() {
    Pair pair = pair(timers(100, 100, 3), timers(300, 50, 4));
    pair.run(5000);
    assertThat(pair.a.changes).containsExactly("Down→Init", "Init→Up");
    assertThat(pair.b.session.state()).isEqualTo(BfdState.UP);
    // We send every max(our tx, their rx); they are given up after their multiplier times max(our
    // rx, their tx).
    assertThat(pair.a.session.timing().txIntervalMicros()).isEqualTo(100_000);
    assertThat(pair.a.session.timing().detectionTimeMicros()).isEqualTo(4 * 300_000);
    assertThat(pair.b.session.timing().txIntervalMicros()).isEqualTo(300_000);
    assertThat(pair.b.session.timing().detectionTimeMicros()).isEqualTo(3 * 100_000);
  }

  @Test
  void seesASilenceWithinTheDetectionTime() {
    Pair pair = pair(timers(100, 100, 3), timers(100, 100, 3));
    pair.run(5000);
    pair.cut = true;
    pair.run(190);
    assertThat(pair.a.session.state()).isEqualTo(BfdState.UP);
    pair.run(111);
    assertThat(pair.a.session.state()).isEqualTo(BfdState.DOWN);
    assertThat(pair.a.changes).endsWith("Up→Down control detection time expired");
    pair.cut = false;
    pair.run(5000);
    assertThat(pair.a.session.state()).isEqualTo(BfdState.UP);
    assertThat(pair.b.session.state()).isEqualTo(BfdState.UP);
  }

  @Test
  void sendsOncePerSecondUntilItIsUpAndWithJitterAfter() {
    End alone = new End(7, timers(100, 100, 3), false);
    alone.session.start(0);
    for (long now = 0; now < 20_000 * MS; now += MS) {
      alone.now = now;
      alone.session.tick(now);
    }
    assertThat(alone.sentAtMs).hasSizeBetween(20, 27);
    for (int i = 1; i < alone.sentAtMs.size(); i++) {
      assertThat(alone.sentAtMs.get(i) - alone.sentAtMs.get(i - 1)).isBetween(750L, 1001L);
    }
    Pair pair = pair(timers(100, 100, 3), timers(100, 100, 3));
    pair.run(5000);
    pair.a.sentAtMs.clear();
    pair.run(10_000);
    for (int i = 1; i < pair.a.sentAtMs.size(); i++) {
      assertThat(pair.a.sentAtMs.get(i) - pair.a.sentAtMs.get(i - 1)).isBetween(75L, 101L);
    }
  }

  @Test
  void tellsThePeerOfAnEndOnPurposeAndStaysDownForIt() {
    Pair pair = pair(timers(100, 100, 3), timers(100, 100, 3));
    pair.run(5000);
    pair.a.session.shutDown(pair.now);
    pair.run(1);
    assertThat(pair.b.changes).endsWith("Up→Down neighbor signaled session down");
    pair.run(5000);
    assertThat(pair.a.session.state()).isEqualTo(BfdState.ADMIN_DOWN);
    assertThat(pair.b.session.state()).isEqualTo(BfdState.DOWN);
  }

  @Test
  void passiveEndsWaitForTheFirstPacket() {
    Pair both =
        new Pair(new End(1, timers(100, 100, 3), true), new End(2, timers(100, 100, 3), true));
    both.run(5000);
    assertThat(both.a.sentAtMs).isEmpty();
    Pair one =
        new Pair(new End(1, timers(100, 100, 3), true), new End(2, timers(100, 100, 3), false));
    one.run(5000);
    assertThat(one.a.session.state()).isEqualTo(BfdState.UP);
    one.cut = true;
    one.run(1000);
    int sent = one.a.sentAtMs.size();
    one.run(5000);
    assertThat(one.a.sentAtMs).hasSize(sent);
  }

  @Test
  void changesTimersByAPollWithoutALoss() {
    Pair pair = pair(timers(300, 300, 3), timers(300, 300, 3));
    pair.run(5000);
    pair.a.session.change(timers(50, 50, 3), pair.now);
    pair.b.session.change(timers(50, 50, 3), pair.now);
    pair.run(2000);
    assertThat(pair.a.session.timing().txIntervalMicros()).isEqualTo(50_000);
    assertThat(pair.a.session.timing().detectionTimeMicros()).isEqualTo(150_000);
    pair.a.session.change(timers(500, 500, 3), pair.now);
    pair.run(3000);
    assertThat(pair.a.session.timing().txIntervalMicros()).isEqualTo(500_000);
    assertThat(pair.b.session.timing().detectionTimeMicros()).isEqualTo(1_500_000);
    assertThat(pair.a.changes).containsExactly("Down→Init", "Init→Up");
    assertThat(pair.b.changes).hasSize(2);
  }

  @Test
  void keepsSilentForAPeerThatWantsNothingAndGoesOnWhenItDoes() {
    End end = new End(1, timers(100, 100, 3), false);
    end.session.start(0);
    end.session.receive(packet(BfdState.DOWN, 0), 0);
    end.sentAtMs.clear();
    for (long now = 0; now < 5000 * MS; now += MS) {
      end.now = now;
      end.session.receive(packet(BfdState.DOWN, 0), now);
      end.session.tick(now);
    }
    assertThat(end.sentAtMs).isEmpty();
    end.session.receive(packet(BfdState.INIT, 100_000), 5000 * MS);
    assertThat(end.sentAtMs).isNotEmpty();
  }

  /** Section 6.8.6, state by state: what a packet with the peer's state does. */
  @ParameterizedTest
  @CsvSource({
    "DOWN, ADMIN_DOWN, DOWN",
    "DOWN, DOWN, INIT",
    "DOWN, INIT, UP",
    "DOWN, UP, DOWN",
    "INIT, ADMIN_DOWN, DOWN",
    "INIT, DOWN, INIT",
    "INIT, INIT, UP",
    "INIT, UP, UP",
    "UP, ADMIN_DOWN, DOWN",
    "UP, DOWN, DOWN",
    "UP, INIT, UP",
    "UP, UP, UP",
    "ADMIN_DOWN, ADMIN_DOWN, ADMIN_DOWN",
    "ADMIN_DOWN, DOWN, ADMIN_DOWN",
    "ADMIN_DOWN, INIT, ADMIN_DOWN",
    "ADMIN_DOWN, UP, ADMIN_DOWN",
  })
  void followsTheTableOfTheRfc(BfdState before, BfdState remote, BfdState after) {
    End end = new End(1, timers(100, 100, 3), false);
    end.session.start(0);
    switch (before) {
      case DOWN -> {}
      case INIT -> end.session.receive(packet(BfdState.DOWN, 100_000), 0);
      case UP -> end.session.receive(packet(BfdState.INIT, 100_000), 0);
      case ADMIN_DOWN -> end.session.shutDown(0);
    }
    assertThat(end.session.state()).isEqualTo(before);
    end.session.receive(packet(remote, 100_000), MS);
    assertThat(end.session.state()).isEqualTo(after);
  }

  private static BfdPacket packet(BfdState state, long minRxMicros) {
    return new BfdPacket(
        BfdDiagnostic.NONE, state, false, false, false, false, 3, 9, 1, 100_000, minRxMicros, 0);
  }
}
