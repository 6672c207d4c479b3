package io.ocicat.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.session.GracefulRestart;
import io.ocicat.bgp.session.Offers;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.Timers;
import io.ocicat.bgp.speaker.World.Node;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9234, RFC 9494 and RFC 9687 between whole speakers. */
class RolesAndLongLivedTest {

  private static final Duration SOON = Duration.ofSeconds(15);

  private final World world = new World(3);

  private static UnaryOperator<PeerSettings> role(Role ours) {
    return peer -> peer.offers(Offers.DEFAULT.role(ours));
  }

  /** The customer of two providers that gets the policy wrong: it passes everything on. */
  @Test
  void aCustomerDoesNotLeakARouteBetweenItsProviders() {
    Node west = world.node(65001);
    Node customer = world.node(65002);
    Node east = world.node(65003);
    Cidr route = Cidr.parse("10.77.0.0/24");
    Cidr own = Cidr.parse("10.78.0.0/24");
    west.originated.add(route);
    customer.originated.add(own);
    world.connect(west, customer, role(Role.PROVIDER), role(Role.CUSTOMER));
    world.connect(east, customer, role(Role.PROVIDER), role(Role.CUSTOMER));
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(SOON);
    assertThat(customer.used).containsKeys(route, own);
    assertThat(customer.used.get(route)).asString().contains("otc 65001");
    assertThat(east.used).containsKey(own).doesNotContainKey(route);
    assertThat(west.used).containsKey(own);
  }

  /** The customer does not know roles; its other provider sees the leak. */
  @Test
  void aLeakOfSomebodyElsesIsRefused() {
    Node west = world.node(65001);
    Node customer = world.node(65002);
    Node east = world.node(65003);
    Cidr route = Cidr.parse("10.77.0.0/24");
    west.originated.add(route);
    world.connect(west, customer, role(Role.PROVIDER), peer -> peer);
    world.connect(east, customer, role(Role.PROVIDER), peer -> peer);
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(SOON);
    assertThat(customer.used).as("leaked by whom nobody told").containsKey(route);
    assertThat(east.used).doesNotContainKey(route);
    assertThat(east.speaker.rib().view().explain(route).paths())
        .singleElement()
        .satisfies(path -> assertThat(path.importedBy()).contains("leak"));
  }

  @ParameterizedTest
  @CsvSource({
    "PROVIDER, CUSTOMER, true",
    "ROUTE_SERVER, ROUTE_SERVER_CLIENT, true",
    "PEER, PEER, true",
    "PROVIDER, PROVIDER, false",
    "PEER, CUSTOMER, false",
    "ROUTE_SERVER, CUSTOMER, false"
  })
  void rolesHaveToFit(Role one, Role other, boolean fit) {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(a, b, role(one), role(other));
    world.start();
    world.network.run(SOON);
    assertThat(a.session(b).state() == FsmState.ESTABLISHED).isEqualTo(fit);
    if (!fit) {
      assertThat(a.session(b).lastError() + b.session(a).lastError()).contains("Role Mismatch");
    }
  }

  @Test
  void whoDemandsARoleRefusesANeighbourWithout() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    world.connect(
        a, b, peer -> peer.offers(Offers.DEFAULT.role(Role.PROVIDER).demandingRole()), p -> p);
    world.start();
    world.network.run(SOON);
    assertThat(a.session(b).state()).isNotEqualTo(FsmState.ESTABLISHED);
    assertThat(b.session(a).lastError()).contains("Role Mismatch");
  }

  private static UnaryOperator<PeerSettings> longLived(int seconds) {
    return peer ->
        peer.offers(Offers.DEFAULT.graceful(new GracefulRestart(true, 30, true, true, seconds)));
  }

  /**
   * RFC 9494 §4.2, §4.3: the last resort, marked, for those who understand it, and not for ever.
   */
  @Test
  void routesOfALostNeighbourAreALastResortForALongTime() {
    Node lost = world.node(65001);
    Node keeper = world.node(65002);
    Node other = world.node(65003);
    Node knows = world.node(65004);
    Node plain = world.node(65005);
    Cidr alone = Cidr.parse("10.77.0.0/24");
    Cidr shared = Cidr.parse("10.78.0.0/24");
    lost.originated.addAll(List.of(alone, shared));
    other.originated.add(shared);
    world.connect(lost, keeper, longLived(600), longLived(600));
    world.connect(keeper, other);
    world.connect(keeper, knows, longLived(600), longLived(600));
    world.connect(keeper, plain);
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(SOON);
    assertThat(keeper.used.get(shared)).hasSize(2);

    lost.loop.crash();
    world.network.run(Duration.ofSeconds(60));
    assertThat(keeper.used.get(alone)).asString().contains("llgr-stale");
    assertThat(keeper.used.get(shared)).singleElement().asString().contains("65003");
    assertThat(knows.used.get(alone)).asString().contains("llgr-stale");
    assertThat(plain.used).containsKey(shared).doesNotContainKey(alone);

    world.network.run(Duration.ofMinutes(10));
    assertThat(keeper.used).containsKey(shared).doesNotContainKey(alone);
    assertThat(knows.used).doesNotContainKey(alone);
  }

  @Test
  void routesOfANeighbourThatComesBackLateAreFreshAgain() {
    Node lost = world.node(65001);
    Node keeper = world.node(65002);
    Cidr route = Cidr.parse("10.77.0.0/24");
    lost.originated.add(route);
    world.connect(lost, keeper, longLived(600), longLived(600));
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(SOON);
    lost.loop.crash();
    world.network.run(Duration.ofSeconds(60));
    assertThat(keeper.used.get(route)).asString().contains("llgr-stale");
    lost.restart();
    world.network.run(Duration.ofSeconds(90));
    assertThat(keeper.used.get(route)).asString().doesNotContain("llgr-stale");
  }

  /** RFC 9687: without hold timers only what we cannot send tells that nobody reads. */
  @Test
  void aNeighbourThatTakesNothingIsLostAfterTheSendHoldTime() {
    Node a = world.node(65001);
    Node b = world.node(65002);
    Timers patient =
        new Timers(
            0,
            0,
            Timers.DEFAULT.connectRetry(),
            Duration.ZERO,
            Duration.ofSeconds(20),
            Timers.DEFAULT.idleHold(),
            Timers.DEFAULT.longestIdleHold());
    world.connect(a, b, peer -> peer.timers(patient), peer -> peer.timers(patient));
    world.start();
    world.awaitEstablished(SOON);
    world.network.run(SOON);
    world.network.cut(a.loop, b.loop);
    for (int i = 0; i < 30_000; i++) {
      a.speaker
          .rib()
          .originate(
              Cidr.parse("20.%d.%d.0/24".formatted(i >> 8, i & 255)),
              Attributes.builder().build(),
              RouteTag.NONE);
    }
    world.network.run(Duration.ofSeconds(15));
    assertThat(a.session(b).state()).isEqualTo(FsmState.ESTABLISHED);
    world.network.run(Duration.ofSeconds(15));
    assertThat(a.session(b).state()).isNotEqualTo(FsmState.ESTABLISHED);
    assertThat(a.session(b).lastError()).contains("Send Hold Timer Expired");
  }
}
