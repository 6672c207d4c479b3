package io.ocicat.bgp.decision;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the best of the paths to a prefix by striking out, step after step, every path that is
 * worse than another still there (RFC 4271 §9.1.2). Because MULTI_EXIT_DISC strikes out within a
 * neighbouring AS and not pair by pair, the outcome does not depend on the order of the paths.
 *
 * <p>One object serves one thread; it keeps its working memory between calls.
 */
public final class Decision {
  private static final DecisionStep[] STEPS = DecisionStep.values();
  private static final Set<DecisionStep> BEFORE_ORIGIN =
      EnumSet.of(
          DecisionStep.LOCAL,
          DecisionStep.NOT_LONG_LIVED_STALE,
          DecisionStep.LOCAL_PREF,
          DecisionStep.AS_PATH_LENGTH);
  private static final List<DecisionStep> LAST =
      List.of(
          DecisionStep.IDENTIFIER,
          DecisionStep.CLUSTER_LIST_LENGTH,
          DecisionStep.PEER_ADDRESS,
          DecisionStep.PATH_ID);

  private final DecisionSettings settings;
  private int[] remaining = new int[8];
  private int remainingCount;
  private int[] equal = new int[8];
  private int equalCount;
  private DecisionStep decidedBy = DecisionStep.ONLY_PATH;

  public Decision(DecisionSettings settings) {
    this.settings = settings;
  }

  public DecisionSettings settings() {
    return settings;
  }

  /**
   * The best of the first {@code count} paths, or -1 if none can be used.
   *
   * @param current the path in use until now, or -1
   * @param lostAt where not null: for each place in {@code paths} the step at which that path was
   *     struck out; the winner's place gets the step that struck out the last other one
   */
  public int select(
      Candidates candidates,
      int[] paths,
      int count,
      int current,
      @Nullable DecisionStep @Nullable [] lostAt) {
    decidedBy = DecisionStep.ONLY_PATH;
    equalCount = 0;
    if (count == 1 && lostAt == null) {
      if (!candidates.reachable(paths[0])) {
        return -1;
      }
      equal[0] = paths[0];
      equalCount = 1;
      return paths[0];
    }
    if (remaining.length < count) {
      remaining = new int[count * 2];
      equal = new int[count * 2];
    }
    System.arraycopy(paths, 0, remaining, 0, count);
    remainingCount = count;
    for (DecisionStep step : STEPS) {
      if (remainingCount == 0) {
        return -1;
      }
      if (step == DecisionStep.ALREADY_BEST) {
        keepEqual(candidates);
      }
      if (lostAt == null && BEFORE_ORIGIN.contains(step)) {
        continue; // ORIGIN compares the whole preference at once
      }
      if (remainingCount > 1 || step == DecisionStep.NEXT_HOP_REACHABLE) {
        int before = remainingCount;
        strikeOut(candidates, step, current);
        if (remainingCount < before && lostAt != null) {
          noteLost(paths, count, step, lostAt);
        }
        if (remainingCount < before && remainingCount == 1) {
          decidedBy = step;
        }
      }
    }
    int best = remaining[0];
    if (lostAt != null) {
      for (int i = 0; i < count; i++) {
        if (paths[i] == best) {
          lostAt[i] = decidedBy;
        }
      }
    }
    return best;
  }

  /** The step that left one path only, of the last call of {@link #select}. */
  public DecisionStep decidedBy() {
    return decidedBy;
  }

  /**
   * After {@link #select}: the paths that tie with the best one up to {@link
   * DecisionStep#INTERIOR_COST} and may be used with it, the best one first.
   *
   * @return how many were put into {@code into}
   */
  public int together(Candidates candidates, int best, int[] into) {
    int most =
        Math.min(
            into.length,
            candidates.external(best) ? settings.externalPaths() : settings.internalPaths());
    int count = 0;
    into[count++] = best;
    for (int i = 0; i < equalCount && count < most; i++) {
      if (equal[i] != best) {
        into[count++] = equal[i];
      }
    }
    return count;
  }

  /** In the order of the last steps, so that what is used together does not depend on arrival. */
  private void keepEqual(Candidates candidates) {
    equalCount = remainingCount;
    for (int i = 0; i < remainingCount; i++) {
      int path = remaining[i];
      int at = i;
      while (at > 0 && after(candidates, equal[at - 1], path)) {
        equal[at] = equal[at - 1];
        at--;
      }
      equal[at] = path;
    }
  }

  private static boolean after(Candidates candidates, int one, int other) {
    for (DecisionStep step : LAST) {
      long difference = value(candidates, step, one) - value(candidates, step, other);
      if (difference != 0) {
        return difference > 0;
      }
    }
    return false;
  }

  private void strikeOut(Candidates candidates, DecisionStep step, int current) {
    switch (step) {
      case NEXT_HOP_REACHABLE -> {
        int kept = 0;
        for (int i = 0; i < remainingCount; i++) {
          if (candidates.reachable(remaining[i])) {
            remaining[kept++] = remaining[i];
          }
        }
        remainingCount = kept;
      }
      case MULTI_EXIT_DISC -> strikeOutByMed(candidates);
      case ALREADY_BEST -> keepCurrent(candidates, current);
      case ONLY_PATH -> {}
      case LOCAL,
          NOT_LONG_LIVED_STALE,
          LOCAL_PREF,
          AS_PATH_LENGTH,
          ORIGIN,
          EXTERNAL,
          INTERIOR_COST,
          IDENTIFIER,
          CLUSTER_LIST_LENGTH,
          PEER_ADDRESS,
          PATH_ID ->
          keepLowest(candidates, step);
    }
  }

  private void keepLowest(Candidates candidates, DecisionStep step) {
    long lowest = Long.MAX_VALUE;
    int kept = 0;
    for (int i = 0; i < remainingCount; i++) {
      int path = remaining[i];
      long value = value(candidates, step, path);
      if (value < lowest) {
        lowest = value;
        kept = 0;
      }
      if (value == lowest) {
        remaining[kept++] = path;
      }
    }
    remainingCount = kept;
  }

  private static long value(Candidates candidates, DecisionStep step, int path) {
    return switch (step) {
      case LOCAL, NOT_LONG_LIVED_STALE, LOCAL_PREF, AS_PATH_LENGTH, ORIGIN ->
          Preference.upTo(step, candidates.preference(path));
      case EXTERNAL -> candidates.external(path) ? 0 : 1;
      case INTERIOR_COST -> candidates.interiorCost(path);
      case IDENTIFIER -> Integer.toUnsignedLong(candidates.identifier(path));
      case CLUSTER_LIST_LENGTH -> candidates.clusterListLength(path);
      case PEER_ADDRESS -> candidates.addressOrder(path);
      case PATH_ID -> Integer.toUnsignedLong(candidates.pathId(path));
      case NEXT_HOP_REACHABLE, MULTI_EXIT_DISC, ALREADY_BEST, ONLY_PATH -> 0;
    };
  }

  private void strikeOutByMed(Candidates candidates) {
    if (settings.alwaysCompareMed()) {
      long lowest = Long.MAX_VALUE;
      for (int i = 0; i < remainingCount; i++) {
        lowest = Math.min(lowest, candidates.med(remaining[i]));
      }
      int kept = 0;
      for (int i = 0; i < remainingCount; i++) {
        if (candidates.med(remaining[i]) == lowest) {
          remaining[kept++] = remaining[i];
        }
      }
      remainingCount = kept;
      return;
    }
    int[] struck = equal;
    int kept = 0;
    for (int i = 0; i < remainingCount; i++) {
      int path = remaining[i];
      boolean beaten = false;
      for (int j = 0; j < remainingCount && !beaten; j++) {
        beaten =
            candidates.neighbourAs(remaining[j]) == candidates.neighbourAs(path)
                && candidates.med(remaining[j]) < candidates.med(path);
      }
      if (!beaten) {
        struck[kept++] = path;
      }
    }
    System.arraycopy(struck, 0, remaining, 0, kept);
    remainingCount = kept;
  }

  private void keepCurrent(Candidates candidates, int current) {
    if (!settings.keepCurrentExternal() || current < 0) {
      return;
    }
    for (int i = 0; i < remainingCount; i++) {
      if (remaining[i] == current && candidates.external(current)) {
        remaining[0] = current;
        remainingCount = 1;
        return;
      }
    }
  }

  private void noteLost(
      int[] paths, int count, DecisionStep step, @Nullable DecisionStep[] lostAt) {
    for (int i = 0; i < count; i++) {
      boolean here = false;
      for (int j = 0; j < remainingCount; j++) {
        here |= remaining[j] == paths[i];
      }
      if (!here && lostAt[i] == null) {
        lostAt[i] = step;
      }
    }
  }
}
