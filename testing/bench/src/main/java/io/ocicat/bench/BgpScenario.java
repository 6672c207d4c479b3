package io.ocicat.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Routes that neighbours feed to the speaker, and others that wait for them.
 *
 * @param prefixes that every feeder announces
 * @param sinks there before the feed
 * @param late one more that comes when the table is there
 * @param pings single changes through the full table
 */
record BgpScenario(String name, int prefixes, int feeders, int sinks, boolean late, int pings) {

  private static final int FIRST_SINK = 8;
  private static final int LATE = 72;

  /** Neighbours that a speaker must be ready for. */
  static final int NEIGHBOURS = LATE + 1;

  private static final int TIMEOUT_SECONDS = 120;
  private static final int PINGS = 20;

  /** What is measured unless something else is asked for. */
  static final List<BgpScenario> ALL =
      List.of(
          in(100_000, 1),
          in(500_000, 1),
          in(1_000_000, 1),
          in(100_000, 8),
          through(100_000),
          through(500_000),
          through(1_000_000),
          fan(100_000, 20),
          fan(100_000, 50),
          fan(10_000, 40));

  private static BgpScenario in(int prefixes, int feeders) {
    String name = "in-%dk-from-%d".formatted(prefixes / 1000, feeders);
    return new BgpScenario(name, prefixes, feeders, 0, false, 0);
  }

  private static BgpScenario through(int prefixes) {
    String name = "through-%dk".formatted(prefixes / 1000);
    return new BgpScenario(name, prefixes, 1, 1, true, PINGS);
  }

  private static BgpScenario fan(int prefixes, int sinks) {
    String name = "fan-%dk-to-%d".formatted(prefixes / 1000, sinks);
    return new BgpScenario(name, prefixes, 1, sinks, false, 0);
  }

  /** One update a prefix and minutes of garbage collection: not worth the wait. */
  boolean tooMuchFor(BgpContender contender) {
    return contender == BgpContender.GOBGP
        && (long) prefixes * Math.max(1, sinks) * feeders > 400_000
        && (sinks > 0 || feeders > 1);
  }

  String title() {
    StringBuilder title = new StringBuilder("%,d routes in".formatted(prefixes));
    title.append(feeders == 1 ? " from one neighbour" : " from each of %d".formatted(feeders));
    if (sinks > 0) {
      title.append(sinks == 1 ? ", and out to one" : ", and out to %d".formatted(sinks));
    }
    return title.toString();
  }

  /** The words for bgpfeed. */
  List<String> words(List<Long> pids) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--dut", BgpField.SPEAKER.toString()));
    words.addAll(List.of("--dut-as", Integer.toString(BgpField.SPEAKER_AS)));
    words.addAll(List.of("--count", Integer.toString(prefixes)));
    words.addAll(List.of("--timeout", Integer.toString(TIMEOUT_SECONDS)));
    words.addAll(List.of("--pings", Integer.toString(pings)));
    IntStream.range(0, feeders).forEach(i -> neighbour(words, "--feeder", i));
    IntStream.range(0, sinks).forEach(i -> neighbour(words, "--sink", FIRST_SINK + i));
    if (late) {
      neighbour(words, "--late", LATE);
    }
    pids.forEach(pid -> words.addAll(List.of("--pid", Long.toString(pid))));
    return words;
  }

  private static void neighbour(List<String> words, String option, int number) {
    words.addAll(List.of(option, BgpField.neighbour(number) + "," + BgpField.as(number)));
  }
}
