package io.ocicat.bgp.loop;

/**
 * How far packets go and may have come.
 *
 * @param ttl with which packets leave; 0 for the kernel's default
 * @param minimumTtl below which packets that come in are dropped, RFC 5082; 0 for no limit
 */
public record Hops(int ttl, int minimumTtl) {

  /** The kernel's default, and no limit. */
  public static final Hops UNLIMITED = new Hops(0, 0);

  public Hops {
    if (ttl < 0 || ttl > 255 || minimumTtl < 0 || minimumTtl > 255) {
      throw new IllegalArgumentException(
          "a time to live is 0 to 255, not %d and %d".formatted(ttl, minimumTtl));
    }
  }

  /**
   * The generalised TTL security mechanism, RFC 5082.
   *
   * @param hops how many routers away the peer is at most, plus one: 1 on the same link
   */
  public static Hops security(int hops) {
    return new Hops(255, 256 - hops);
  }

  /** What leaves gets that far; what comes in may be from anywhere. */
  public static Hops atMost(int hops) {
    return new Hops(hops, 0);
  }
}
