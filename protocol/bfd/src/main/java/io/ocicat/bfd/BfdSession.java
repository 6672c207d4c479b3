package io.ocicat.bfd;

import java.util.random.RandomGenerator;

/**
 * One session in asynchronous mode, RFC 5880 section 6.8, without time and sockets of its own.
 *
 * <p>The owner hands in packets and calls {@link #tick} when {@link #nextNanos} has come. Times are
 * nanoseconds of one clock that never goes back, such as {@link System#nanoTime}. Names of state
 * variables are the RFC's, without {@code bfd.}.
 *
 * <p>Belongs to one thread.
 */
final class BfdSession {

  /** What a session does. */
  interface Out {
    void send(BfdPacket packet);

    /**
     * The session is in {@code now}; {@code diagnostic} says why it left Up. Also from Down to Down
     * where the peer switches BFD off.
     */
    void changed(BfdState before, BfdState now, BfdDiagnostic diagnostic);
  }

  private static final long NEVER = Long.MAX_VALUE;

  /** The fastest that one may send while the session is not up, section 6.8.3. */
  private static final long SLOW_TX_MICROS = 1_000_000;

  private final int localDiscr;
  private final boolean passive;
  private final RandomGenerator random;
  private final Out out;

  private BfdTimers timers;
  private BfdState sessionState = BfdState.DOWN;
  private BfdState remoteSessionState = BfdState.DOWN;
  private BfdDiagnostic localDiag = BfdDiagnostic.NONE;
  private BfdDiagnostic remoteDiag = BfdDiagnostic.NONE;
  private int remoteDiscr;
  private long remoteMinRxMicros = 1;
  private long remoteDesiredMinTxMicros;
  private int remoteDetectMult;

  /** What is in force, which trails what is asked for until a poll has ended. */
  private long desiredMinTxMicros = SLOW_TX_MICROS;

  private long requiredMinRxMicros;

  private boolean polling;
  private boolean remoteDemandMode;
  private boolean remoteIndependent;
  private long sentNanos;
  private long nextSendNanos = NEVER;
  private long heardNanos;
  private boolean heard;

  /**
   * @param passive whether to wait for the peer's first packet
   * @param random for jitter, so that sessions do not send in step
   */
  BfdSession(int localDiscr, BfdTimers timers, boolean passive, RandomGenerator random, Out out) {
    this.localDiscr = localDiscr;
    this.timers = timers;
    this.requiredMinRxMicros = timers.requiredMinRxMicros();
    this.passive = passive;
    this.random = random;
    this.out = out;
  }

  BfdState state() {
    return sessionState;
  }

  /** Sends the first packet, if this is not the passive side. */
  void start(long nowNanos) {
    schedule(nowNanos, 0);
  }

  /** When {@link #tick} has something to do; {@link Long#MAX_VALUE} for never. */
  long nextNanos() {
    return Math.min(nextSendNanos, detectionNanos());
  }

  /** Does what is due. */
  void tick(long nowNanos) {
    if (nowNanos >= detectionNanos()) {
      remoteDiscr = 0;
      remoteSessionState = BfdState.DOWN;
      heard = false;
      remoteMinRxMicros = 1;
      if (sessionState == BfdState.INIT || sessionState == BfdState.UP) {
        become(BfdState.DOWN, BfdDiagnostic.DETECTION_TIME_EXPIRED, nowNanos);
      }
    }
    if (nowNanos >= nextSendNanos) {
      transmit(nowNanos);
    }
  }

  /** Takes a packet that {@link BfdPacket#read} let through, section 6.8.6. */
  void receive(BfdPacket packet, long nowNanos) {
    boolean newlyOff =
        packet.state() == BfdState.ADMIN_DOWN && remoteSessionState != BfdState.ADMIN_DOWN;
    remoteDiscr = packet.myDiscriminator();
    remoteSessionState = packet.state();
    remoteDiag = packet.diagnostic();
    remoteMinRxMicros = packet.requiredMinRxMicros();
    remoteDesiredMinTxMicros = packet.desiredMinTxMicros();
    remoteDetectMult = packet.detectMultiplier();
    remoteDemandMode = packet.demand();
    remoteIndependent = packet.independent();
    heard = true;
    heardNanos = nowNanos;
    if (polling && packet.isFinal()) {
      endPoll();
    }
    if (sessionState == BfdState.ADMIN_DOWN) {
      return;
    }
    if (newlyOff && sessionState == BfdState.DOWN) {
      localDiag = BfdDiagnostic.NEIGHBOR_SIGNALED_DOWN;
      out.changed(BfdState.DOWN, BfdState.DOWN, localDiag);
    }
    transition(packet.state(), nowNanos);
    if (packet.poll()) {
      out.send(packet(true));
    }
    reschedule(nowNanos);
  }

  private void transition(BfdState remote, long nowNanos) {
    switch (remote) {
      case ADMIN_DOWN -> {
        if (sessionState != BfdState.DOWN) {
          become(BfdState.DOWN, BfdDiagnostic.NEIGHBOR_SIGNALED_DOWN, nowNanos);
        }
      }
      case DOWN -> {
        if (sessionState == BfdState.DOWN) {
          become(BfdState.INIT, localDiag, nowNanos);
        } else if (sessionState == BfdState.UP) {
          become(BfdState.DOWN, BfdDiagnostic.NEIGHBOR_SIGNALED_DOWN, nowNanos);
        }
      }
      case INIT -> {
        if (sessionState != BfdState.UP) {
          become(BfdState.UP, localDiag, nowNanos);
        }
      }
      case UP -> {
        if (sessionState == BfdState.INIT) {
          become(BfdState.UP, localDiag, nowNanos);
        }
      }
    }
  }

  private void become(BfdState state, BfdDiagnostic diagnostic, long nowNanos) {
    BfdState before = sessionState;
    sessionState = state;
    localDiag = diagnostic;
    if (state == BfdState.UP) {
      apply(nowNanos);
    } else {
      desiredMinTxMicros = SLOW_TX_MICROS;
      polling = false;
    }
    out.changed(before, state, diagnostic);
    // The peer learns at once, section 6.8.7.
    if (maySend()) {
      nextSendNanos = nowNanos;
    }
  }

  /** Changes how fast it is to be; a session that is up goes on while the peer is told. */
  void change(BfdTimers wanted, long nowNanos) {
    timers = wanted;
    if (sessionState == BfdState.UP) {
      apply(nowNanos);
    } else {
      requiredMinRxMicros = wanted.requiredMinRxMicros();
    }
  }

  /** Section 6.8.3: slower sending and faster receiving wait for the end of the poll. */
  private void apply(long nowNanos) {
    desiredMinTxMicros = Math.min(desiredMinTxMicros, timers.desiredMinTxMicros());
    requiredMinRxMicros = Math.max(requiredMinRxMicros, timers.requiredMinRxMicros());
    polling = true;
    if (maySend()) {
      nextSendNanos = nowNanos;
    }
  }

  private void endPoll() {
    polling = false;
    desiredMinTxMicros = timers.desiredMinTxMicros();
    requiredMinRxMicros = timers.requiredMinRxMicros();
  }

  /** Ends the session on purpose; the peer is told for as long as {@link #tick} is called. */
  void shutDown(long nowNanos) {
    if (sessionState != BfdState.ADMIN_DOWN) {
      become(BfdState.ADMIN_DOWN, BfdDiagnostic.ADMINISTRATIVELY_DOWN, nowNanos);
      transmit(nowNanos);
    }
  }

  private void transmit(long nowNanos) {
    out.send(packet(false));
    sentNanos = nowNanos;
    schedule(nowNanos, jittered(txIntervalNanos()));
  }

  private void schedule(long nowNanos, long delayNanos) {
    nextSendNanos = maySend() ? nowNanos + delayNanos : NEVER;
  }

  /** Whether packets go out of themselves, section 6.8.7. */
  private boolean maySend() {
    boolean unasked =
        remoteDemandMode
            && sessionState == BfdState.UP
            && remoteSessionState == BfdState.UP
            && !polling;
    return (!passive || remoteDiscr != 0) && remoteMinRxMicros != 0 && !unasked;
  }

  /** After what the peer wants has changed. */
  private void reschedule(long nowNanos) {
    if (!maySend()) {
      nextSendNanos = NEVER;
    } else if (nextSendNanos == NEVER || nextSendNanos <= nowNanos) {
      transmit(nowNanos);
    } else {
      long latest = sentNanos + txIntervalNanos();
      nextSendNanos = Math.min(nextSendNanos, Math.max(nowNanos, latest));
    }
  }

  private long txIntervalNanos() {
    return Math.max(desiredMinTxMicros, remoteMinRxMicros) * 1000;
  }

  /** Section 6.8.7: by up to a quarter shorter, and 10 to 25 % where no packet may be lost. */
  private long jittered(long intervalNanos) {
    double least = 0.75;
    double most = timers.detectMultiplier() == 1 ? 0.9 : 1.0;
    return (long) (intervalNanos * (least + random.nextDouble() * (most - least)));
  }

  private long detectionNanos() {
    return heard ? heardNanos + detectionTimeMicros() * 1000 : NEVER;
  }

  /** After how long a silence the peer is given up, section 6.8.4. */
  long detectionTimeMicros() {
    return remoteDetectMult * Math.max(requiredMinRxMicros, remoteDesiredMinTxMicros);
  }

  private BfdPacket packet(boolean isFinal) {
    long desired =
        sessionState == BfdState.UP
            ? timers.desiredMinTxMicros()
            : Math.max(SLOW_TX_MICROS, timers.desiredMinTxMicros());
    return new BfdPacket(
        localDiag,
        sessionState,
        polling && !isFinal,
        isFinal,
        false,
        false,
        timers.detectMultiplier(),
        localDiscr,
        remoteDiscr,
        desired,
        timers.requiredMinRxMicros(),
        0);
  }

  /** What there is to see of it. */
  BfdStatus.Timing timing() {
    return new BfdStatus.Timing(
        txIntervalNanos() / 1000, heard ? detectionTimeMicros() : 0, localDiag, remoteDiag);
  }

  BfdState remoteState() {
    return remoteSessionState;
  }

  boolean remoteIndependent() {
    return remoteIndependent;
  }

  int remoteDiscriminator() {
    return remoteDiscr;
  }
}
