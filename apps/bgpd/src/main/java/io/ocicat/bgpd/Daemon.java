package io.ocicat.bgpd;

import io.ocicat.bgp.loop.EpollLoop;
import io.ocicat.bgp.rib.Background;
import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RibSettings;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.speaker.BfdLiveness;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgp.speaker.SpeakerSettings;
import io.ocicat.bgpcontrol.BgpMetrics;
import io.ocicat.bgpcontrol.BmpExport;
import io.ocicat.bgpcontrol.SpeakerThread;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.fib.Fib;
import io.ocicat.fib.FibSettings;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.Ipv4Address;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** So that routes leave the kernel before the process ends. */
  private static final Duration LAST_ROUTES = Duration.ofSeconds(2);

  private static final RouteTag NETWORK = new RouteTag("network", "");

  private final EpollLoop loop = new EpollLoop();
  private final BfdLiveness bfd = new BfdLiveness(new SecureRandom());
  private final Optional<Fib> fib;
  private final Speaker speaker;
  private final Set<Cidr> networks = new HashSet<>();
  private final Map<BmpExport.Station, BmpExport> stations = new HashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private BgpdConfig config;
  private Optional<MetricsServer> metrics = Optional.empty();

  /** On the thread that will call {@link #run}; nothing is heard or said before that. */
  public Daemon(BgpdConfig config) {
    this.config = config;
    fib = config.outlets().kernel().map(Fib::open);
    NextHops nextHops = fib.isPresent() ? fib.get() : NextHops.ALL_CONNECTED;
    Rib rib =
        new Rib(RibSettings.DEFAULT.decision(config.decision()), nextHops, Background.of(loop));
    speaker =
        new Speaker(loop, rib, config.speaker(), loop.neighbours()::watch, bfd, new SecureRandom());
  }

  /** Takes over what an earlier run left in the kernel, if there is anything. */
  private void begin() {
    fib.ifPresent(
        kernel -> {
          if (kernel.adopted() > 0) {
            Duration longest = restartTime(config.speaker());
            List<String> peers =
                config.speaker().peers().stream()
                    .filter(PeerSettings::enabled)
                    .map(PeerSettings::name)
                    .toList();
            LOG.info("Took over {} routes of an earlier run", kernel.adopted());
            speaker.rib().deferSelection(peers, longest);
            speaker.restarted(longest);
          }
          kernel.attach(speaker.rib(), loop::execute);
        });
    apply(config);
  }

  /** For as long as the most patient neighbour keeps our routes. */
  private static Duration restartTime(SpeakerSettings settings) {
    return Duration.ofSeconds(
        settings.peers().stream()
            .mapToInt(peer -> peer.offers().graceful().restartSeconds())
            .max()
            .orElse(0));
  }

  /**
   * Goes over to another configuration; from any thread but the loop's.
   *
   * @return why not
   */
  List<String> change(BgpdConfig now) {
    return ask(
        _ -> {
          List<String> fixed = now.onlyAfterStart(config);
          if (fixed.isEmpty()) {
            try {
              apply(now);
            } catch (UncheckedIOException e) {
              return List.of(e.getMessage() + ": " + e.getCause());
            }
            return List.of();
          }
          return fixed.stream()
              .map(field -> field + ": cannot change while the speaker runs; start it anew")
              .toList();
        });
  }

  /** Goes over to another configuration, on the loop's thread. */
  private void apply(BgpdConfig now) {
    serveMetrics(now);
    config = now;
    config.outlets().kernel().ifPresent(settings -> fib.ifPresent(f -> f.apply(settings)));
    tellStations();
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

  /**
   * @throws UncheckedIOException if the address cannot be had; they are served where they were
   */
  private void serveMetrics(BgpdConfig now) {
    Optional<InetSocketAddress> before =
        metrics.isPresent() ? config.outlets().metrics() : Optional.empty();
    if (!now.outlets().metrics().equals(before)) {
      Optional<MetricsServer> other =
          now.outlets().metrics().map(at -> MetricsServer.start(at, () -> BgpMetrics.text(this)));
      metrics.ifPresent(MetricsServer::close);
      metrics = other;
    }
  }

  private void tellStations() {
    Set<BmpExport.Station> wanted = Set.copyOf(config.outlets().stations());
    for (BmpExport.Station station : List.copyOf(stations.keySet())) {
      BmpExport gone = wanted.contains(station) ? null : stations.remove(station);
      if (gone != null) {
        Thread.startVirtualThread(gone::close); // asks the loop, which is here
      }
    }
    String name = new Ipv4Address(config.speaker().identifier()).toString();
    wanted.forEach(
        station ->
            stations.computeIfAbsent(
                station, s -> BmpExport.start(this, s, name, InstantSource.system())));
  }

  /**
   * Serves until {@link #end}.
   *
   * @throws UncheckedIOException if metrics cannot be served where the configuration says
   */
  public void run() {
    try {
      begin();
      loop.run();
    } finally {
      metrics.ifPresent(MetricsServer::close);
      bfd.close();
      fib.ifPresent(
          kernel -> {
            if (!keepsRoutes()) {
              kernel.withdrawAll(LAST_ROUTES);
            }
            kernel.close();
          });
      loop.close();
      ended.countDown();
    }
  }

  /** Then neighbours keep ours too, as nothing is said to them. */
  private boolean keepsRoutes() {
    return config.outlets().kernel().map(FibSettings::keepOnExit).orElse(false);
  }

  /** Tells all neighbours and stations that we go, and makes {@link #run} return; waits for it. */
  public void end() {
    for (BmpExport station : ask(_ -> List.copyOf(stations.values()))) {
      station.close();
    }
    loop.execute(
        () -> {
          if (!keepsRoutes()) {
            speaker.shutdown("the speaker ends");
          }
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
