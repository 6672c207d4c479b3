package io.ocicat.bgp.session;

import io.ocicat.bgp.fsm.FsmEvent;
import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.ConnectSettings;
import io.ocicat.bgp.loop.Connection;
import io.ocicat.bgp.loop.ConnectionHandler;
import io.ocicat.bgp.loop.Scheduled;
import io.ocicat.bgp.rib.PeerRoutes;
import io.ocicat.bgp.rib.Retention;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.RouteRefresh;
import io.ocicat.bgpwire.iana.NotificationCode;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with one neighbour, on the loop's thread.
 *
 * <p>Its first {@link Link} is the state machine that people see. A connection that comes in while
 * that one is busy gets a second one, until an OPEN says which of them stays, RFC 4271 §6.8.
 *
 * <p>Between attempts it is in Idle, for longer the more often it failed; but a neighbour that
 * comes meanwhile is taken, unless the failures were of the kind that waiting does not heal.
 */
public final class Session {

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  // A neighbour that opens a second connection this long after the first one has restarted; earlier
  // it is the other half of a collision.
  private static final Duration COLLISION_WINDOW = Duration.ofSeconds(5);

  // With that many failures in a row, those who call are refused while Idle lasts.
  private static final int REFUSED_FROM_FAILURES = 4;

  private final SessionContext context;
  private final MessageCounts counts = new MessageCounts();
  private final Supervision supervision = new Supervision(this);
  private PeerSettings settings;
  private Link primary;
  private @Nullable Link second;
  private @Nullable PeerRoutes routes;
  private @Nullable Scheduled idleHold;
  private @Nullable IpAddress found;
  private Stopped stopped = Stopped.NOT_STARTED;
  private int failures;
  private int lifetimeFlaps;
  private long establishedNs;
  private long lastChangeNs;
  private String lastError = "";
  private Ending ending = Ending.SILENT;
  private boolean tooMany;

  private enum Stopped {
    RUNNING,
    NOT_STARTED,
    BY_PERSON,
    TOO_MANY_PREFIXES
  }

  public Session(PeerSettings settings, SessionContext context) {
    this.settings = settings;
    this.context = context;
    this.primary = new Link(this, FsmState.IDLE);
    this.lastChangeNs = context.loop().nanoTime();
  }

  // ---- what people and the speaker see and do

  public PeerSettings settings() {
    return settings;
  }

  public String name() {
    return settings.name();
  }

  public FsmState state() {
    return primary.state();
  }

  /** What was agreed with the neighbour; empty before its OPEN. */
  public Optional<Negotiated> negotiated() {
    return Optional.ofNullable(primary.negotiated());
  }

  /** The connection's ends, where there is one. */
  public Optional<Connection> connection() {
    return Optional.ofNullable(primary.connection());
  }

  /** The routes, while the session is established. */
  public Optional<PeerRoutes> routes() {
    return Optional.ofNullable(routes);
  }

  public MessageCounts counts() {
    return counts;
  }

  /** What went wrong last, and who said so; empty if nothing has. */
  public String lastError() {
    return lastError;
  }

  /** The same as RFC 7854 §4.9 asks for it. */
  public Ending ending() {
    return ending;
  }

  /** For how long the state has been what it is. */
  public Duration sinceChange() {
    return Duration.ofNanos(context.loop().nanoTime() - lastChangeNs);
  }

  /** How often an established session ended. */
  public int flaps() {
    return lifetimeFlaps;
  }

  /** Begins. Does nothing if it has begun. */
  public void start() {
    if (stopped != Stopped.RUNNING) {
      stopped = Stopped.RUNNING;
      failures = 0;
      idleHold = cancelled(idleHold);
      supervision.follow();
      boolean passive = settings.transport().passive();
      primary.fire(passive ? FsmEvent.MANUAL_START_PASSIVE : FsmEvent.MANUAL_START);
    }
  }

  /** Ends it, until {@link #start}. */
  public void stop(Notification cease) {
    stopped = Stopped.BY_PERSON;
    idleHold = cancelled(idleHold);
    supervision.end();
    lastError = "we sent " + cease;
    Notification word = hard(cease);
    ending = Ending.ours(word);
    primary.fire(FsmEvent.MANUAL_STOP, word);
    if (second != null) {
      second.fire(FsmEvent.MANUAL_STOP, word);
      second = null;
    }
  }

  /** Ends it for now; it is tried again at once. */
  public void reset(Notification cease) {
    if (stopped == Stopped.TOO_MANY_PREFIXES || stopped == Stopped.BY_PERSON) {
      start();
      return;
    }
    boolean _ = supervision.release();
    lastError = "we sent " + cease;
    ending = Ending.ours(cease);
    primary.fire(FsmEvent.AUTOMATIC_STOP, cease);
    failures = 0;
    waitInIdle();
  }

  /**
   * Changes what was chosen; what concerns neither connection nor OPEN does not disturb the
   * session.
   */
  public void change(PeerSettings now) {
    PeerSettings before = settings;
    settings = now;
    if (!now.enabled()) {
      if (before.enabled()) {
        stop(shutdown());
      }
      return;
    }
    if (stopped == Stopped.NOT_STARTED || !before.enabled()) {
      start();
      return;
    }
    supervision.follow();
    if (needsNewSession(before, now)) {
      reset(Notification.of(NotificationSubcode.OTHER_CONFIGURATION_CHANGE));
    } else if (!before.equals(now)) {
      changeRoutes();
    }
  }

  /** What the routes of this session are treated by has changed: theirs go over to it in place. */
  public void changeRoutes() {
    PeerRoutes changed = routes;
    Connection connection = primary.connection();
    Negotiated negotiated = primary.negotiated();
    if (changed != null && connection != null && negotiated != null) {
      context.changed(
          this, new Established(negotiated, connection.local(), connection.remote()), changed);
    }
  }

  private boolean needsNewSession(PeerSettings before, PeerSettings now) {
    int identifier = context.identifier();
    return !before.address().equals(now.address())
        || !before.remoteAs().equals(now.remoteAs())
        || !leadsTheSameWay(before.transport(), now.transport())
        || before.timers().keepaliveSeconds() != now.timers().keepaliveSeconds()
        || before.offers().roleDemanded() != now.offers().roleDemanded()
        || before.routing().enforceFirstAs() != now.routing().enforceFirstAs()
        || !OpenExchange.ours(before, identifier, false)
            .equals(OpenExchange.ours(now, identifier, false));
  }

  /** Who connects does not matter any more when the connection is there. */
  private boolean leadsTheSameWay(Transport before, Transport now) {
    return before.equals(now)
        || (primary.state() == FsmState.ESTABLISHED && before.passive(now.passive()).equals(now));
  }

  /** What a neighbour is told when it is kept down. */
  public Notification shutdown() {
    return Notification.withText(
        NotificationSubcode.ADMINISTRATIVE_SHUTDOWN, settings.shutdownText());
  }

  /** Asks the neighbour to send its routes again, RFC 2918; false if it cannot. */
  public boolean requestRefresh(Family family) {
    boolean can =
        primary.state() == FsmState.ESTABLISHED
            && negotiated().map(Negotiated::routeRefresh).orElse(false);
    if (can) {
      primary.send(new RouteRefresh(family, RefreshSubtype.REQUEST));
    }
    return can;
  }

  /** The neighbour on our interface has been found, or another one. */
  public void found(IpAddress address) {
    boolean other = !address.equals(found);
    found = address;
    if (stopped == Stopped.RUNNING) {
      supervision.follow();
    }
    if (other && stopped == Stopped.RUNNING && primary.state() == FsmState.IDLE) {
      idleHold = cancelled(idleHold);
      startAgain();
    } else if (other && primary.state() == FsmState.CONNECT && !primary.hasConnection()) {
      // It waits for nothing but this.
      primary.fire(FsmEvent.CONNECT_RETRY_TIMER_EXPIRES);
    }
  }

  /** Where to connect to: the chosen address, or the found one; empty while there is none. */
  public Optional<IpAddress> remoteAddress() {
    return switch (settings.address()) {
      case PeerAddress.At(IpAddress address, String _) -> Optional.of(address);
      case PeerAddress.On _ -> Optional.ofNullable(found);
    };
  }

  /** Whether a connection that came in may be this neighbour's. */
  public boolean awaits() {
    return stopped == Stopped.RUNNING;
  }

  // ---- BFD

  /** What BFD says of the neighbour; empty while it has said nothing, or is not asked. */
  public Optional<Liveness.State> liveness() {
    return supervision.state();
  }

  /**
   * The neighbour is not reached any more.
   *
   * @param resumable its control plane alone may be gone: its routes stay as over a restart
   */
  void lost(String why, boolean resumable) {
    lastError = "BFD: " + why;
    ending = Ending.SILENT;
    LOG.info("{}: BFD has lost it: {}", name(), why);
    Notification cease = hard(Notification.of(NotificationSubcode.BFD_DOWN));
    Link other = second;
    second = null;
    if (other != null) {
      other.fire(FsmEvent.AUTOMATIC_STOP, cease);
    }
    if (resumable && primary.state() == FsmState.ESTABLISHED) {
      primary.fire(FsmEvent.TCP_CONNECTION_FAILS);
    } else {
      primary.fire(FsmEvent.AUTOMATIC_STOP, cease);
      lastError = "BFD: " + why;
    }
  }

  /** BFD is up again, or is not waited for any more. */
  void released() {
    if (idleHold == null) {
      startAgain();
    }
  }

  // ---- connections that come in

  /**
   * Takes a connection from the neighbour.
   *
   * @return who handles it; null if it is refused
   */
  public @Nullable ConnectionHandler incoming(Connection connection) {
    if (stopped != Stopped.RUNNING) {
      return refused(connection, "the session is kept down");
    }
    if (supervision.holds()) {
      return refused(connection, "BFD says that it is not reached");
    }
    if (primary.state() == FsmState.IDLE) {
      if (failures >= REFUSED_FROM_FAILURES) {
        return refused(connection, "it failed %d times in a row".formatted(failures));
      }
      idleHold = cancelled(idleHold);
      primary.fire(FsmEvent.AUTOMATIC_START_DAMPED_PASSIVE);
    }
    connection.protect(settings.transport().hops());
    if (primary.state() == FsmState.ACTIVE && !primary.hasConnection()) {
      return confirmed(primary, connection);
    }
    if (second != null) {
      // Of two that have said nothing yet, the newer one is the one that the neighbour has.
      Link older = second;
      second = null;
      older.fire(
          FsmEvent.OPEN_COLLISION_DUMP,
          Notification.of(NotificationSubcode.CONNECTION_COLLISION_RESOLUTION));
    }
    if (primary.state() == FsmState.OPEN_SENT
        || primary.state() == FsmState.OPEN_CONFIRM
        || primary.state() == FsmState.ESTABLISHED) {
      primary.fire(FsmEvent.TCP_CONNECTION_CONFIRMED);
    }
    Link tracked = new Link(this, FsmState.ACTIVE);
    second = tracked;
    return confirmed(tracked, connection);
  }

  private Link confirmed(Link link, Connection connection) {
    link.adopt(connection);
    // The handler is set when this returns, and our OPEN may leave only then.
    context
        .loop()
        .execute(
            () -> {
              if (connection.equals(link.connection())) {
                link.fire(FsmEvent.TCP_CONNECTION_CONFIRMED);
              }
            });
    return link;
  }

  private @Nullable ConnectionHandler refused(Connection connection, String why) {
    LOG.debug("{}: refused a connection from {}: {}", name(), connection.remote(), why);
    return null;
  }

  // ---- what links ask

  SessionContext context() {
    return context;
  }

  boolean isPrimary(Link link) {
    return link == primary;
  }

  void initiate(Link link) {
    Optional<IpAddress> remote = remoteAddress();
    if (remote.isEmpty() || link.hasConnection()) {
      return;
    }
    Transport transport = settings.transport();
    IpAddress source = transport.source();
    if (source.family() != remote.get().family()) {
      source = IpAddress.parse(remote.get().family() == IpFamily.IPV4 ? "0.0.0.0" : "::");
    }
    link.connecting(
        context
            .loop()
            .connect(
                new ConnectSettings(
                    remote.get(),
                    transport.port(),
                    source,
                    settings.address().device(),
                    transport.md5Key(),
                    transport.hops(),
                    settings.timers().connectRetry().multipliedBy(2)),
                link));
  }

  void failures(Link link, int more) {
    if (link == primary) {
      failures = more == 0 ? 0 : failures + more;
    }
  }

  /** What DampPeerOscillations means here: Idle lasts longer, see {@link #waitInIdle}. */
  void damp(Link link) {
    LOG.trace("{}: {} failures in a row", name(), link == primary ? failures : 0);
  }

  void said(Link link, String what) {
    if (link == primary) {
      lastError = what;
      ending = Ending.SILENT;
    }
    LOG.debug("{}: {}", name(), what);
  }

  void saidLast(Link link, FsmState from, FsmEvent event, Notification last) {
    if (link == primary) {
      lastError = "we sent %s in %s after %s".formatted(last, from, event);
      ending = Ending.ours(last);
    }
  }

  void heardNotification(Link link, Notification notification) {
    if (link == primary) {
      lastError = "the neighbour sent " + notification;
      ending = Ending.theirs(notification);
    }
    LOG.debug("{}: the neighbour sent {} in {}", name(), notification, link.state());
  }

  void moving(Link link, FsmState from, FsmEvent event) {
    LOG.debug(
        "{}{}: {} to {} by {} ({})",
        name(),
        link == primary ? "" : " (second connection)",
        from,
        link.state(),
        event,
        event.number());
  }

  void moved(Link link, FsmState from, FsmEvent event) {
    if (link != primary) {
      secondMoved(link);
      return;
    }
    FsmState now = link.state();
    lastChangeNs = context.loop().nanoTime();
    switch (now) {
      case ESTABLISHED -> established(link);
      case IDLE -> ended(from);
      case CONNECT, ACTIVE, OPEN_SENT, OPEN_CONFIRM -> {}
    }
    context.moved(this, from, now);
  }

  private void secondMoved(Link link) {
    switch (link.state()) {
      case IDLE, CONNECT -> forgetSecond(link);
      // It lost its connection before an OPEN.
      case ACTIVE -> {
        if (!link.hasConnection()) {
          forgetSecond(link);
        }
      }
      // It won the race before a collision was seen.
      case ESTABLISHED -> {
        Link older = primary;
        second = null;
        primary = link;
        older.fire(
            FsmEvent.OPEN_COLLISION_DUMP,
            Notification.of(NotificationSubcode.CONNECTION_COLLISION_RESOLUTION));
        moved(link, FsmState.OPEN_CONFIRM, FsmEvent.KEEPALIVE_MSG);
      }
      case OPEN_SENT, OPEN_CONFIRM -> {}
    }
  }

  private void forgetSecond(Link link) {
    if (second == link) {
      second = null;
    }
  }

  private void established(Link link) {
    Connection connection = link.connection();
    Negotiated negotiated = link.negotiated();
    if (connection == null || negotiated == null) {
      throw new IllegalStateException("established without connection");
    }
    establishedNs = context.loop().nanoTime();
    idleHold = cancelled(idleHold);
    LOG.info(
        "{}: established with {} of AS {}, {}",
        name(),
        connection.remote(),
        negotiated.remoteAs(),
        negotiated.families().keySet());
    routes =
        context.up(
            this,
            new Established(negotiated, connection.local(), connection.remote()),
            link::flushSoon);
    link.flushSoon();
    if (second != null && second.state() != FsmState.OPEN_CONFIRM) {
      Link other = second;
      second = null;
      other.fire(
          FsmEvent.OPEN_COLLISION_DUMP,
          Notification.of(NotificationSubcode.CONNECTION_COLLISION_RESOLUTION));
    }
  }

  /** The first state machine is in Idle: the second takes its place, or it waits. */
  private void ended(FsmState from) {
    if (from == FsmState.ESTABLISHED) {
      lifetimeFlaps++;
      Duration lasted = Duration.ofNanos(context.loop().nanoTime() - establishedNs);
      if (lasted.compareTo(settings.timers().longestIdleHold()) > 0) {
        failures = Math.min(failures, 1);
      }
      LOG.info("{}: ended after {} s: {}", name(), lasted.toSeconds(), lastError);
    }
    Link other = second;
    if (other != null && other.state() != FsmState.IDLE) {
      second = null;
      primary = other;
      return;
    }
    if (tooMany) {
      tooMany = false;
      stopped = Stopped.TOO_MANY_PREFIXES;
      if (!settings.restartAfterMaximum().isZero()) {
        idleHold = context.loop().schedule(settings.restartAfterMaximum(), this::start);
      }
      return;
    }
    waitInIdle();
  }

  private void waitInIdle() {
    if (stopped != Stopped.RUNNING || primary.state() != FsmState.IDLE) {
      return;
    }
    idleHold = cancelled(idleHold);
    idleHold =
        context
            .loop()
            .schedule(
                Backoff.idleHold(settings.timers(), failures, context.random()), this::startAgain);
  }

  private void startAgain() {
    idleHold = null;
    boolean may = stopped == Stopped.RUNNING && !supervision.holds();
    if (may && primary.state() == FsmState.IDLE) {
      primary.fire(FsmEvent.IDLE_HOLD_TIMER_EXPIRES);
    }
  }

  /** An OPEN came on a link: RFC 4271 §6.8, with RFC 6286 for equal identifiers. */
  void detectCollision(Link link) {
    Link other = link == primary ? second : primary;
    if (other == null || link.state() != FsmState.OPEN_CONFIRM) {
      return;
    }
    Notification cease = Notification.of(NotificationSubcode.CONNECTION_COLLISION_RESOLUTION);
    switch (other.state()) {
      case IDLE -> {
        if (other == primary) {
          promote(link);
          second = null;
        }
      }
      // Our own attempt is not needed any more.
      case CONNECT, ACTIVE -> {
        if (other == primary) {
          promote(link);
        }
        other.fire(FsmEvent.OPEN_COLLISION_DUMP, cease);
      }
      case OPEN_SENT, OPEN_CONFIRM -> {
        if (isKept(link)) {
          if (other == primary) {
            promote(link);
          }
          other.fire(FsmEvent.OPEN_COLLISION_DUMP, cease);
        } else if (other.state() == FsmState.OPEN_CONFIRM) {
          link.fire(FsmEvent.OPEN_COLLISION_DUMP, cease);
        }
      }
      case ESTABLISHED -> collideWithEstablished(link, other, cease);
    }
  }

  private void promote(Link link) {
    Link older = primary;
    primary = link;
    second = older;
    lastChangeNs = context.loop().nanoTime();
  }

  /** The connection that the dominant side made is kept. */
  private boolean isKept(Link link) {
    Negotiated negotiated = link.negotiated();
    if (negotiated == null) {
      return false;
    }
    int byIdentifier = Integer.compareUnsigned(context.identifier(), negotiated.identifier());
    boolean weDominate =
        byIdentifier != 0 ? byIdentifier > 0 : settings.localAs() > negotiated.remoteAs();
    return weDominate != link.incoming();
  }

  /**
   * RFC 4724 §5: a neighbour with graceful restart that opens a second connection has restarted
   * without our having seen the end of the first one.
   */
  private void collideWithEstablished(Link link, Link established, Notification cease) {
    Negotiated old = established.negotiated();
    boolean restarted =
        old != null
            && old.gracefulRestart()
            && context.loop().nanoTime() - establishedNs > COLLISION_WINDOW.toNanos();
    if (restarted) {
      lastError = "the neighbour opened another connection: it has restarted";
      ending = Ending.SILENT;
      established.fire(FsmEvent.TCP_CONNECTION_FAILS);
    } else {
      link.fire(FsmEvent.OPEN_COLLISION_DUMP, cease);
    }
  }

  // ---- routes

  @Nullable Notification update(ByteBuffer body) {
    PeerRoutes taken = routes;
    if (taken == null) {
      return null;
    }
    context.heard(this, body);
    return taken.update(body);
  }

  @Nullable ByteBuffer nextRoutes(Link link) {
    PeerRoutes given = routes;
    return given == null || link != primary || link.state() != FsmState.ESTABLISHED
        ? null
        : given.next();
  }

  void refresh(RouteRefresh refresh) {
    PeerRoutes asked = routes;
    Negotiated negotiated = primary.negotiated();
    if (asked == null
        || negotiated == null
        || !negotiated.families().containsKey(refresh.family())) {
      return;
    }
    // Without RFC 7313 the octet means nothing.
    if (negotiated.enhancedRefresh()) {
      refresh.subtype().ifPresent(subtype -> asked.refresh(refresh.family(), subtype));
    } else {
      asked.refresh(refresh.family(), RefreshSubtype.REQUEST);
    }
  }

  void tooManyPrefixes(Notification notification) {
    tooMany = true;
    LOG.warn(
        "{}: sent more prefixes than it may; {}: {}",
        name(),
        notification,
        settings.restartAfterMaximum().isZero()
            ? "it stays down until it is reset"
            : "tried again in " + settings.restartAfterMaximum());
  }

  /** A Cease that is to end graceful restart too is put into a Hard Reset, RFC 8538 §3. */
  Notification hard(Notification cease) {
    boolean keeps = negotiated().map(Negotiated::notificationKeepsRoutes).orElse(false);
    return keeps && primary.state() == FsmState.ESTABLISHED ? cease.asHardReset() : cease;
  }

  void routesDown(Link link, FsmEvent event, @Nullable Notification word) {
    PeerRoutes ending = routes;
    if (link != primary || ending == null) {
      return;
    }
    routes = null;
    ending.down(retention(link, event, word));
  }

  /** RFC 4724 §4.2, RFC 8538 §4 and RFC 9494 §4.2. */
  private static Retention retention(Link link, FsmEvent event, @Nullable Notification word) {
    Negotiated negotiated = link.negotiated();
    if (negotiated == null || !negotiated.gracefulRestart()) {
      return Retention.DROP;
    }
    boolean lost = event == FsmEvent.TCP_CONNECTION_FAILS;
    boolean hard = word != null && (word.isHardReset() || isUnrecoverable(word));
    boolean resumable = lost || (negotiated.notificationKeepsRoutes() && !hard);
    if (!resumable || event == FsmEvent.MANUAL_STOP) {
      return Retention.DROP;
    }
    Map<Family, Retention.Keep> kept = new HashMap<>();
    negotiated
        .families()
        .forEach(
            (family, agreement) -> {
              if (!agreement.restart().isZero() || !agreement.longLived().isZero()) {
                kept.put(family, new Retention.Keep(agreement.restart(), agreement.longLived()));
              }
            });
    return new Retention(kept);
  }

  /** What the next session would meet again. */
  private static boolean isUnrecoverable(Notification word) {
    return word.is(NotificationSubcode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)
        || word.is(NotificationSubcode.PEER_DECONFIGURED)
        || word.code() == NotificationCode.OPEN_MESSAGE_ERROR.code();
  }

  private static @Nullable Scheduled cancelled(@Nullable Scheduled timer) {
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }
}
