package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Family;
import java.time.Duration;
import java.util.Map;

/**
 * What becomes of a neighbour's routes when its session ends.
 *
 * @param families the families whose routes are kept as stale; all others are dropped
 */
public record Retention(Map<Family, Keep> families) {
  /**
   * How long one family is kept.
   *
   * @param restart until then routes stay as they are (RFC 4724)
   * @param longLived from then on so long as a last resort (RFC 9494); zero: not
   */
  public record Keep(Duration restart, Duration longLived) {}

  /** Nothing is kept. */
  public static final Retention DROP = new Retention(Map.of());

  public Retention {
    families = Map.copyOf(families);
  }
}
