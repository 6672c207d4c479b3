package io.ocicat.agent.logged;

import io.ocicat.libc.LibcException;
import io.ocicat.netlink.NetlinkDecodeException;
import io.ocicat.nftables.log.NfLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that reads what rules report, and hands it on a few times a second at most. */
public final class FlowReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlowReader.class);

  /** How long packets are counted before they are handed on. */
  static final Duration MOMENT = Duration.ofMillis(200);

  private static final int IDLE_MILLIS = 500;
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

  private final IntFunction<NfLog.Received> source;
  private final Consumer<SeenFlows> receiver;
  private final InstantSource clock;
  private final LongSupplier nowNs;
  private final Thread thread;
  private volatile boolean stopped;

  private FlowReader(
      IntFunction<NfLog.Received> source,
      Consumer<SeenFlows> receiver,
      InstantSource clock,
      LongSupplier nowNs) {
    this.source = source;
    this.receiver = receiver;
    this.clock = clock;
    this.nowNs = nowNs;
    this.thread = Thread.ofPlatform().name("logged").daemon().unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @param source waits for packets, for that many milliseconds at most
   * @param receiver is called on the reader's thread
   */
  public static FlowReader start(
      IntFunction<NfLog.Received> source,
      Consumer<SeenFlows> receiver,
      InstantSource clock,
      LongSupplier nowNs) {
    FlowReader reader = new FlowReader(source, receiver, clock, nowNs);
    reader.thread.start();
    return reader;
  }

  private void run() {
    FlowCounter counter = new FlowCounter();
    long dueNs = 0;
    while (!stopped) {
      try {
        boolean wasEmpty = counter.isEmpty();
        long restMillis = (dueNs - nowNs.getAsLong()) / 1_000_000;
        int timeout = wasEmpty ? IDLE_MILLIS : Math.clamp(restMillis, 0, IDLE_MILLIS);
        counter.add(source.apply(timeout), clock.millis());
        long now = nowNs.getAsLong();
        if (wasEmpty) {
          dueNs = now + MOMENT.toNanos();
        } else if (now - dueNs >= 0) {
          receiver.accept(counter.take());
        }
      } catch (NetlinkDecodeException e) {
        LOG.warn("the kernel reported a packet that cannot be read: {}", e.getMessage());
      } catch (LibcException e) {
        LOG.error("packets that policy denies are not reported any more", e);
        return;
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("reported packets were still being read after {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
