package io.ocicat.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.decision.DecisionSettings;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories, after each step of which the tables must hold what {@link RibModel} says, and
 * every neighbour that has read everything must have been told what the model says, by real
 * UPDATEs.
 */
final class RibModelTest {
  private static final Duration RESTART = Duration.ofMinutes(2);
  private static final Duration LONG_LIVED = Duration.ofHours(1);

  private final ManualBackground background = new ManualBackground();
  private final RibModel model = new RibModel();
  private final Map<String, TestSession> sessions = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private final Map<String, Boolean> slow = new HashMap<>();
  private Random random = new Random(0);
  private Rib rib = rib(RibSettings.DEFAULT);

  private Rib rib(RibSettings settings) {
    return new Rib(
        settings,
        new NextHops() {
          @Override
          public Reachability watch(IpAddress nextHop) {
            return model.nextHops.getOrDefault(nextHop, Reachability.CONNECTED);
          }

          @Override
          public void forget(IpAddress nextHop) {}
        },
        background);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void tablesAndNeighboursAgreeWithTheModel(int seed) {
    random = new Random(seed);
    // Small windows and backlogs, so that everybody falls behind and rounds have borders.
    rib =
        rib(
            new RibSettings(
                DecisionSettings.DEFAULT, 200 + random.nextInt(2000), 1 + random.nextInt(20)));
    int count = 3 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      RibModel.Peer peer = peer(i);
      model.peers.put(peer.name(), peer);
      slow.put(peer.name(), random.nextInt(4) == 0);
    }
    for (int step = 0; step < 300; step++) {
      try {
        act();
        readSome();
        if (random.nextInt(3) > 0) {
          settle(false);
        }
        if (step % 20 == 19) {
          settle(true);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + ", step " + step + ": " + String.join("\n", log), e);
      }
    }
  }

  private RibModel.Peer peer(int number) {
    PeerType kind = any(PeerType.class);
    long as = kind.internal() ? RibModel.OUR_AS : 65001 + random.nextInt(2);
    IpAddress address =
        random.nextBoolean()
            ? IpAddress.parse("10.1.0." + (10 + number))
            : IpAddress.parse("2001:db8:1::" + (10 + number));
    int paths = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
    return new RibModel.Peer(
        "peer" + number,
        kind,
        as,
        0x0a010000 + random.nextInt(3) + (kind.internal() ? 100 + number * 10 : 0),
        address,
        filter(),
        filter(),
        any(NextHopMode.class),
        paths == 4 ? FamilyTraits.ALL_PATHS : paths,
        random.nextBoolean());
  }

  private <E extends Enum<E>> E any(Class<E> type) {
    List<E> all = List.copyOf(EnumSet.allOf(type));
    return all.get(random.nextInt(all.size()));
  }

  private RibModel.Filter filter() {
    return random.nextBoolean() ? RibModel.Filter.ACCEPT : any(RibModel.Filter.class);
  }

  private void act() {
    String name = "peer" + random.nextInt(model.peers.size());
    TestSession session = sessions.get(name);
    int choice = random.nextInt(100);
    if (choice < 3) {
      originate();
    } else if (choice < 6) {
      changeNextHop();
    } else if (choice < 8) {
      background.advance(Duration.ofSeconds(random.nextInt(100)));
      log.add("time passes");
      expire();
    } else if (session == null) {
      if (choice < 60) {
        up(name);
      }
    } else if (choice < 55) {
      announce(session);
    } else if (choice < 75) {
      withdraw(session);
    } else if (choice < 80) {
      changePolicy(session);
    } else if (choice < 82) {
      changeKind(session);
    } else if (choice < 86) {
      session.routes.refresh(
          random.nextBoolean() ? Family.IPV4_UNICAST : Family.IPV6_UNICAST, RefreshSubtype.REQUEST);
      log.add(name + " asks for a refresh");
    } else if (choice < 92) {
      endOfRib(session);
    } else if (choice < 96) {
      refreshIn(session);
    } else {
      down(session);
    }
  }

  private void originate() {
    Cidr prefix = prefix();
    if (random.nextInt(3) == 0) {
      rib.withdraw(prefix);
      model.local.remove(prefix);
      log.add("withdraw our own " + prefix);
    } else {
      ModelRoute route =
          new ModelRoute(
              0,
              List.of(),
              TestSession.SELF.get(prefix.family() == IpFamily.IPV4 ? 0 : 1),
              random.nextBoolean() ? -1 : 5,
              -1,
              new TreeSet<>(),
              0,
              List.of());
      rib.originate(prefix, TestSession.attributes(route), RouteTag.NONE);
      model.local.put(prefix, route);
      log.add("originate " + prefix);
    }
  }

  private void changeNextHop() {
    IpAddress nextHop = nextHop(random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6);
    Reachability now =
        random.nextInt(3) == 0
            ? Reachability.UNREACHABLE
            : new Reachability(true, random.nextInt(3));
    model.nextHops.put(nextHop, now);
    rib.nextHopChanged(nextHop, now);
    log.add("next hop " + nextHop + " " + now);
  }

  /** Stale deadlines by neighbour, in the model. */
  private final Map<String, Long> restartUntil = new HashMap<>();

  private final Map<String, Map<IpFamily, Long>> endOfRibUntil = new HashMap<>();

  private void expire() {
    long now = background.now();
    for (String name : List.copyOf(endOfRibUntil.keySet())) {
      Map<IpFamily, Long> waiting = endOfRibUntil.getOrDefault(name, Map.of());
      for (Map.Entry<IpFamily, Long> entry : List.copyOf(waiting.entrySet())) {
        if (entry.getValue() <= now) {
          dropStale(name, entry.getKey());
        }
      }
    }
    for (String name : List.copyOf(restartUntil.keySet())) {
      if (restartUntil.getOrDefault(name, Long.MAX_VALUE) <= now) {
        restartUntil.remove(name);
        List<RibModel.Key> keys = List.copyOf(model.adjRibIn.keySet());
        for (RibModel.Key key : keys) {
          RibModel.In in = model.adjRibIn.get(key);
          if (in != null && in.stale() && key.peer().equals(name)) {
            if (in.route().communities().contains(RibModel.NO_LLGR)) {
              model.adjRibIn.remove(key);
            } else {
              model.adjRibIn.put(
                  key, new RibModel.In(in.route().community(RibModel.LLGR_STALE), true));
            }
          }
        }
      }
    }
  }

  private void up(String name) {
    RibModel.Peer peer = model.peers.get(name);
    if (peer == null) {
      return;
    }
    boolean keep = random.nextBoolean();
    if (!keep) {
      dropStale(name, null);
    }
    restartUntil.remove(name);
    for (IpFamily family : IpFamily.values()) {
      boolean stale =
          model.adjRibIn.entrySet().stream()
              .anyMatch(
                  entry ->
                      entry.getKey().peer().equals(name)
                          && entry.getKey().prefix().family() == family
                          && entry.getValue().stale());
      if (stale) {
        endOfRibUntil
            .computeIfAbsent(name, n -> new HashMap<>())
            .put(family, background.now() + Duration.ofMinutes(6).toNanos());
      }
    }
    sessions.put(name, new TestSession(rib, peer, keep, PeerEvents.NONE));
    log.add(name + " up, stale routes kept: " + keep + " " + peer);
  }

  private void down(TestSession session) {
    String name = session.peer.name();
    boolean keep = random.nextBoolean();
    Retention.Keep how = new Retention.Keep(RESTART, LONG_LIVED);
    session.routes.down(
        keep
            ? new Retention(Map.of(Family.IPV4_UNICAST, how, Family.IPV6_UNICAST, how))
            : Retention.DROP);
    sessions.remove(name);
    // What was stale before goes in any case.
    dropStale(name, null);
    if (keep) {
      model.adjRibIn.replaceAll(
          (key, in) -> key.peer().equals(name) ? new RibModel.In(in.route(), true) : in);
      restartUntil.put(name, background.now() + RESTART.toNanos());
    } else {
      model.adjRibIn.keySet().removeIf(key -> key.peer().equals(name));
    }
    log.add(name + " down, routes kept: " + keep);
  }

  private void dropStale(String name, @Nullable IpFamily family) {
    Map<IpFamily, Long> waiting = endOfRibUntil.getOrDefault(name, new HashMap<>());
    waiting.keySet().removeIf(of -> family == null || of == family);
    model
        .adjRibIn
        .entrySet()
        .removeIf(
            entry ->
                entry.getKey().peer().equals(name)
                    && entry.getValue().stale()
                    && (family == null || entry.getKey().prefix().family() == family));
  }

  private void endOfRib(TestSession session) {
    IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    session.sendEndOfRib(Family.unicast(family));
    dropStale(session.peer.name(), family);
    log.add(session.peer.name() + " sends End-of-RIB " + family);
  }

  private void refreshIn(TestSession session) {
    IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    String name = session.peer.name();
    Long deadline = endOfRibUntil.getOrDefault(name, Map.of()).get(family);
    dropStale(name, family);
    if (deadline != null) {
      endOfRibUntil.getOrDefault(name, Map.of()).put(family, deadline);
    }
    session.routes.refresh(Family.unicast(family), RefreshSubtype.BEGIN_OF_REFRESH);
    model.adjRibIn.replaceAll(
        (key, in) ->
            key.peer().equals(name) && key.prefix().family() == family
                ? new RibModel.In(in.route(), true)
                : in);
    log.add(name + " begins a refresh " + family);
    for (int i = random.nextInt(4); i > 0; i--) {
      announce(session);
    }
    session.routes.refresh(Family.unicast(family), RefreshSubtype.END_OF_REFRESH);
    dropStale(name, family);
    log.add(name + " ends a refresh " + family);
  }

  private void changePolicy(TestSession session) {
    RibModel.Peer changed = session.peer.with(filter(), filter());
    TestSession now = session;
    model.peers.put(changed.name(), changed);
    now.changed(changed);
    session.routes.changePolicy(TestSession.policies(changed));
    log.add(changed.name() + " policy " + changed.importing() + " " + changed.exporting());
  }

  private void changeKind(TestSession session) {
    if (!session.peer.kind().internal()) {
      return;
    }
    PeerType kind =
        session.peer.kind() == PeerType.INTERNAL ? PeerType.INTERNAL_CLIENT : PeerType.INTERNAL;
    RibModel.Peer changed = session.peer.with(kind);
    model.peers.put(changed.name(), changed);
    session.changed(changed);
    session.routes.change(TestSession.traits(changed, false, PeerEvents.NONE));
    log.add(changed.name() + " becomes " + kind);
  }

  private void announce(TestSession session) {
    IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    ModelRoute route = route(session.peer, family);
    int pathId = random.nextInt(2);
    List<Cidr> prefixes = prefixes(family);
    session.announce(route, prefixes, pathId);
    for (Cidr prefix : prefixes) {
      model.adjRibIn.put(
          new RibModel.Key(session.peer.name(), prefix, pathId), new RibModel.In(route, false));
    }
    log.add(session.peer.name() + " announces " + prefixes + " " + pathId + " " + route);
  }

  private void withdraw(TestSession session) {
    int pathId = random.nextInt(2);
    List<Cidr> prefixes = prefixes(random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6);
    session.withdraw(prefixes, pathId);
    for (Cidr prefix : prefixes) {
      model.adjRibIn.remove(new RibModel.Key(session.peer.name(), prefix, pathId));
    }
    log.add(session.peer.name() + " withdraws " + prefixes + " " + pathId);
  }

  private List<Cidr> prefixes(IpFamily family) {
    TreeSet<Cidr> prefixes = new TreeSet<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      prefixes.add(prefix(family));
    }
    return List.copyOf(prefixes);
  }

  private Cidr prefix() {
    return prefix(random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6);
  }

  private Cidr prefix(IpFamily family) {
    int number = random.nextInt(12);
    return family == IpFamily.IPV4
        ? Cidr.parse("10.128." + number * 16 + ".0/" + (20 + number % 3 * 4))
        : Cidr.parse("2" + Integer.toHexString(number) + "00::/" + (16 + number % 3 * 6));
  }

  private IpAddress nextHop(IpFamily family) {
    int number = 1 + random.nextInt(3);
    return IpAddress.parse(family == IpFamily.IPV4 ? "10.9.0." + number : "2001:db8:9::" + number);
  }

  private ModelRoute route(RibModel.Peer peer, IpFamily family) {
    List<Long> path = new ArrayList<>();
    if (!peer.kind().internal()) {
      path.add(peer.as());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      path.add(random.nextInt(12) == 0 ? RibModel.OUR_AS : 65010L + random.nextInt(3));
    }
    TreeSet<Integer> communities = new TreeSet<>();
    int[] some = {
      RibModel.TAGGED,
      RibModel.NO_EXPORT,
      RibModel.NO_ADVERTISE,
      RibModel.GRACEFUL_SHUTDOWN,
      RibModel.NO_LLGR,
      7
    };
    if (random.nextInt(3) == 0) {
      communities.add(some[random.nextInt(some.length)]);
    }
    ModelRoute route =
        new ModelRoute(
            random.nextInt(8) == 0 ? 2 : 0,
            path,
            nextHop(family),
            random.nextInt(3) - 1,
            peer.kind().internal() ? 100 + random.nextInt(2) * 10 : -1,
            communities,
            0,
            List.of());
    if (peer.kind().internal() && random.nextInt(4) == 0) {
      route =
          route
              .originator(random.nextInt(5) == 0 ? RibModel.OUR_ID : 0x0a020000 + random.nextInt(3))
              .cluster(random.nextInt(5) == 0 ? RibModel.OUR_CLUSTER : 0x0a030001);
    }
    return route;
  }

  private void readSome() {
    sessions.forEach(
        (name, session) -> {
          if (!slow.getOrDefault(name, false) && random.nextBoolean()) {
            session.take(random.nextInt(4));
          }
        });
    for (int i = random.nextInt(3); i > 0; i--) {
      background.step(random.nextInt(300));
    }
  }

  /** Lets everybody read everything and compares. */
  private void settle(boolean alsoSlow) {
    List<TestSession> reading = new ArrayList<>();
    sessions.forEach(
        (name, session) -> {
          if (alsoSlow || !slow.getOrDefault(name, false)) {
            reading.add(session);
          }
        });
    // Only who was woken, or had not read all, reads: a missing wake-up would show.
    boolean more = true;
    while (more) {
      more = false;
      background.runAll();
      for (TestSession session : reading) {
        if (session.mayRead()) {
          session.take(Integer.MAX_VALUE);
          more = true;
        }
      }
    }
    compareTables();
    for (TestSession session : reading) {
      assertThat(session.routes.next()).as("more for %s without a wake-up", session.peer).isNull();
      for (IpFamily family : IpFamily.values()) {
        assertThat(session.held(family))
            .as("what %s is told of %s", session.peer, family)
            .isEqualTo(model.adjRibOut(session.peer, family, TestSession.SELF));
      }
    }
  }

  private void compareTables() {
    for (IpFamily family : IpFamily.values()) {
      Map<Cidr, ModelRoute> best = new HashMap<>();
      Map<Cidr, String> from = new HashMap<>();
      RouteCursor cursor = rib.view().routes(Family.unicast(family));
      while (!cursor.atEnd()) {
        for (RouteRow row : cursor.next(5)) {
          if (row.best()) {
            best.put(row.prefix(), TestSession.route(row.attributes()));
            from.put(row.prefix(), row.peer());
          }
        }
      }
      Map<Cidr, ModelRoute> expected = new HashMap<>();
      Map<Cidr, String> expectedFrom = new HashMap<>();
      for (Cidr prefix : model.prefixes(p -> p.family() == family)) {
        RibModel.Path path = model.best(prefix);
        if (path != null) {
          expected.put(prefix, path.route());
          RibModel.Peer peer = path.from();
          expectedFrom.put(prefix, peer == null ? "" : peer.name());
        }
      }
      assertThat(best).isEqualTo(expected);
      assertThat(from).isEqualTo(expectedFrom);
      assertThat(rib.counters(Family.unicast(family)).best()).isEqualTo(expected.size());
      sessions.forEach(
          (name, session) -> {
            PeerCounters counters = session.routes.counters(Family.unicast(family));
            assertThat(counters.received())
                .isEqualTo(
                    (int)
                        model.adjRibIn.keySet().stream()
                            .filter(
                                key -> key.peer().equals(name) && key.prefix().family() == family)
                            .count());
            assertThat(counters.best())
                .isEqualTo((int) expectedFrom.values().stream().filter(name::equals).count());
          });
    }
  }
}
