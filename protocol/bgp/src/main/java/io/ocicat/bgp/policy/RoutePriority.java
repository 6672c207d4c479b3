package io.ocicat.bgp.policy;

/**
 * Priority of a route as Calico's resources speak of it (a kernel metric, lower is better) and as
 * BGP carries it (LOCAL_PREF, higher is better): LOCAL_PREF = 2147483647 − metric.
 */
public final class RoutePriority {
  private static final long SUM = Integer.MAX_VALUE;

  private RoutePriority() {}

  /** LOCAL_PREF for a metric of 1..2147483646. */
  public static long localPref(long metric) {
    return SUM - metric;
  }

  /** The metric that a LOCAL_PREF stands for; {@code normal} where it stands for none. */
  public static long metric(long localPref, long normal) {
    long metric = SUM - localPref;
    // An ordinary LOCAL_PREF such as 100 would be a metric of two thousand million.
    return metric >= 1 && metric <= SUM / 2 ? metric : normal;
  }
}
