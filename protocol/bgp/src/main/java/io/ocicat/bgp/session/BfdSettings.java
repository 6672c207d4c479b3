package io.ocicat.bgp.session;

import io.ocicat.bgp.loop.Hops;
import java.time.Duration;

/**
 * Whether and how fast a neighbour's silence is noticed by BFD (RFC 5880), and what follows.
 *
 * @param enabled false: the session has its hold timer alone
 * @param transmit the interval at which we would like to send
 * @param receive the shortest interval at which we can receive
 * @param multiplier after how many lost packets the neighbour is to give us up, 1 to 255
 * @param path how many hops the neighbour may be away
 * @param graceful false: a neighbour that BFD has lost loses its routes at once, whatever was
 *     agreed about graceful restart. True: they stay for its restart time, unless its BFD does not
 *     share the fate of its control plane (RFC 5882 §4.3)
 */
public record BfdSettings(
    boolean enabled,
    Duration transmit,
    Duration receive,
    int multiplier,
    Path path,
    boolean graceful) {

  /** Where the neighbour is, which decides between RFC 5881 and RFC 5883. */
  public enum Path {
    /** By the time to live of the session's packets: see {@link #isMultihop}. */
    BY_TTL,
    SINGLE_HOP,
    MULTIHOP
  }

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration USUAL = Duration.ofMillis(300);

  public static final BfdSettings OFF = new BfdSettings(false, USUAL, USUAL, 3, Path.BY_TTL, false);

  /** Three packets in 300 ms, as most routers have it. */
  public static final BfdSettings DEFAULT =
      new BfdSettings(true, USUAL, USUAL, 3, Path.BY_TTL, false);

  public BfdSettings {
    if (transmit.compareTo(SHORTEST) < 0
        || transmit.compareTo(LONGEST) > 0
        || receive.compareTo(SHORTEST) < 0
        || receive.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "an interval of BFD is between 10 ms and an hour, not %s and %s"
              .formatted(transmit, receive));
    }
    if (multiplier < 1 || multiplier > 255) {
      throw new IllegalArgumentException(
          "a multiplier of BFD is between 1 and 255, not " + multiplier);
    }
  }

  /** The same intervals in both directions. */
  public static BfdSettings every(Duration interval, int multiplier) {
    return new BfdSettings(true, interval, interval, multiplier, Path.BY_TTL, false);
  }

  public BfdSettings path(Path other) {
    return new BfdSettings(enabled, transmit, receive, multiplier, other, graceful);
  }

  public BfdSettings graceful(boolean other) {
    return new BfdSettings(enabled, transmit, receive, multiplier, path, other);
  }

  /**
   * Whether routers may be between. Where nobody has said, the session's packets tell: those that
   * may cross more than one hop, by their own time to live or by the least that is accepted, are of
   * a multihop session; without such a limit the neighbour is on the link.
   */
  boolean isMultihop(Hops hops) {
    return switch (path) {
      case SINGLE_HOP -> false;
      case MULTIHOP -> true;
      case BY_TTL -> hops.minimumTtl() > 0 ? hops.minimumTtl() < 255 : hops.ttl() > 1;
    };
  }
}
