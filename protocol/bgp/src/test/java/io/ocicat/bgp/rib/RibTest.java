package io.ocicat.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ocicat.bgp.decision.DecisionStep;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What neighbours, listeners and people are told, case by case. */
final class RibTest {
  private static final Family V4 = Family.IPV4_UNICAST;

  private final ManualBackground background = new ManualBackground();
  private final Map<IpAddress, Reachability> reach = new HashMap<>();
  private final Set<IpAddress> watched = new TreeSet<>();
  private final Rib rib =
      new Rib(
          RibSettings.DEFAULT,
          new NextHops() {
            @Override
            public Reachability watch(IpAddress nextHop) {
              watched.add(nextHop);
              return reach.getOrDefault(nextHop, Reachability.CONNECTED);
            }

            @Override
            public void forget(IpAddress nextHop) {
              watched.remove(nextHop);
            }
          },
          background);

  private static RibModel.Peer peer(String name, PeerType kind, long as) {
    return new RibModel.Peer(
        name,
        kind,
        as,
        name.hashCode(),
        IpAddress.parse("10.1.0." + (1 + Math.floorMod(name.hashCode(), 250))),
        RibModel.Filter.ACCEPT,
        RibModel.Filter.ACCEPT,
        NextHopMode.AUTO,
        1,
        false);
  }

  private TestSession external(String name, long as) {
    return new TestSession(rib, peer(name, PeerType.EXTERNAL, as), false, PeerEvents.NONE);
  }

  private static ModelRoute route(long... path) {
    List<Long> ases = new ArrayList<>();
    for (long as : path) {
      ases.add(as);
    }
    return new ModelRoute(
        0, ases, IpAddress.parse("10.9.0.1"), -1, -1, new TreeSet<>(), 0, List.of());
  }

  private static List<Cidr> prefixes(int from, int count) {
    List<Cidr> prefixes = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      prefixes.add(new Cidr(new Ipv4Address(0x20000000 + (i << 8)), 24));
    }
    return prefixes;
  }

  private void read(TestSession... sessions) {
    boolean more = true;
    while (more) {
      more = false;
      background.runAll();
      for (TestSession session : sessions) {
        if (session.mayRead()) {
          session.take(Integer.MAX_VALUE);
          more = true;
        }
      }
    }
  }

  @Test
  void endOfRibFollowsTheFirstTableAndComesOnce() {
    TestSession a = external("a", 65001);
    a.announce(route(65001), prefixes(0, 3), 0);
    TestSession b = external("b", 65002);
    read(a, b);
    assertThat(b.held(IpFamily.IPV4)).hasSize(3);
    assertThat(b.endsOfRib).containsExactlyInAnyOrder(V4, Family.IPV6_UNICAST);
    a.announce(route(65001, 7), prefixes(3, 1), 0);
    read(a, b);
    assertThat(b.endsOfRib).hasSize(2);
  }

  /**
   * Many prefixes come in an order that is worst for packing; the late neighbour sees none of it.
   */
  @Test
  void lateNeighbourGetsFullUpdatesByAttributes() {
    TestSession a = external("a", 65001);
    int sets = 40;
    for (int i = 0; i < 1000; i++) {
      for (int set = 0; set < sets; set++) {
        a.announce(route(65001, 65100 + set), prefixes(set * 1000 + i, 1), 0);
      }
    }
    TestSession late = external("late", 65002);
    TestSession too = external("too", 65003);
    late.take(1);
    background.step(1000); // the order is found in slices
    a.announce(route(65001, 65999), prefixes(5, 1), 0);
    read(late, too);
    assertThat(late.held(IpFamily.IPV4)).hasSize(sets * 1000);
    assertThat(late.held(IpFamily.IPV4)).isEqualTo(too.held(IpFamily.IPV4));
    // 1000 prefixes of four octets need one UPDATE and a bit; windows have a few borders more.
    assertThat(late.updates).isLessThan(2 * sets + 15);
    assertThat(late.held(IpFamily.IPV4).get(prefixes(5, 1).getFirst()))
        .singleElement()
        .satisfies(route -> assertThat(route.asPath()).containsExactly(64512L, 65001L, 65999L));
  }

  @Test
  void neighboursOfAGroupShareTheSameOctets() {
    TestSession a = external("a", 65001);
    TestSession b = external("b", 65002);
    TestSession c = external("c", 65003);
    read(a, b, c);
    a.announce(route(65001), prefixes(0, 5), 0);
    ByteBuffer first = b.routes.next();
    ByteBuffer second = c.routes.next();
    assertThat(first).isNotNull().isEqualTo(second);
    assertThat(a.routes.next()).isNull();
    assertThat(rib.counters(V4).groups()).isEqualTo(1);
  }

  /** Somebody who never reads costs no more than the backlog, and gets the latest state later. */
  @Test
  void slowNeighbourHoldsUpNobodyAndGetsTheLatestState() {
    TestSession a = external("a", 65001);
    TestSession slow = external("slow", 65002);
    TestSession fast = external("fast", 65003);
    read(a, slow, fast);
    for (int round = 0; round < 300; round++) {
      a.announce(route(65001, 65100 + round), prefixes(0, 900), 0);
      a.announce(route(65001, 65100 + round), prefixes(900, 900), 0);
      read(a, fast);
      fast.take(1);
    }
    a.withdraw(prefixes(0, 100), 0);
    read(a, fast);
    int before = slow.updates;
    read(slow);
    assertThat(slow.held(IpFamily.IPV4)).isEqualTo(fast.held(IpFamily.IPV4)).hasSize(1700);
    assertThat(slow.updates - before).isLessThan(1200);
    a.announce(route(65001, 5), prefixes(5000, 1), 0);
    assertThat(slow.woken).isTrue();
    assertThat(fast.woken).isTrue();
  }

  @Test
  void refreshIsMarkedAtBothEnds() {
    TestSession a = external("a", 65001);
    a.announce(route(65001), prefixes(0, 3), 0);
    TestSession b = external("b", 65002);
    read(a, b);
    int told = b.announcements;
    b.routes.refresh(V4, RefreshSubtype.REQUEST);
    read(b);
    assertThat(b.refreshes).containsExactly(1, 2);
    assertThat(b.announcements - told).isEqualTo(3);
    assertThat(b.endsOfRib).hasSize(2);
  }

  @Test
  void warnsOfManyPrefixesAndEndsTheSessionAtTooMany() {
    List<String> told = new ArrayList<>();
    RibModel.Peer peer = peer("a", PeerType.EXTERNAL, 65001);
    PeerTraits traits =
        TestSession.traits(
            peer,
            false,
            new PeerEvents() {
              @Override
              public void prefixLimit(Family family, int received, MaxPrefixes maximum) {
                told.add(family + " " + received);
              }
            });
    FamilyTraits limited = new FamilyTraits(1, new MaxPrefixes(10, 80, true), false, false);
    TestSession a = new TestSession(rib, peer, traits.with(Map.of(V4, limited)));
    a.announce(route(65001), prefixes(0, 7), 0);
    assertThat(told).isEmpty();
    a.announce(route(65001), prefixes(0, 8), 0);
    assertThat(told).containsExactly("ipv4 unicast 8");
    a.announce(route(65001), prefixes(0, 10), 0);
    assertThat(told).hasSize(1);
    Notification end = a.offer(route(65001), prefixes(10, 1));
    assertThat(told).containsExactly("ipv4 unicast 8", "ipv4 unicast 11");
    assertThat(end).isNotNull();
    assertThat(end == null ? "" : end.data().toString()).isEqualTo("0001010000000a");
    assertThat(end == null || end.is(NotificationSubcode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED))
        .isTrue();
  }

  @Test
  void tellsNobodyBeforeTheRestartedNeighboursHaveSentAll() {
    Map<Cidr, List<UsedPath>> kernel = new TreeMap<>();
    List<String> syncs = new ArrayList<>();
    listen(kernel, syncs);
    rib.deferSelection(List.of("a", "b", "gone"), Duration.ofMinutes(2));
    TestSession a = external("a", 65001);
    TestSession b = external("b", 65002);
    a.announce(route(65001), prefixes(0, 3), 0);
    a.sendEndOfRib(V4);
    a.sendEndOfRib(Family.IPV6_UNICAST);
    read(a, b);
    assertThat(b.held(IpFamily.IPV4)).isEmpty();
    assertThat(b.endsOfRib).isEmpty();
    assertThat(kernel).isEmpty();
    b.announce(route(65002), prefixes(1, 3), 0);
    b.sendEndOfRib(V4);
    b.sendEndOfRib(Family.IPV6_UNICAST);
    assertThat(rib.deferred()).isTrue();
    rib.doNotAwait("gone");
    assertThat(rib.deferred()).isFalse();
    read(a, b);
    assertThat(b.held(IpFamily.IPV4)).hasSize(3);
    assertThat(a.held(IpFamily.IPV4)).hasSize(1);
    assertThat(b.endsOfRib).hasSize(2);
    assertThat(kernel).hasSize(4);
    assertThat(syncs).isNotEmpty();
  }

  @Test
  void waitsForRestartedNeighboursNoLongerThanSaid() {
    rib.deferSelection(List.of("a"), Duration.ofMinutes(2));
    TestSession b = external("b", 65002);
    rib.originate(prefixes(0, 1).getFirst(), TestSession.attributes(route()), RouteTag.NONE);
    read(b);
    assertThat(b.held(IpFamily.IPV4)).isEmpty();
    background.advance(Duration.ofMinutes(2));
    read(b);
    assertThat(b.held(IpFamily.IPV4)).hasSize(1);
  }

  @Test
  void listenerLearnsOfEqualPathsTogetherAndOfTheirEnd() {
    Map<Cidr, List<UsedPath>> kernel = new TreeMap<>();
    listen(kernel, new ArrayList<>());
    TestSession a = external("a", 65001);
    TestSession b = external("b", 65002);
    Cidr prefix = prefixes(0, 1).getFirst();
    a.announce(route(65001), List.of(prefix), 0);
    b.announce(route(65002).nextHop(IpAddress.parse("10.9.0.2")), List.of(prefix), 0);
    background.runAll();
    assertThat(kernel.get(prefix)).hasSize(2);
    assertThat(watched).hasSize(2);
    rib.nextHopChanged(IpAddress.parse("10.9.0.2"), Reachability.UNREACHABLE);
    background.runAll();
    assertThat(kernel.get(prefix))
        .singleElement()
        .satisfies(
            path -> assertThat(path.attributes().nextHop()).contains(IpAddress.parse("10.9.0.1")));
    a.withdraw(List.of(prefix), 0);
    b.withdraw(List.of(prefix), 0);
    background.runAll();
    assertThat(kernel).isEmpty();
    assertThat(watched).isEmpty();
    read(a, b);
    assertThat(rib.counters(V4)).isEqualTo(new RibCounters(0, 0, 0, 1));
  }

  @Test
  void everythingIsGivenBackWhenNeighboursAreGone() {
    TestSession a = external("a", 65001);
    TestSession b =
        new TestSession(rib, peer("b", PeerType.INTERNAL_CLIENT, 64512), false, PeerEvents.NONE);
    a.announce(route(65001), prefixes(0, 50), 0);
    b.announce(route(7).localPref(100), prefixes(20, 50), 0);
    a.take(1);
    a.announce(route(65001, 8), prefixes(10, 50), 0);
    a.routes.down(Retention.DROP);
    b.routes.down(Retention.DROP);
    background.runAll();
    assertThat(rib.counters(V4)).isEqualTo(new RibCounters(0, 0, 0, 0));
    assertThat(watched).isEmpty();
  }

  @Test
  void explainsWhyAPathWonAndWhoIsNotToldAndWhy() {
    TestSession a = external("a", 65001);
    TestSession b = external("b", 65002);
    RibModel.Peer choosy =
        peer("c", PeerType.EXTERNAL, 65003)
            .with(RibModel.Filter.REJECT_TAGGED, RibModel.Filter.BY_LENGTH);
    TestSession c = new TestSession(rib, choosy, false, PeerEvents.NONE);
    Cidr prefix = Cidr.parse("10.128.0.0/28");
    a.announce(route(65001, 9), List.of(prefix), 0);
    b.announce(route(65002), List.of(prefix), 0);
    c.announce(route(65003).community(RibModel.TAGGED), List.of(prefix), 0);
    read(a, b, c);
    Explanation why = rib.view().explain(prefix);
    assertThat(why.paths())
        .extracting(
            path -> path.route().peer(), Explanation.Path::step, Explanation.Path::importedBy)
        .containsExactly(
            tuple("b", Optional.of(DecisionStep.AS_PATH_LENGTH), "accept all"),
            tuple("a", Optional.of(DecisionStep.AS_PATH_LENGTH), "accept all"),
            tuple("c", Optional.empty(), "tagged"));
    assertThat(why.exports())
        .extracting(Explanation.Export::peer, e -> e.sent().isPresent(), e -> e.decidedBy())
        .containsExactly(
            tuple("a", true, "accept all"),
            tuple("b", false, "the best path came from this neighbour"),
            tuple("c", false, "long"));
    assertThat(all(rib.view().advertised("a", V4))).extracting(RouteRow::peer).containsExactly("b");
    assertThat(all(rib.view().advertised("b", V4))).isEmpty();
    assertThat(all(rib.view().received("c", V4)))
        .singleElement()
        .satisfies(row -> assertThat(row.accepted()).isFalse());
    assertThat(a.routes.counters(V4)).isEqualTo(new PeerCounters(1, 1, 0, 1, 0, 1, 0));
    assertThat(c.routes.counters(V4)).isEqualTo(new PeerCounters(1, 0, 0, 0, 0, 1, 0));
  }

  @Test
  void changedPolicyTakesBackAndGivesWithoutANewSession() {
    TestSession a = external("a", 65001);
    TestSession b = external("b", 65002);
    TestSession c = external("c", 65003);
    a.announce(route(65001), prefixes(0, 30), 0);
    read(a, b, c);
    b.routes.changePolicy(RoutePolicies.REJECT_ALL);
    read(a, b, c);
    assertThat(b.held(IpFamily.IPV4)).isEmpty();
    assertThat(c.held(IpFamily.IPV4)).hasSize(30);
    a.routes.changePolicy(RoutePolicies.REJECT_ALL);
    b.routes.changePolicy(RoutePolicies.ACCEPT_ALL);
    read(a, b, c);
    assertThat(c.held(IpFamily.IPV4)).isEmpty();
    assertThat(b.held(IpFamily.IPV4)).isEmpty();
    a.routes.changePolicy(RoutePolicies.ACCEPT_ALL);
    read(a, b, c);
    assertThat(b.held(IpFamily.IPV4)).hasSize(30).isEqualTo(c.held(IpFamily.IPV4));
    assertThat(b.endsOfRib).hasSize(2);
  }

  private static List<RouteRow> all(RouteCursor cursor) {
    List<RouteRow> rows = new ArrayList<>();
    while (!cursor.atEnd()) {
      rows.addAll(cursor.next(1));
    }
    return rows;
  }

  private void listen(Map<Cidr, List<UsedPath>> kernel, List<String> syncs) {
    rib.listen(
        new RouteListener() {
          @Override
          public void changed(List<RouteChange> batch) {
            for (RouteChange change : batch) {
              if (change.paths().isEmpty()) {
                kernel.remove(change.prefix());
              } else {
                kernel.put(change.prefix(), change.paths());
              }
            }
          }

          @Override
          public void inSync() {
            syncs.add("in sync");
          }
        });
  }
}
