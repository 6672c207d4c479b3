package io.ocicat.bgp.session;

import io.ocicat.bgp.loop.Scheduled;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What BFD means for a session, RFC 5882 §4, on the loop's thread:
 *
 * <ul>
 *   <li>A session does not wait for BFD: a neighbour that never spoke it is as good as any.
 *   <li>From Up to Down ends the session at once.
 *   <li>After that the session is not tried and not taken again until BFD is up, because BGP may
 *       get through where data does not; but no longer than {@link #LONGEST_HOLD}, because the
 *       neighbour may have come back without BFD.
 *   <li>A neighbour that switches BFD off (AdminDown) ends nothing and holds up nothing.
 * </ul>
 */
final class Supervision {

  private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

  static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

  private final Session session;
  private Liveness.@Nullable Watch watch;
  private Liveness.@Nullable Target target;
  private BfdSettings settings = BfdSettings.OFF;
  private Liveness.@Nullable State state;
  private @Nullable Scheduled hold;
  // A word of a watch that has ended is not listened to.
  private int watches;

  Supervision(Session session) {
    this.session = session;
  }

  /** Watches the neighbour as the session's settings say; does only what differs. */
  void follow() {
    BfdSettings wanted = session.settings().bfd();
    Optional<IpAddress> remote = session.remoteAddress();
    if (!wanted.enabled() || remote.isEmpty()) {
      end();
      return;
    }
    Transport transport = session.settings().transport();
    Liveness.Target who =
        new Liveness.Target(
            remote.get(),
            transport.source(),
            session.settings().address().device(),
            wanted.isMultihop(transport.hops()));
    Liveness.Watch watching = watch;
    if (watching == null || !who.equals(target)) {
      end();
      target = who;
      begin(who, wanted);
    } else if (!wanted.equals(settings)) {
      watching.change(wanted);
    }
    settings = wanted;
  }

  private void begin(Liveness.Target who, BfdSettings wanted) {
    SessionContext context = session.context();
    int number = watches;
    watch =
        context
            .liveness()
            .watch(
                who,
                wanted,
                verdict ->
                    context
                        .loop()
                        .execute(
                            () -> {
                              if (number == watches) {
                                judge(verdict);
                              }
                            }));
  }

  void end() {
    Liveness.Watch watching = watch;
    watch = null;
    target = null;
    state = null;
    watches++;
    settings = BfdSettings.OFF;
    release();
    if (watching != null) {
      watching.close();
    }
  }

  private void judge(Liveness.Verdict verdict) {
    Liveness.State before = state;
    state = verdict.state();
    switch (verdict.state()) {
      case UP, OFF -> {
        if (release()) {
          session.released();
        }
      }
      case DOWN -> {
        if (before == Liveness.State.UP) {
          hold =
              session
                  .context()
                  .loop()
                  .schedule(
                      LONGEST_HOLD,
                      () -> {
                        hold = null;
                        LOG.info("{}: tried again although BFD is down", session.name());
                        session.released();
                      });
          session.lost(verdict.why(), settings.graceful() && !verdict.independent());
        }
      }
    }
  }

  /** The session need not wait for BFD any more; true if it did. */
  boolean release() {
    Scheduled held = hold;
    hold = null;
    if (held != null) {
      held.cancel();
    }
    return held != null;
  }

  /** BFD was up and is down: the session is not to begin. */
  boolean holds() {
    return hold != null;
  }

  /** What BFD says; empty while it has said nothing, or is not asked. */
  Optional<Liveness.State> state() {
    return Optional.ofNullable(state);
  }
}
