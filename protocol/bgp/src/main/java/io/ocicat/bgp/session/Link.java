package io.ocicat.bgp.session;

import io.ocicat.bgp.fsm.Fsm;
import io.ocicat.bgp.fsm.FsmAction;
import io.ocicat.bgp.fsm.FsmEvent;
import io.ocicat.bgp.fsm.FsmFact;
import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.fsm.Transition;
import io.ocicat.bgp.loop.Connection;
import io.ocicat.bgp.loop.ConnectionHandler;
import io.ocicat.bgp.loop.Loop;
import io.ocicat.bgp.loop.Scheduled;
import io.ocicat.bgpwire.Framing;
import io.ocicat.bgpwire.Keepalive;
import io.ocicat.bgpwire.Message;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.Open;
import io.ocicat.bgpwire.Received;
import io.ocicat.bgpwire.RouteRefresh;
import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One state machine with its connection: a session has one, and a second one while two connections
 * compete.
 */
final class Link implements ConnectionHandler {

  private static final Duration LARGE_HOLD = Duration.ofMinutes(4);
  private static final Duration SHORTEST_SEND_HOLD = Duration.ofMinutes(8);
  private static final int BYTES_A_TURN = 256 << 10;
  private static final int DISCARD_BYTES = 16 << 10;
  private static final int MOST_DISCARDED_BYTES = 1 << 20;
  private static final byte[] NOTHING = new byte[0];

  private final Session session;
  private final Loop loop;
  private FsmState state;
  private @Nullable Connection connection;
  private boolean incoming;
  private Framing framing = new Framing();
  private final Outbox outbox = new Outbox();
  // What of a message has come so far; an idle session keeps nothing.
  private byte[] rest = NOTHING;
  private @Nullable Open ours;
  private @Nullable Negotiated negotiated;
  private @Nullable Notification word;

  private @Nullable Scheduled connectRetryTimer;
  private @Nullable Scheduled delayOpenTimer;
  private @Nullable Scheduled holdTimer;
  private @Nullable Scheduled keepaliveTimer;
  private @Nullable Scheduled sendHoldTimer;
  private Duration holdTime = Duration.ZERO;
  private Duration keepaliveTime = Duration.ZERO;
  private long heardNs;
  private long sentNs;
  private long progressNs;
  private boolean flushScheduled;

  Link(Session session, FsmState state) {
    this.session = session;
    this.loop = session.context().loop();
    this.state = state;
  }

  FsmState state() {
    return state;
  }

  boolean incoming() {
    return incoming;
  }

  boolean hasConnection() {
    return connection != null;
  }

  @Nullable Connection connection() {
    return connection;
  }

  @Nullable Negotiated negotiated() {
    return negotiated;
  }

  long heardNs() {
    return heardNs;
  }

  /** Takes over a connection that came in; an event follows. */
  void adopt(Connection accepted) {
    connection = accepted;
    incoming = true;
  }

  // ---- events

  /** An event, with the word to the other side that goes with it. */
  void fire(FsmEvent event, Notification about) {
    word = about;
    fire(event);
    word = null;
  }

  void fire(FsmEvent event) {
    FsmState from = state;
    Transition transition = Fsm.next(from, event, facts());
    state = transition.next();
    if (state != from) {
      session.moving(this, from, event);
    }
    for (FsmAction action : transition.actions()) {
      perform(action, from, event);
    }
    if (state != from) {
      session.moved(this, from, event);
    }
  }

  private Set<FsmFact> facts() {
    Set<FsmFact> facts = EnumSet.of(FsmFact.DAMP_PEER_OSCILLATIONS);
    Timers timers = session.settings().timers();
    if (!timers.delayOpen().isZero()) {
      facts.add(FsmFact.DELAY_OPEN);
    }
    if (delayOpenTimer != null) {
      facts.add(FsmFact.DELAY_OPEN_TIMER_RUNNING);
    }
    if (session.settings().transport().passive()) {
      facts.add(FsmFact.PASSIVE_TCP_ESTABLISHMENT);
    }
    Negotiated agreed = negotiated;
    if (agreed != null && agreed.holdSeconds() == 0) {
      facts.add(FsmFact.HOLD_TIME_ZERO);
    }
    return facts;
  }

  private void perform(FsmAction action, FsmState from, FsmEvent event) {
    switch (action) {
      case INITIALISE_RESOURCES, COMPLETE_INITIALISATION, PROCESS_UPDATE -> {}
      case RELEASE_RESOURCES -> release();
      case DELETE_ROUTES -> session.routesDown(this, event, word);
      case ZERO_CONNECT_RETRY_COUNTER -> session.failures(this, 0);
      case INCREMENT_CONNECT_RETRY_COUNTER -> session.failures(this, 1);
      case DAMP_PEER_OSCILLATIONS -> session.damp(this);
      case START_CONNECT_RETRY_TIMER -> startConnectRetry();
      case STOP_CONNECT_RETRY_TIMER -> connectRetryTimer = stopped(connectRetryTimer);
      case START_DELAY_OPEN_TIMER -> startDelayOpen();
      case STOP_DELAY_OPEN_TIMER -> delayOpenTimer = stopped(delayOpenTimer);
      case START_LARGE_HOLD_TIMER -> startHold(LARGE_HOLD);
      case START_NEGOTIATED_HOLD_TIMER -> startHold(Duration.ofSeconds(agreed().holdSeconds()));
      case RESTART_HOLD_TIMER -> heardNs = loop.nanoTime();
      case STOP_HOLD_TIMER -> holdTimer = stopped(holdTimer);
      case START_KEEPALIVE_TIMER -> startKeepalive();
      case STOP_KEEPALIVE_TIMER -> keepaliveTimer = stopped(keepaliveTimer);
      case INITIATE_CONNECTION -> session.initiate(this);
      case DROP_CONNECTION -> drop();
      // Whoever hands a connection in closes it if it is not taken.
      case REJECT_CONNECTION, TRACK_SECOND_CONNECTION -> {}
      case SEND_OPEN -> sendOpen();
      case SEND_KEEPALIVE -> send(new Keepalive());
      case SEND_NOTIFICATION_OF_ERROR, SEND_CEASE -> sendLast(word, from, event);
      case SEND_HOLD_TIMER_EXPIRED ->
          sendLast(Notification.of(NotificationSubcode.HOLD_TIMER_EXPIRED), from, event);
      case SEND_SEND_HOLD_TIMER_EXPIRED ->
          sendLast(Notification.of(NotificationSubcode.SEND_HOLD_TIMER_EXPIRED), from, event);
      case SEND_FSM_ERROR -> sendLast(Notification.of(fsmError(from)), from, event);
      case DETECT_COLLISION -> session.detectCollision(this);
    }
  }

  private static NotificationSubcode fsmError(FsmState state) {
    return switch (state) {
      case OPEN_SENT -> NotificationSubcode.UNEXPECTED_MESSAGE_IN_OPEN_SENT;
      case OPEN_CONFIRM -> NotificationSubcode.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM;
      case ESTABLISHED -> NotificationSubcode.UNEXPECTED_MESSAGE_IN_ESTABLISHED;
      case IDLE, CONNECT, ACTIVE -> NotificationSubcode.UNSPECIFIED_FSM_ERROR;
    };
  }

  private Negotiated agreed() {
    Negotiated agreed = negotiated;
    if (agreed == null) {
      throw new IllegalStateException("nothing is agreed in " + state);
    }
    return agreed;
  }

  // ---- timers

  private static @Nullable Scheduled stopped(@Nullable Scheduled timer) {
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }

  /** Who is passive waits for ever. */
  private void startConnectRetry() {
    connectRetryTimer = stopped(connectRetryTimer);
    if (!session.settings().transport().passive() && session.isPrimary(this)) {
      Duration time =
          Backoff.jittered(session.settings().timers().connectRetry(), session.context().random());
      connectRetryTimer =
          loop.schedule(
              time,
              () -> {
                connectRetryTimer = null;
                fire(FsmEvent.CONNECT_RETRY_TIMER_EXPIRES);
              });
    }
  }

  private void startDelayOpen() {
    delayOpenTimer = stopped(delayOpenTimer);
    delayOpenTimer =
        loop.schedule(
            session.settings().timers().delayOpen(),
            () -> {
              delayOpenTimer = null;
              fire(FsmEvent.DELAY_OPEN_TIMER_EXPIRES);
            });
  }

  private void startHold(Duration time) {
    holdTime = time;
    heardNs = loop.nanoTime();
    holdTimer = stopped(holdTimer);
    holdTimer = loop.schedule(time, this::judgeHold);
  }

  /** The timer is not moved with each message; when it is due, it looks when the last one came. */
  private void judgeHold() {
    holdTimer = null;
    if (leftNs(heardNs, holdTime) <= 0 && connection != null) {
      // What waits unread is a sign of life: it is we who are late.
      readable(connection);
    }
    if (state == FsmState.IDLE || connection == null || holdTimer != null) {
      return;
    }
    long left = leftNs(heardNs, holdTime);
    if (left > 0) {
      holdTimer = loop.schedule(Duration.ofNanos(left), this::judgeHold);
    } else {
      fire(FsmEvent.HOLD_TIMER_EXPIRES);
    }
  }

  private long leftNs(long sinceNs, Duration time) {
    return sinceNs + time.toNanos() - loop.nanoTime();
  }

  private void startKeepalive() {
    keepaliveTime = Duration.ofSeconds(agreed().keepaliveSeconds());
    scheduleKeepalive(Backoff.jittered(keepaliveTime, session.context().random()));
  }

  private void scheduleKeepalive(Duration in) {
    keepaliveTimer = stopped(keepaliveTimer);
    keepaliveTimer = loop.schedule(in, this::judgeKeepalive);
  }

  /** An UPDATE that left meanwhile counts as a KEEPALIVE. */
  private void judgeKeepalive() {
    keepaliveTimer = null;
    long left = (long) (leftNs(sentNs, keepaliveTime) * 0.75);
    if (left > 0 && state == FsmState.ESTABLISHED) {
      scheduleKeepalive(Duration.ofNanos(left));
    } else {
      fire(FsmEvent.KEEPALIVE_TIMER_EXPIRES);
    }
  }

  private Duration sendHoldTime() {
    Duration chosen = session.settings().timers().sendHold();
    if (!chosen.isZero()) {
      return chosen;
    }
    Duration twice = holdTime.multipliedBy(2);
    return twice.compareTo(SHORTEST_SEND_HOLD) > 0 ? twice : SHORTEST_SEND_HOLD;
  }

  private void judgeSendHold() {
    sendHoldTimer = null;
    if (outbox.isEmpty() || connection == null) {
      return;
    }
    long left = leftNs(progressNs, sendHoldTime());
    if (left > 0) {
      sendHoldTimer = loop.schedule(Duration.ofNanos(left), this::judgeSendHold);
    } else {
      fire(FsmEvent.SEND_HOLD_TIMER_EXPIRES);
    }
  }

  // ---- connection

  void connecting(Connection attempt) {
    connection = attempt;
    incoming = false;
  }

  @Override
  public void connected(Connection established) {
    fire(FsmEvent.TCP_CR_ACKED);
  }

  @Override
  public void failed(Connection attempt, String reason) {
    connection = null;
    session.said(this, "cannot connect: " + reason);
    fire(FsmEvent.TCP_CONNECTION_FAILS);
  }

  private void ended(Connection lost) {
    session.said(this, "connection lost: " + lost.ending());
    fire(FsmEvent.TCP_CONNECTION_FAILS);
  }

  private void drop() {
    Connection dropped = connection;
    connection = null;
    // The next connection of the same attempt begins with nothing of this one.
    framing = new Framing();
    outbox.clear();
    rest = NOTHING;
    if (dropped != null) {
      discardUnread(dropped);
      dropped.close();
    }
  }

  /** A socket closed with unread data resets the connection, and our last word is lost with it. */
  private static void discardUnread(Connection from) {
    ByteBuffer bin = ByteBuffer.allocate(DISCARD_BYTES);
    int discarded = 0;
    int count;
    do {
      count = from.read(bin.clear());
      discarded += Math.max(0, count);
    } while (count > 0 && discarded < MOST_DISCARDED_BYTES);
  }

  private void release() {
    connectRetryTimer = stopped(connectRetryTimer);
    delayOpenTimer = stopped(delayOpenTimer);
    holdTimer = stopped(holdTimer);
    keepaliveTimer = stopped(keepaliveTimer);
    sendHoldTimer = stopped(sendHoldTimer);
    ours = null;
    negotiated = null;
  }

  // ---- in

  @Override
  public void readable(Connection from) {
    ByteBuffer in = session.context().scratch();
    int taken = 0;
    while (from.equals(connection) && taken < BYTES_A_TURN) {
      in.clear().put(rest);
      int room = in.remaining();
      int count = from.read(in);
      if (count == Connection.ENDED) {
        ended(from);
        return;
      }
      if (count == 0) {
        return;
      }
      taken += count;
      in.flip();
      if (!takeMessages(from, in)) {
        return;
      }
      keepRest(in);
      // Nothing is left to read, or it is told again that there is.
      if (count < room) {
        return;
      }
    }
  }

  private void keepRest(ByteBuffer in) {
    if (in.hasRemaining()) {
      rest = new byte[in.remaining()];
      in.get(rest);
    } else {
      rest = NOTHING;
    }
  }

  /** Whether the connection is still this one's. */
  private boolean takeMessages(Connection from, ByteBuffer in) {
    while (true) {
      switch (framing.next(in)) {
        case INCOMPLETE -> {
          return true;
        }
        case BROKEN -> {
          failWith(FsmEvent.BGP_HEADER_ERR, framing.error());
          return false;
        }
        case MESSAGE -> {
          take(framing.type(), framing.body());
          if (!from.equals(connection)) {
            return false;
          }
        }
      }
    }
  }

  private void take(MessageType type, ByteBuffer body) {
    session.counts().received(type);
    switch (type) {
      case OPEN -> takeOpen(body);
      case UPDATE -> takeUpdate(body);
      case NOTIFICATION -> takeNotification(Notification.parse(body));
      case KEEPALIVE -> fire(FsmEvent.KEEPALIVE_MSG);
      case ROUTE_REFRESH -> takeRefresh(body);
    }
  }

  private void takeOpen(ByteBuffer body) {
    Open sent = ours;
    if (sent == null && delayOpenTimer != null) {
      sent = makeOpen();
    }
    boolean expected =
        sent != null
            && (state == FsmState.OPEN_SENT
                || state == FsmState.CONNECT
                || state == FsmState.ACTIVE);
    if (sent == null || !expected) {
      fire(FsmEvent.BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING);
      return;
    }
    Open local = sent;
    Received<Negotiated> agreed =
        switch (Open.parse(body)) {
          case Received.Good<Open>(Open theirs) ->
              OpenExchange.agree(session.settings(), local, theirs);
          case Received.Bad<Open>(Notification refusal) -> new Received.Bad<>(refusal);
        };
    switch (agreed) {
      case Received.Bad<Negotiated>(Notification refusal) ->
          failWith(FsmEvent.BGP_OPEN_MSG_ERR, refusal);
      case Received.Good<Negotiated>(Negotiated found) -> {
        negotiated = found;
        if (found.extendedMessages()) {
          framing.allowExtendedMessages();
        }
        fire(
            delayOpenTimer != null
                ? FsmEvent.BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING
                : FsmEvent.BGP_OPEN);
      }
    }
  }

  private void takeUpdate(ByteBuffer body) {
    if (state != FsmState.ESTABLISHED) {
      fire(FsmEvent.UPDATE_MSG);
      return;
    }
    Notification refusal = session.update(body);
    if (refusal == null) {
      // Event 27 in Established, which asks for this and nothing else.
      heardNs = loop.nanoTime();
    } else if (refusal.is(NotificationSubcode.MAXIMUM_NUMBER_OF_PREFIXES_REACHED)) {
      session.tooManyPrefixes(refusal);
      failWith(FsmEvent.AUTOMATIC_STOP, session.hard(refusal));
    } else {
      failWith(FsmEvent.UPDATE_MSG_ERR, refusal);
    }
  }

  private void takeRefresh(ByteBuffer body) {
    if (state != FsmState.ESTABLISHED) {
      failWith(FsmEvent.BGP_HEADER_ERR, Notification.of(fsmError(state)));
      return;
    }
    switch (RouteRefresh.parse(body)) {
      case Received.Good<RouteRefresh>(RouteRefresh refresh) -> session.refresh(refresh);
      case Received.Bad<RouteRefresh>(Notification refusal) -> {
        // RFC 7313 §5: only who speaks of enhanced refresh is told.
        if (agreed().enhancedRefresh()) {
          failWith(FsmEvent.UPDATE_MSG_ERR, refusal);
        }
      }
    }
  }

  private void takeNotification(Notification notification) {
    session.heardNotification(this, notification);
    word = notification;
    fire(
        notification.is(NotificationSubcode.UNSUPPORTED_VERSION_NUMBER)
            ? FsmEvent.NOTIF_MSG_VER_ERR
            : FsmEvent.NOTIF_MSG);
    word = null;
  }

  private void failWith(FsmEvent event, Notification notification) {
    session.said(this, "we sent " + notification);
    fire(event, notification);
  }

  // ---- out

  private Open makeOpen() {
    SessionContext context = session.context();
    Open made = OpenExchange.ours(session.settings(), context.identifier(), context.restarting());
    ours = made;
    return made;
  }

  private void sendOpen() {
    Open open = ours;
    send(open == null ? makeOpen() : open);
  }

  void send(Message message) {
    ByteBuffer bytes = message.toBuffer();
    session.counts().sent(MessageType.of(bytes.get(18) & 0xff).orElseThrow());
    outbox.add(bytes);
    flush();
  }

  /** Soon, but not from within the call that asks for it. */
  void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.execute(
          () -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  @Override
  public void writable(Connection to) {
    flush();
  }

  private void flush() {
    Connection to = connection;
    if (to == null) {
      return;
    }
    Outbox.Flushed flushed = outbox.flush(to, () -> session.nextRoutes(this));
    long now = loop.nanoTime();
    if (outbox.progressed()) {
      progressNs = now;
    }
    if (outbox.wrote()) {
      sentNs = now;
    }
    switch (flushed) {
      case ALL -> to.wantWrite(false);
      case MORE -> {
        to.wantWrite(true);
      }
      case BLOCKED -> {
        to.wantWrite(true);
        if (sendHoldTimer == null && state == FsmState.ESTABLISHED) {
          sendHoldTimer = loop.schedule(sendHoldTime(), this::judgeSendHold);
        }
      }
      // The end shows when it is read, which is when there is nothing more to be had.
      case ENDED -> to.wantWrite(false);
    }
  }

  private void sendLast(@Nullable Notification last, FsmState from, FsmEvent event) {
    Connection to = connection;
    // A NOTIFICATION is never answered by one.
    if (to == null || last == null || event == FsmEvent.NOTIF_MSG) {
      return;
    }
    session.saidLast(this, from, event, last);
    session.counts().sent(MessageType.NOTIFICATION);
    outbox.last(to, last.toBuffer());
  }
}
