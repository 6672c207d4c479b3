package io.ocicat.bgp.speaker;

import io.ocicat.bfd.BfdLoop;
import io.ocicat.bfd.BfdPeer;
import io.ocicat.bfd.BfdState;
import io.ocicat.bfd.BfdStatus;
import io.ocicat.bfd.BfdTimers;
import io.ocicat.bfd.BfdVerdict;
import io.ocicat.bgp.session.BfdSettings;
import io.ocicat.bgp.session.Liveness;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Liveness} by BFD. Its thread begins with the first neighbour that asks for it, in the
 * network namespace of the speaker's thread.
 */
public final class BfdLiveness implements Liveness, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BfdLiveness.class);

  private final RandomGenerator random;
  private volatile @Nullable BfdLoop loop;

  /**
   * @param random for discriminators, ports and jitter; used on BFD's thread alone
   */
  public BfdLiveness(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Watch watch(Target target, BfdSettings settings, Consumer<Verdict> told) {
    BfdPeer peer =
        new BfdPeer(
            target.remote(),
            target.source().isUnspecified() || target.source().family() != target.remote().family()
                ? Optional.empty()
                : Optional.of(target.source()),
            target.device(),
            target.multihop(),
            false);
    BfdLoop.Watch watch;
    try {
      watch = running().watch(peer, timers(settings), verdict -> told.accept(verdict(verdict)));
    } catch (IllegalArgumentException e) {
      LOG.error("{}; this session goes without BFD", e.getMessage());
      return NONE.watch(target, settings, told);
    }
    return new Watch() {
      @Override
      public void change(BfdSettings now) {
        watch.change(timers(now));
      }

      @Override
      public void close() {
        watch.close();
      }
    };
  }

  private BfdLoop running() {
    BfdLoop started = loop;
    if (started == null) {
      started = BfdLoop.start(random);
      loop = started;
    }
    return started;
  }

  private static BfdTimers timers(BfdSettings settings) {
    return new BfdTimers(settings.transmit(), settings.receive(), settings.multiplier());
  }

  private static Verdict verdict(BfdVerdict verdict) {
    State state;
    if (verdict.switchedOff()) {
      state = State.OFF;
    } else {
      state = verdict.now() == BfdState.UP ? State.UP : State.DOWN;
    }
    return new Verdict(state, verdict.diagnostic().toString(), verdict.independent());
  }

  /** All sessions as they are. From any thread but BFD's own; may wait for it for a moment. */
  public List<BfdStatus> status() {
    BfdLoop running = loop;
    return running == null ? List.of() : running.status();
  }

  /** Ends all sessions, on purpose. */
  @Override
  public void close() {
    BfdLoop running = loop;
    if (running != null) {
      running.close();
    }
  }
}
