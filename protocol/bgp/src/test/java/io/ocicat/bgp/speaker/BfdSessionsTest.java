package io.ocicat.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.session.BfdSettings;
import io.ocicat.bgp.session.Liveness;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgp.speaker.World.Node;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What BFD does to sessions, RFC 5882, on a manual clock. */
class BfdSessionsTest {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Cidr PREFIX = Cidr.parse("10.2.0.0/24");

  private final World world = new World(11);
  private final Node a = world.node(65001);
  private final Node b = world.node(65002);
  private final FakeLiveness bfd = a.liveness;

  private void establish(BfdSettings settings) {
    world.connect(a, b, p -> p.bfd(settings), p -> p);
    b.originated.add(PREFIX);
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(Duration.ofSeconds(2));
    assertThat(a.used).containsKey(PREFIX);
  }

  private FsmState state() {
    return a.session(b).state();
  }

  @Test
  void aNeighbourThatNeverSpeaksBfdIsAsGoodAsAny() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofMinutes(5));
    assertThat(state()).isEqualTo(FsmState.ESTABLISHED);
    assertThat(a.session(b).flaps()).isZero();
  }

  @Test
  void whoIsLostLosesSessionAndRoutesAtOnceAlsoWithGracefulRestart() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    world.network.run(Duration.ofSeconds(1));
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofMillis(5));
    assertThat(state()).isEqualTo(FsmState.IDLE);
    assertThat(a.used).doesNotContainKey(PREFIX);
    assertThat(a.session(b).lastError()).isEqualTo("BFD: said by the test");
    assertThat(b.session(a).lastError()).contains("BFD Down");
    assertThat(b.session(a).state()).isNotEqualTo(FsmState.ESTABLISHED);
  }

  @Test
  void routesStayOverALossIfThatIsWantedAndTheControlPlaneMayBeTheCause() {
    establish(BfdSettings.DEFAULT.graceful(true));
    bfd.say(Liveness.State.UP);
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofSeconds(1));
    assertThat(state()).isEqualTo(FsmState.IDLE);
    assertThat(a.used).containsKey(PREFIX);
    bfd.say(Liveness.State.UP);
    world.awaitEstablished(SOON);
    assertThat(a.used).containsKey(PREFIX);
  }

  @Test
  void routesGoWithANeighbourWhoseForwardingIsWhatBfdTells() {
    establish(BfdSettings.DEFAULT.graceful(true));
    bfd.say(Liveness.State.UP);
    bfd.say(new Liveness.Verdict(Liveness.State.DOWN, "silence", true));
    world.network.run(Duration.ofMillis(5));
    assertThat(a.used).doesNotContainKey(PREFIX);
  }

  @Test
  void aSessionThatWasLostWaitsForBfd() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofSeconds(50));
    assertThat(state()).isEqualTo(FsmState.IDLE);
    bfd.say(Liveness.State.UP);
    world.awaitEstablished(SOON);
  }

  @Test
  void butNotForEverBecauseItMayHaveComeBackWithoutBfd() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofSeconds(59));
    assertThat(state()).isEqualTo(FsmState.IDLE);
    world.network.run(Duration.ofMinutes(2));
    assertThat(state()).isEqualTo(FsmState.ESTABLISHED);
  }

  @Test
  void nothingFollowsWhenTheNeighbourSwitchesBfdOff() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    bfd.say(Liveness.State.OFF);
    world.network.run(Duration.ofMinutes(1));
    assertThat(a.session(b).flaps()).isZero();
    assertThat(a.speaker.peers().getFirst().liveness()).contains(Liveness.State.OFF);
  }

  @Test
  void switchingBfdOffFreesASessionThatWaits() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofSeconds(20));
    bfd.say(Liveness.State.OFF);
    world.awaitEstablished(SOON);
  }

  @Test
  void aPersonsResetFreesASessionThatWaits() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    bfd.say(Liveness.State.DOWN);
    world.network.run(Duration.ofSeconds(5));
    a.speaker.reset("n2");
    world.awaitEstablished(SOON);
  }

  @Test
  void otherIntervalsDoNotDisturbAndEndingItEndsTheWatch() {
    establish(BfdSettings.DEFAULT);
    bfd.say(Liveness.State.UP);
    a.peers.replaceAll(
        (_, peer) -> peer.bfd(BfdSettings.every(Duration.ofMillis(100), 3).graceful(true)));
    a.apply();
    assertThat(bfd.settings).extracting(BfdSettings::transmit).containsOnly(Duration.ofMillis(100));
    a.peers.replaceAll((_, peer) -> peer.bfd(BfdSettings.OFF));
    a.apply();
    assertThat(bfd.watched).isEmpty();
    world.network.run(Duration.ofSeconds(5));
    assertThat(a.session(b).flaps()).isZero();
    a.peers.replaceAll((_, peer) -> peer.bfd(BfdSettings.DEFAULT));
    a.apply();
    a.peers.clear();
    a.apply();
    assertThat(bfd.watched).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, BY_TTL, false",
    "1, 0, BY_TTL, false",
    "4, 0, BY_TTL, true",
    "255, 255, BY_TTL, false",
    "255, 254, BY_TTL, true",
    "1, 0, MULTIHOP, true",
    "4, 0, SINGLE_HOP, false"
  })
  void theTimeToLiveSaysWhetherItIsMultihop(
      int ttl, int minimum, BfdSettings.Path path, boolean multihop) {
    Transport usual = Transport.DEFAULT;
    PeerSettings peer =
        World.peer(a, b)
            .transport(
                new Transport(
                    usual.port(), IpAddress.parse("10.0.0.1"), false, "", new Hops(ttl, minimum)))
            .bfd(BfdSettings.DEFAULT.path(path));
    a.peers.put("n2", peer);
    a.start();
    assertThat(bfd.watched)
        .containsExactly(new Liveness.Target(b.v4(), IpAddress.parse("10.0.0.1"), "", multihop));
  }
}
