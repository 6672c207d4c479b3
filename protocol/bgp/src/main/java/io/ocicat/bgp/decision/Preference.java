package io.ocicat.bgp.decision;

/**
 * The steps from {@link DecisionStep#LOCAL} to {@link DecisionStep#ORIGIN} as one number, lower is
 * better, so that most choices are one comparison. Of the AS_PATH up to 16383 hops are told apart.
 */
public final class Preference {
  private static final int ORIGIN_BITS = 2;
  private static final int LENGTH_BITS = 14;
  private static final int LOCAL_PREF_SHIFT = ORIGIN_BITS + LENGTH_BITS;
  private static final int STALE_SHIFT = LOCAL_PREF_SHIFT + 32;
  private static final int LEARNED_SHIFT = STALE_SHIFT + 1;
  private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  private Preference() {}

  /** For a learned path; see {@link #local}. */
  public static long learned(
      boolean longLivedStale, long localPref, int asPathLength, int originCode) {
    long stale = longLivedStale ? 1 : 0;
    return (1L << LEARNED_SHIFT)
        | (stale << STALE_SHIFT)
        | ((0xffff_ffffL - localPref) << LOCAL_PREF_SHIFT)
        | ((long) Math.min(asPathLength, LENGTH_MASK) << ORIGIN_BITS)
        | (originCode & 3);
  }

  /** The same attributes, originated here. */
  public static long local(long learned) {
    return learned & ~(1L << LEARNED_SHIFT);
  }

  /** What of a preference the steps up to this one look at. */
  static long upTo(DecisionStep step, long preference) {
    return switch (step) {
      case LOCAL -> preference >>> LEARNED_SHIFT;
      case NOT_LONG_LIVED_STALE -> preference >>> STALE_SHIFT;
      case LOCAL_PREF -> preference >>> LOCAL_PREF_SHIFT;
      case AS_PATH_LENGTH -> preference >>> ORIGIN_BITS;
      case ORIGIN,
          NEXT_HOP_REACHABLE,
          MULTI_EXIT_DISC,
          EXTERNAL,
          INTERIOR_COST,
          ALREADY_BEST,
          IDENTIFIER,
          CLUSTER_LIST_LENGTH,
          PEER_ADDRESS,
          PATH_ID,
          ONLY_PATH ->
          preference;
    };
  }
}
