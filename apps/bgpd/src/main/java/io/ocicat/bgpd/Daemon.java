package io.ocicat.bgpd;

import io.ocicat.bgp.loop.EpollLoop;
import io.ocicat.bgp.rib.Background;
import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RibSettings;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.speaker.BfdLiveness;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpcontrol.SpeakerThread;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.inet.Cidr;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A speaker on a loop of its own, which the thread that calls {@link #run} becomes. */
public final class Daemon implements SpeakerThread {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private static final Duration LONGEST_TASK = Duration.ofSeconds(30);
  private static final Duration LONGEST_END = Duration.ofSeconds(3);

  /** So that the last words leave before the process ends. */
  private static final Duration LAST_WORDS = Duration.ofMillis(100);

  private static final RouteTag NETWORK = new RouteTag("network", "");

  private final EpollLoop loop = new EpollLoop();
  private final BfdLiveness bfd = new BfdLiveness(new SecureRandom());
  private final Speaker speaker;
  private final Set<Cidr> networks = new HashSet<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** On the thread that will call {@link #run}. */
  public Daemon(BgpdConfig config) {
    SpeakerSettings settings = config.speaker();
    Rib rib =
        new Rib(
            RibSettings.DEFAULT.decision(config.decision()),
            NextHops.ALL_CONNECTED,
            Background.of(loop));
    speaker = new Speaker(loop, rib, settings, loop.neighbours()::watch, bfd, new SecureRandom());
    apply(config);
  }

  /** Goes over to another configuration, on the loop's thread. */
  void apply(BgpdConfig config) {
    Set<Cidr> wanted = new HashSet<>(config.networks());
    for (Cidr network : Set.copyOf(networks)) {
      if (!wanted.contains(network)) {
        speaker.rib().withdraw(network);
        networks.remove(network);
      }
    }
    for (Cidr network : config.networks()) {
      if (networks.add(network)) {
        speaker.rib().originate(network, Attributes.builder().build(), NETWORK);
      }
    }
    speaker.apply(config.speaker());
    LOG.info(
        "{} peers, {} ranges, {} networks",
        config.speaker().peers().size(),
        config.speaker().dynamic().size(),
        networks.size());
  }

  /** Serves until {@link #end}. */
  public void run() {
    try {
      loop.run();
    } finally {
      bfd.close();
      loop.close();
      ended.countDown();
    }
  }

  /** Tells all neighbours that we go, and makes {@link #run} return; waits for it. */
  public void end() {
    loop.execute(
        () -> {
          speaker.shutdown("the speaker ends");
          loop.schedule(LAST_WORDS, loop::stop);
        });
    try {
      boolean _ = ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public <T> T ask(Function<Speaker, T> question) {
    FutureTask<T> task = new FutureTask<>(() -> question.apply(speaker));
    loop.execute(task);
    try {
      return task.get(LONGEST_TASK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the speaker could not answer", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the speaker did not answer within " + LONGEST_TASK, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
