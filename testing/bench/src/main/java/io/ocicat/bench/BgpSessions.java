package io.ocicat.bench;

import io.ocicat.bench.BgpFigures.Figure;
import io.ocicat.bgp.loop.EpollLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What clusters are made of: many sessions with a handful of routes each, from the start of the
 * speaker's process until every neighbour has every other's routes, and the same through a restart.
 */
final class BgpSessions {

  /** Neighbours. */
  static final int SESSIONS = 200;

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final int WANTED = (SESSIONS - 1) * BgpNeighbour.ROUTES;

  private BgpSessions() {}

  static BgpFigures measure(BgpField field, BgpContender contender)
      throws IOException, InterruptedException {
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    try (BgpSubject subject = new BgpSubject(field, contender, SESSIONS)) {
      Crowd crowd = new Crowd();
      // The thread stays in the namespace until the loop ends.
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name("neighbours")
              .start(() -> field.neighbours.run(crowd::run));
      try {
        values.put(Figure.COLD, seconds(subject.startedNs(), crowd.complete(subject, 0)));
        values.put(Figure.CPU, subject.cpuSeconds());
        values.put(Figure.PEAK, subject.peakMegabytes());
        long round = crowd.round.get();
        long killedNs = System.nanoTime();
        subject.restart();
        values.put(Figure.RESTARTED, seconds(killedNs, crowd.complete(subject, round + 1)));
      } finally {
        crowd.stop();
        thread.join();
      }
    }
    return new BgpFigures(values);
  }

  private static double seconds(long fromNs, long toNs) {
    return (toNs - fromNs) / 1e9;
  }

  /** All the neighbours, on the thread that runs them. */
  private static final class Crowd {
    private volatile @Nullable EpollLoop loop;
    private volatile long completeNs;

    /** How often all had everything. */
    private final AtomicLong round = new AtomicLong();

    private volatile boolean stopped;

    void run() {
      try (EpollLoop running = new EpollLoop()) {
        loop = running;
        Random random = new Random(1);
        List<BgpNeighbour> all =
            IntStream.range(0, SESSIONS)
                .mapToObj(i -> new BgpNeighbour(running, i, random))
                .toList();
        all.forEach(BgpNeighbour::start);
        watch(running, all, false);
        if (!stopped) {
          running.run();
        }
      }
    }

    private void watch(EpollLoop running, List<BgpNeighbour> all, boolean wasComplete) {
      boolean complete = all.stream().allMatch(one -> one.routes() >= WANTED);
      if (complete && !wasComplete) {
        completeNs = System.nanoTime();
        round.incrementAndGet();
      }
      var _ = running.schedule(POLL, () -> watch(running, all, complete));
    }

    /** Waits until all have everything for that time; when that was. */
    long complete(BgpSubject subject, long wantedRound) throws InterruptedException {
      long endNs = System.nanoTime() + LONGEST.toNanos();
      long wanted = Math.max(1, wantedRound);
      while (round.get() < wanted) {
        subject.check();
        if (System.nanoTime() > endNs) {
          throw new IllegalStateException("not all neighbours have all routes after " + LONGEST);
        }
        Thread.sleep(POLL);
      }
      return completeNs;
    }

    void stop() {
      stopped = true;
      EpollLoop running = loop;
      if (running != null) {
        running.stop();
      }
    }
  }
}
