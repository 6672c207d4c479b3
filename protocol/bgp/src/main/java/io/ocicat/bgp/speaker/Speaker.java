package io.ocicat.bgp.speaker;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.Connection;
import io.ocicat.bgp.loop.ConnectionHandler;
import io.ocicat.bgp.loop.Loop;
import io.ocicat.bgp.loop.SocketEnd;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.rib.MaxPrefixes;
import io.ocicat.bgp.rib.PeerCounters;
import io.ocicat.bgp.rib.PeerEvents;
import io.ocicat.bgp.rib.PeerRoutes;
import io.ocicat.bgp.rib.PeerTraits;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.session.Established;
import io.ocicat.bgp.session.Liveness;
import io.ocicat.bgp.session.Negotiated;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.session.SessionContext;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgpwire.AttributeError;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BGP speaker, on the thread of its loop: neighbours by name, listeners, and one {@link Rib} that
 * all of them share.
 *
 * <p>{@link #apply} may be called as often as settings change; sessions that the change does not
 * concern notice nothing.
 */
public final class Speaker {

  private static final Logger LOG = LoggerFactory.getLogger(Speaker.class);

  private static final int SCRATCH_BYTES = 320 << 10;

  private final Loop loop;
  private final Rib rib;
  private final RandomGenerator random;
  private final NeighbourDiscovery discovery;
  private final Liveness liveness;
  private final Listeners listeners;
  private final Context context = new Context();
  private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_BYTES);
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final Map<String, Runnable> searches = new LinkedHashMap<>();
  private final Map<String, String> rangeOf = new LinkedHashMap<>();
  private final List<PeerListener> peerListeners = new ArrayList<>();
  private final List<SessionMonitor> monitors = new ArrayList<>();
  private SpeakerSettings settings;
  private boolean restarting;

  /** Told of every change of a session's state. */
  @FunctionalInterface
  public interface PeerListener {
    void moved(String peer, FsmState from, FsmState to, String why);
  }

  /** A speaker that BFD tells nothing. */
  public Speaker(
      Loop loop,
      Rib rib,
      SpeakerSettings settings,
      NeighbourDiscovery discovery,
      RandomGenerator random) {
    this(loop, rib, settings, discovery, Liveness.NONE, random);
  }

  /**
   * A speaker without neighbours; {@link #apply} gives it some.
   *
   * @param liveness watches neighbours that have BFD in their settings
   * @param random for jitter; seeded in tests
   */
  public Speaker(
      Loop loop,
      Rib rib,
      SpeakerSettings settings,
      NeighbourDiscovery discovery,
      Liveness liveness,
      RandomGenerator random) {
    this.loop = loop;
    this.rib = rib;
    this.random = random;
    this.discovery = discovery;
    this.liveness = liveness;
    this.settings = settings.peers(List.of()).dynamic(List.of()).listen(List.of());
    this.listeners = new Listeners(loop, this::accept);
  }

  public Rib rib() {
    return rib;
  }

  public SpeakerSettings settings() {
    return settings;
  }

  public void listen(PeerListener listener) {
    peerListeners.add(listener);
  }

  /**
   * Begins with the sessions that are established.
   *
   * @return those sessions
   */
  public List<Session> monitor(SessionMonitor monitor) {
    List<Session> established =
        sessions.values().stream().filter(s -> s.state() == FsmState.ESTABLISHED).toList();
    if (!monitors.contains(monitor)) {
      monitors.add(monitor);
    }
    established.forEach(monitor::established);
    return established;
  }

  public void endMonitor(SessionMonitor monitor) {
    monitors.remove(monitor);
  }

  /**
   * We have just restarted, and what we forwarded before is still forwarded: neighbours are told so
   * (RFC 4724) until the time is over. To be called before the first {@link #apply}.
   */
  public void restarted(Duration time) {
    restarting = true;
    loop.schedule(time, () -> restarting = false);
  }

  /** Goes over to other settings; only what differs is touched. */
  public void apply(SpeakerSettings now) {
    if (now.identifier() != settings.identifier()) {
      resetAll(NotificationSubcode.OTHER_CONFIGURATION_CHANGE);
    }
    boolean forAll =
        now.clusterId() != settings.clusterId()
            || now.externalNeedsPolicy() != settings.externalNeedsPolicy()
            || !now.nextHops().equals(settings.nextHops());
    settings = now;
    removeMissing(now);
    listeners.apply(now);
    for (PeerSettings peer : now.peers()) {
      Session session = sessions.get(peer.name());
      if (session == null) {
        add(peer);
      } else {
        boolean moved = !session.settings().address().equals(peer.address());
        session.change(peer);
        if (moved) {
          search(peer);
        }
      }
    }
    for (DynamicPeers range : now.dynamic()) {
      for (Session session : ofRange(range.name())) {
        session.change(dynamic(range, session.settings().name(), session.settings().address()));
      }
    }
    if (forAll) {
      sessions.values().forEach(Session::changeRoutes);
    }
  }

  private void removeMissing(SpeakerSettings now) {
    for (String name : List.copyOf(sessions.keySet())) {
      String range = rangeOf.get(name);
      boolean kept =
          range == null
              ? now.peers().stream().anyMatch(p -> p.name().equals(name))
              : now.dynamic().stream().anyMatch(d -> d.name().equals(range));
      if (!kept) {
        remove(name, Notification.of(NotificationSubcode.PEER_DECONFIGURED));
      }
    }
  }

  private void add(PeerSettings peer) {
    Session session = new Session(peer, context);
    sessions.put(peer.name(), session);
    search(peer);
    if (peer.enabled()) {
      session.start();
    }
  }

  /** Looks for the neighbour of a session that has an interface alone. */
  private void search(PeerSettings peer) {
    Runnable before = searches.remove(peer.name());
    if (before != null) {
      before.run();
    }
    if (peer.address() instanceof PeerAddress.On(String device)) {
      searches.put(
          peer.name(),
          discovery.watch(
              device,
              address -> {
                Session session = sessions.get(peer.name());
                if (session != null) {
                  session.found(address);
                }
              }));
    }
  }

  private void remove(String name, Notification cease) {
    Session session = sessions.remove(name);
    rangeOf.remove(name);
    Runnable search = searches.remove(name);
    if (search != null) {
      search.run();
    }
    if (session != null) {
      session.stop(cease);
    }
  }

  /** Ends all sessions with a Cease, and listens no more. */
  public void shutdown(String text) {
    listeners.close();
    for (String name : List.copyOf(sessions.keySet())) {
      remove(name, Notification.withText(NotificationSubcode.ADMINISTRATIVE_SHUTDOWN, text));
    }
  }

  /**
   * Resets a neighbour's session, or all; one that was kept down for too many prefixes starts
   * again.
   *
   * @param name empty for all
   * @return whether there is such a neighbour
   */
  public boolean reset(String name) {
    if (name.isEmpty()) {
      resetAll(NotificationSubcode.ADMINISTRATIVE_RESET);
      return true;
    }
    Session session = sessions.get(name);
    if (session != null) {
      session.reset(Notification.of(NotificationSubcode.ADMINISTRATIVE_RESET));
    }
    return session != null;
  }

  private void resetAll(NotificationSubcode why) {
    for (Session session : List.copyOf(sessions.values())) {
      if (session.settings().enabled()) {
        session.reset(Notification.of(why));
      }
    }
  }

  /** The session with a neighbour of that name. */
  public Optional<Session> session(String name) {
    return Optional.ofNullable(sessions.get(name));
  }

  /** What cannot be listened on, and why. */
  public List<String> troubles() {
    return List.copyOf(listeners.refused().values());
  }

  // ---- connections that come in

  private @Nullable ConnectionHandler accept(Connection connection) {
    Session session = configured(connection.remote());
    if (session == null) {
      session = ofRange(connection);
    }
    if (session == null) {
      LOG.debug("Refused a connection from {}: no such neighbour", connection.remote());
      return null;
    }
    ConnectionHandler handler = session.incoming(connection);
    return handler;
  }

  private @Nullable Session configured(SocketEnd remote) {
    for (Session session : sessions.values()) {
      if (isAt(session.settings().address(), remote)) {
        return session;
      }
    }
    return null;
  }

  private boolean isAt(PeerAddress address, SocketEnd remote) {
    return switch (address) {
      case PeerAddress.At(IpAddress at, String device) ->
          at.equals(remote.address()) && (remote.scope() == 0 || isOn(device, remote));
      case PeerAddress.On(String device) ->
          remote.address().family() == IpFamily.IPV6
              && remote.address().isLinkLocal()
              && isOn(device, remote);
    };
  }

  private boolean isOn(String device, SocketEnd remote) {
    return loop.interfaceIndex(device) == remote.scope();
  }

  private @Nullable Session ofRange(Connection connection) {
    IpAddress address = connection.remote().address();
    Optional<DynamicPeers> found =
        settings.dynamic().stream()
            .filter(d -> d.range().contains(address))
            .max(Comparator.comparingInt(d -> d.range().prefixLength()));
    if (found.isEmpty()) {
      return null;
    }
    DynamicPeers range = found.get();
    if (ofRange(range.name()).size() >= range.most()) {
      LOG.warn(
          "Refused a connection from {}: {} has its {} neighbours already",
          connection.remote(),
          range.name(),
          range.most());
      return null;
    }
    String name = range.name() + "/" + address;
    Session session =
        new Session(
            dynamic(range, name, new PeerAddress.At(address, range.template().address().device())),
            context);
    sessions.put(name, session);
    rangeOf.put(name, range.name());
    session.start();
    return session;
  }

  private static PeerSettings dynamic(DynamicPeers range, String name, PeerAddress address) {
    PeerSettings template = range.template();
    Transport transport = template.transport();
    return template
        .named(name, address)
        .transport(
            new Transport(
                transport.port(), transport.source(), true, transport.md5Key(), transport.hops()));
  }

  private List<Session> ofRange(String range) {
    return sessions.entrySet().stream()
        .filter(e -> range.equals(rangeOf.get(e.getKey())))
        .map(Map.Entry::getValue)
        .toList();
  }

  // ---- what sessions ask

  private final class Context implements SessionContext {
    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public int identifier() {
      return settings.identifier();
    }

    @Override
    public ByteBuffer scratch() {
      return scratch;
    }

    @Override
    public boolean restarting() {
      return restarting;
    }

    @Override
    public Liveness liveness() {
      return liveness;
    }

    @Override
    public PeerRoutes up(Session session, Established established, Runnable wake) {
      PeerRoutes routes = rib.up(traits(session, established), wake);
      if (!marksItsEnd(established.negotiated())) {
        rib.doNotAwait(session.name());
      }
      return routes;
    }

    /** RFC 4724 §4.1: nobody waits for one who has restarted too, or who never says the end. */
    private static boolean marksItsEnd(Negotiated negotiated) {
      return negotiated
          .theirs()
          .capability(Capability.GracefulRestart.class)
          .filter(graceful -> !graceful.restarting())
          .isPresent();
    }

    @Override
    public void changed(Session session, Established established, PeerRoutes routes) {
      routes.change(traits(session, established));
    }

    private PeerTraits traits(Session session, Established established) {
      RoutePolicies policies = session.settings().policies();
      boolean external = !established.negotiated().internal();
      if (external && settings.externalNeedsPolicy()) {
        policies = policies.rejectingWhereNone();
      }
      return Traits.of(
          settings, session.settings(), established, policies, new Reports(session.name()));
    }

    @Override
    public void heard(Session session, ByteBuffer update) {
      for (SessionMonitor monitor : monitors) {
        monitor.update(session, update);
      }
    }

    @Override
    public void moved(Session session, FsmState from, FsmState to) {
      if (to == FsmState.ESTABLISHED) {
        List.copyOf(monitors).forEach(m -> m.established(session));
      } else if (from == FsmState.ESTABLISHED) {
        List.copyOf(monitors).forEach(m -> m.ended(session));
      }
      peerListeners.forEach(l -> l.moved(session.name(), from, to, session.lastError()));
      if (to == FsmState.IDLE && rangeOf.containsKey(session.name())) {
        loop.execute(() -> forget(session));
      }
    }
  }

  /** What the tables say of a neighbour, for the log. */
  private static final class Reports implements PeerEvents {
    private final String peer;
    private long malformed;

    Reports(String peer) {
      this.peer = peer;
    }

    @Override
    public void endOfRib(Family family) {
      LOG.debug("{}: has sent all its routes of {}", peer, family);
    }

    @Override
    public void prefixLimit(Family family, int received, MaxPrefixes maximum) {
      LOG.warn(
          "{}: sent {} prefixes of {}, of at most {}", peer, received, family, maximum.limit());
    }

    @Override
    public void malformed(AttributeError error) {
      malformed++;
      if (Long.bitCount(malformed) == 1) { // the log is not the neighbour's to fill
        LOG.warn("{}: sent an UPDATE that is malformed, number {}: {}", peer, malformed, error);
      }
    }
  }

  /** A neighbour of a range that has no session is none. */
  private void forget(Session session) {
    if (sessions.get(session.name()) == session && session.state() == FsmState.IDLE) {
      remove(session.name(), Notification.of(NotificationSubcode.PEER_DECONFIGURED));
    }
  }

  // ---- what people see

  /** All neighbours, in the order of their settings; those of ranges after. */
  public List<PeerView> peers() {
    return sessions.values().stream().map(this::view).toList();
  }

  private PeerView view(Session session) {
    Optional<Negotiated> agreed = session.negotiated();
    SortedMap<Family, PeerCounters> families = new TreeMap<>();
    session
        .routes()
        .ifPresent(
            routes ->
                agreed
                    .map(Negotiated::families)
                    .orElse(Map.of())
                    .keySet()
                    .forEach(family -> families.put(family, routes.counters(family))));
    return new PeerView(
        session.name(),
        where(session),
        session.settings().localAs(),
        agreed.map(Negotiated::remoteAs).orElse(0L),
        agreed.map(n -> n.theirs().identifier().toString()).orElse(""),
        session.state(),
        session.sinceChange(),
        rangeOf.containsKey(session.name()),
        session.connection().map(c -> c.local().toString()).orElse(""),
        agreed.map(Negotiated::holdSeconds).orElse(0),
        agreed.map(Negotiated::keepaliveSeconds).orElse(0),
        session.flaps(),
        session.lastError(),
        agreed
            .map(n -> n.theirs().capabilities().stream().map(Object::toString).toList())
            .orElse(List.of()),
        session.settings().bfd().enabled(),
        session.liveness(),
        families);
  }

  private static String where(Session session) {
    PeerAddress address = session.settings().address();
    return switch (address) {
      case PeerAddress.At at -> at.toString();
      case PeerAddress.On(String device) ->
          session.remoteAddress().map(a -> a + "%" + device).orElse(address.toString());
    };
  }
}
