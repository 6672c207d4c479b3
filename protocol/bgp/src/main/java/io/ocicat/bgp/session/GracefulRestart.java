package io.ocicat.bgp.session;

/**
 * What we offer of graceful restart, RFC 4724 and the RFCs after it.
 *
 * @param helping we keep a restarting neighbour's routes
 * @param restartSeconds how long neighbours are asked to wait for us, at most 4095; 0: we ask for
 *     nothing and only help
 * @param forwarding our routes stay in use while a session is away, whether we have restarted or it
 *     has been reset (RFC 8538 §4.1): the neighbour need not drop them when it is back
 * @param notification also where a NOTIFICATION ends the session, RFC 8538
 * @param longLivedSeconds how long routes may be kept as a last resort after that, RFC 9494, at
 *     most 2^24 - 1; 0 for not
 */
public record GracefulRestart(
    boolean helping,
    int restartSeconds,
    boolean forwarding,
    boolean notification,
    int longLivedSeconds) {

  public static final int MOST_RESTART_SECONDS = 4095;
  public static final int MOST_LONG_LIVED_SECONDS = (1 << 24) - 1;

  /** As Calico has it: always on, 120 seconds. */
  public static final GracefulRestart DEFAULT = new GracefulRestart(true, 120, true, true, 0);

  public static final GracefulRestart OFF = new GracefulRestart(false, 0, false, false, 0);

  public GracefulRestart {
    if (restartSeconds < 0 || restartSeconds > MOST_RESTART_SECONDS) {
      throw new IllegalArgumentException(
          "a restart time is 0 to 4095 seconds, not " + restartSeconds);
    }
    if (longLivedSeconds < 0 || longLivedSeconds > MOST_LONG_LIVED_SECONDS) {
      throw new IllegalArgumentException(
          "a long-lived stale time is 0 to 16777215 seconds, not " + longLivedSeconds);
    }
  }
}
