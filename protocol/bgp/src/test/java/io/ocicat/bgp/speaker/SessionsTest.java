package io.ocicat.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.rib.MaxPrefixes;
import io.ocicat.bgp.session.FamilyOffer;
import io.ocicat.bgp.session.GracefulRestart;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgp.session.Routing;
import io.ocicat.bgp.session.Timers;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgp.speaker.World.Node;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions between speakers on a manual clock. */
class SessionsTest {

  private static final Duration SOON = Duration.ofSeconds(15);

  private final World world = new World(7);

  private static Transport transport(boolean passive, String key) {
    return new Transport(
        Transport.BGP_PORT, IpAddress.parse("0.0.0.0"), passive, key, Hops.UNLIMITED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void bothConnectAtOnceAndOneSessionStays(long seed) {
    World colliding = new World(seed);
    Node a = colliding.node(65001);
    Node b = colliding.node(65002);
    colliding.connect(a, b);
    colliding.start();
    colliding.awaitEstablished(SOON);
    colliding.network.run(Duration.ofSeconds(5));
    assertThat(colliding.allEstablished()).as("seed %d", seed).isTrue();
    assertThat(colliding.network.openEnds()).isEqualTo(2);
    assertThat(a.session(b).flaps()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whoWasNotKnownYetIsANeighbourLikeAnyOther(long seed) {
    World late = new World(seed);
    Node a = late.node(65001);
    Node b = late.node(65002);
    late.connect(a, b);
    PeerSettings known = b.peers.remove("n1");
    late.start();
    assertThat(late.network.runUntil(() -> a.session(b).state() == FsmState.OPEN_SENT, SOON))
        .isTrue();
    b.peers.put("n1", known);
    b.apply();
    late.awaitEstablished(SOON);
    late.network.run(Duration.ofSeconds(5));
    assertThat(a.session(b).flaps() + b.session(a).flaps()).as("seed %d", seed).isZero();
  }

  @Test
  void agreesOnWhatBothOffer() {
    Node a = world.node(65001);
    Node b = world.node(4_200_000_000L);
    world.connect(
        a, b, p -> p.timers(Timers.DEFAULT.hold(30)), p -> p.timers(Timers.DEFAULT.hold(9)));
    world.start();
    world.awaitEstablished(SOON);
    Negotiated agreed = a.session(b).negotiated().orElseThrow();
    assertThat(agreed.holdSeconds()).isEqualTo(9);
    assertThat(agreed.keepaliveSeconds()).isEqualTo(3);
    assertThat(agreed.remoteAs()).isEqualTo(4_200_000_000L);
    assertThat(agreed.families()).hasSize(2);
    assertThat(agreed.internal()).isFalse();
    assertThat(agreed.gracefulRestart()).isTrue();
  }

  @Test
  void fastTimersHoldForAnHour() {
    Node a = world.node(65001);
    Node b = world.node(65001);
    world.connect(
        a, b, p -> p.timers(Timers.DEFAULT.hold(3)), p -> p.timers(Timers.DEFAULT.hold(3)));
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(Duration.ofHours(1));
    assertThat(a.session(b).flaps()).isZero();
    assertThat(world.allEstablished()).isTrue();
  }

  @Test
  void holdTimeZeroNeedsNoKeepalives() {
    Node a = world.node(65001);
    Node b = world.node(65001);
    world.connect(a, b, p -> p.timers(Timers.DEFAULT.hold(0)), p -> p);
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(Duration.ofHours(1));
    assertThat(a.session(b).flaps()).isZero();
  }

  @Test
  void aSilentNeighbourIsLostAfterTheHoldTime() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b, p -> p.timers(Timers.DEFAULT.hold(9)), p -> p);
    world.start();
    world.awaitEstablished(SOON);
    world.network.cut(a.loop, b.loop);
    world.network.run(Duration.ofSeconds(5));
    assertThat(a.session(b).state()).isEqualTo(FsmState.ESTABLISHED);
    world.network.run(Duration.ofSeconds(5));
    assertThat(a.session(b).state()).isNotEqualTo(FsmState.ESTABLISHED);
    assertThat(a.session(b).lastError()).contains("Hold Timer Expired");
    world.network.heal(a.loop, b.loop);
    world.awaitEstablished(Duration.ofMinutes(2));
  }

  @Test
  void aNeighbourThatRestartsIsBackWithinSeconds() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b);
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(Duration.ofMinutes(5));
    b.restart();
    world.network.run(Duration.ofMillis(100));
    world.awaitEstablished(Duration.ofSeconds(5));
  }

  @Test
  void theOneWhoIsPassiveWaits() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b, p -> p.transport(transport(true, "")), p -> p);
    a.start();
    world.network.run(Duration.ofMinutes(1));
    assertThat(a.session(b).state()).isEqualTo(FsmState.ACTIVE);
    b.start();
    world.awaitEstablished(SOON);
    assertThat(a.session(b).connection().orElseThrow().local().port()).isEqualTo(179);
  }

  @Test
  void refusesAnotherAsAndSaysSo() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b);
    a.peers.put(
        "n2",
        PeerSettings.of("n2", new PeerAddress.At(b.v4(), ""), 65001, new RemoteAs.Exactly(65009)));
    world.start();
    world.network.run(SOON);
    assertThat(a.session(b).state()).isNotEqualTo(FsmState.ESTABLISHED);
    assertThat(b.session(a).lastError()).contains("Bad Peer AS");
  }

  @Test
  void keysHaveToAgree() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(
        a, b, p -> p.transport(transport(false, "x")), p -> p.transport(transport(false, "y")));
    world.start();
    world.network.run(Duration.ofMinutes(1));
    assertThat(world.allEstablished()).isFalse();
    b.peers.put("n1", World.peer(b, a).transport(transport(false, "x")));
    b.apply();
    world.awaitEstablished(Duration.ofSeconds(60));
  }

  @Test
  void aSessionThatIsDisabledTellsWhy() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b);
    world.start();
    world.awaitEstablished(SOON);
    a.peers.computeIfPresent("n2", (name, p) -> p.disabled("back at noon"));
    a.apply();
    world.network.run(Duration.ofMinutes(10));
    assertThat(a.session(b).state()).isEqualTo(FsmState.IDLE);
    assertThat(b.session(a).state()).isNotEqualTo(FsmState.ESTABLISHED);
    a.peers.put("n2", World.peer(a, b));
    a.apply();
    world.awaitEstablished(Duration.ofMinutes(2));
  }

  @Test
  void theTextOfAShutdownArrives() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b);
    world.start();
    world.awaitEstablished(SOON);
    a.peers.computeIfPresent("n2", (name, p) -> p.disabled("back at noon"));
    a.apply();
    world.network.run(Duration.ofMillis(200));
    assertThat(b.session(a).lastError()).contains("back at noon");
  }

  @Test
  void whatDoesNotConcernASessionDoesNotDisturbIt() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Node c = world.node(65003);
    world.connect(a, b);
    world.start();
    world.network.run(SOON);
    world.connect(a, c);
    a.peers.computeIfPresent(
        "n2",
        (name, p) ->
            p.timers(
                new Timers(
                    90,
                    0,
                    Duration.ofSeconds(7),
                    Duration.ZERO,
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30))));
    a.apply();
    c.apply();
    world.awaitEstablished(SOON);
    assertThat(a.session(b).flaps()).isZero();
  }

  @Test
  void takesWhoeverComesFromARangeUpToItsBound() {
    Node a = world.node(65001);
    PeerSettings template =
        PeerSettings.of(
            "template",
            new PeerAddress.At(IpAddress.parse("10.0.0.0"), ""),
            65001,
            new RemoteAs.External());
    a.dynamic = List.of(new DynamicPeers("leaves", Cidr.parse("10.0.0.0/24"), template, 3));
    a.start();
    for (int i = 0; i < 5; i++) {
      Node leaf = world.node(65100 + i);
      leaf.peers.put("n1", World.peer(leaf, a));
      leaf.start();
    }
    world.network.run(Duration.ofMinutes(1));
    assertThat(a.speaker.peers()).hasSize(3).allMatch(PeerView::dynamic);
    assertThat(a.speaker.peers()).allMatch(p -> p.state() == FsmState.ESTABLISHED);
    world.nodes.get(1).loop.crash();
    world.nodes.get(2).loop.crash();
    world.nodes.get(3).loop.crash();
    world.network.run(Duration.ofMinutes(3));
    assertThat(a.speaker.peers()).hasSize(2);
  }

  @Test
  void delayedOpensStillMeet() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Timers delayed =
        new Timers(
            90,
            0,
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60));
    world.connect(a, b, p -> p.timers(delayed), p -> p.timers(delayed));
    world.start();
    world.awaitEstablished(Duration.ofSeconds(30));
  }

  @Test
  void aFlappingNeighbourIsTriedLessOften() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b, p -> p, p -> p.transport(transport(true, "")));
    world.start();
    world.awaitEstablished(SOON);
    int flaps = 0;
    long until = world.network.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (world.network.nanoTime() < until) {
      world.network.runUntil(world::allEstablished, Duration.ofMinutes(2));
      world.network.resetConnections(a.loop, b.loop);
      world.network.run(Duration.ofMillis(50));
      flaps++;
    }
    assertThat(flaps).isBetween(8, 30);
  }

  @Test
  void routesOfANeighbourThatIsKilledStayUntilItIsBack() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Cidr kept = Cidr.parse("10.77.0.0/24");
    Cidr gone = Cidr.parse("10.78.0.0/24");
    b.originated.add(kept);
    b.originated.add(gone);
    world.connect(a, b);
    world.start();
    world.network.run(SOON);
    assertThat(a.used).containsKeys(kept, gone);
    b.loop.crash();
    world.network.run(Duration.ofSeconds(30));
    assertThat(a.session(b).state()).isNotEqualTo(FsmState.ESTABLISHED);
    assertThat(a.used).containsKeys(kept, gone);
    b.originated.remove(gone);
    b.restart();
    world.network.run(SOON);
    assertThat(a.used).containsKey(kept).doesNotContainKey(gone);
  }

  @Test
  void routesOfANeighbourThatStaysAwayGoAfterItsRestartTime() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Cidr route = Cidr.parse("10.77.0.0/24");
    b.originated.add(route);
    world.connect(a, b);
    world.start();
    world.network.run(SOON);
    b.loop.crash();
    world.network.run(Duration.ofSeconds(100));
    assertThat(a.used).containsKey(route);
    world.network.run(Duration.ofSeconds(30));
    assertThat(a.used).doesNotContainKey(route);
  }

  @Test
  void aHardResetLeavesNothing() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Cidr route = Cidr.parse("10.77.0.0/24");
    b.originated.add(route);
    world.connect(a, b);
    world.start();
    world.network.run(SOON);
    b.peers.computeIfPresent("n1", (name, p) -> p.disabled("over"));
    b.apply();
    world.network.run(Duration.ofSeconds(1));
    assertThat(a.session(b).lastError()).contains("Hard Reset");
    assertThat(a.used).doesNotContainKey(route);
  }

  @Test
  void withoutGracefulRestartRoutesGoWithTheSession() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Cidr route = Cidr.parse("10.77.0.0/24");
    b.originated.add(route);
    world.connect(a, b, p -> p.offers(p.offers().graceful(GracefulRestart.OFF)), p -> p);
    world.start();
    world.network.run(SOON);
    assertThat(a.used).containsKey(route);
    b.loop.crash();
    world.network.run(Duration.ofSeconds(1));
    assertThat(a.used).doesNotContainKey(route);
  }

  @Test
  void whoSendsTooManyPrefixesStaysDownForTheTimeChosen() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    for (int i = 0; i < 5; i++) {
      b.originated.add(Cidr.parse("10.77.%d.0/24".formatted(i)));
    }
    FamilyOffer three = new FamilyOffer(false, 1, new MaxPrefixes(3, 0, true));
    world.connect(
        a,
        b,
        p ->
            p.offers(p.offers().families(Map.of(Family.IPV4_UNICAST, three)))
                .restartAfterMaximum(Duration.ofMinutes(5)),
        p -> p);
    world.start();
    world.network.run(SOON);
    assertThat(a.session(b).state()).isEqualTo(FsmState.IDLE);
    assertThat(a.session(b).lastError()).contains("Maximum Number of Prefixes");
    assertThat(a.used).isEmpty();
    b.originated.clear();
    b.restart();
    world.network.run(Duration.ofMinutes(2));
    assertThat(a.session(b).state()).isEqualTo(FsmState.IDLE);
    world.network.run(Duration.ofMinutes(4));
    assertThat(a.session(b).state()).isEqualTo(FsmState.ESTABLISHED);
  }

  @Test
  void becomingAReflectorLosesNeitherSessionNorRoute() {
    Node reflector = world.node(65001);
    Node left = world.node(65001);
    Node right = world.node(65001);
    Cidr route = Cidr.parse("10.77.0.0/24");
    left.originated.add(route);
    world.connect(reflector, left);
    world.connect(reflector, right);
    world.start();
    world.network.run(SOON);
    assertThat(reflector.used).containsKey(route);
    assertThat(right.used).doesNotContainKey(route);
    Routing client = new Routing(true, Routing.DEFAULT.nextHopMode(), 0, true);
    reflector.peers.replaceAll((name, p) -> p.routing(client));
    reflector.clusterId = 77;
    reflector.apply();
    world.network.run(Duration.ofSeconds(1));
    assertThat(right.used).containsKey(route);
    assertThat(reflector.used).containsKey(route);
    assertThat(reflector.session(left).flaps() + reflector.session(right).flaps()).isZero();
  }
}
