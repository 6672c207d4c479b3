package io.ocicat.bgp.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DecisionTest {
  /** A path with all that choosing looks at, as a value. */
  record Path(
      boolean reachable,
      boolean local,
      boolean longLivedStale,
      long localPref,
      int asPathLength,
      int origin,
      long med,
      int neighbourAs,
      boolean external,
      long cost,
      int identifier,
      int clusterListLength,
      int address,
      int pathId) {
    static final Path PLAIN =
        new Path(true, false, false, 100, 3, 0, 10, 65001, true, 5, 0x0a000001, 1, 4, 0);

    Path unreachable() {
      return new Path(
          false,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path local(boolean v) {
      return new Path(
          reachable,
          v,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path stale() {
      return new Path(
          reachable,
          local,
          true,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path localPref(long v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          v,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path length(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          v,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path origin(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          v,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path med(long v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          v,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path neighbour(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          v,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path internal() {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          false,
          cost,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path cost(long v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          v,
          identifier,
          clusterListLength,
          address,
          pathId);
    }

    Path identifier(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          v,
          clusterListLength,
          address,
          pathId);
    }

    Path clusters(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          v,
          address,
          pathId);
    }

    Path address(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          v,
          pathId);
    }

    Path pathId(int v) {
      return new Path(
          reachable,
          local,
          longLivedStale,
          localPref,
          asPathLength,
          origin,
          med,
          neighbourAs,
          external,
          cost,
          identifier,
          clusterListLength,
          address,
          v);
    }
  }

  private record Paths(List<Path> list) implements Candidates {
    @Override
    public boolean reachable(int path) {
      return list.get(path).reachable();
    }

    @Override
    public long preference(int path) {
      Path of = list.get(path);
      long learned =
          Preference.learned(of.longLivedStale(), of.localPref(), of.asPathLength(), of.origin());
      return of.local() ? Preference.local(learned) : learned;
    }

    @Override
    public long med(int path) {
      return list.get(path).med();
    }

    @Override
    public int neighbourAs(int path) {
      return list.get(path).neighbourAs();
    }

    @Override
    public boolean external(int path) {
      return list.get(path).external();
    }

    @Override
    public long interiorCost(int path) {
      return list.get(path).cost();
    }

    @Override
    public int identifier(int path) {
      return list.get(path).identifier();
    }

    @Override
    public int clusterListLength(int path) {
      return list.get(path).clusterListLength();
    }

    @Override
    public int addressOrder(int path) {
      return list.get(path).address();
    }

    @Override
    public int pathId(int path) {
      return list.get(path).pathId();
    }
  }

  private static Arguments row(
      DecisionStep step, UnaryOperator<Path> winner, UnaryOperator<Path> loser) {
    return Arguments.of(step, winner, loser);
  }

  /** Each row: the step, what the winner has, what the loser has; all else is equal or worse. */
  static List<Arguments> steps() {
    return List.of(
        row(DecisionStep.NEXT_HOP_REACHABLE, p -> p.localPref(1), p -> p.unreachable()),
        row(
            DecisionStep.LOCAL,
            p -> p.local(true).localPref(1).length(9),
            p -> p.localPref(4_000_000_000L)),
        row(DecisionStep.NOT_LONG_LIVED_STALE, p -> p.localPref(1), p -> p.stale().localPref(200)),
        row(DecisionStep.LOCAL_PREF, p -> p.localPref(101).length(9), p -> p.length(1)),
        row(
            DecisionStep.LOCAL_PREF,
            p -> p.localPref(4_294_967_295L),
            p -> p.localPref(4_294_967_294L)),
        row(DecisionStep.AS_PATH_LENGTH, p -> p.length(2).origin(2), p -> p),
        row(DecisionStep.ORIGIN, p -> p.origin(0).med(99), p -> p.origin(1).med(1)),
        row(DecisionStep.ORIGIN, p -> p.origin(1), p -> p.origin(2)),
        row(DecisionStep.MULTI_EXIT_DISC, p -> p.med(9).internal().cost(9), p -> p.cost(1)),
        row(DecisionStep.MULTI_EXIT_DISC, p -> p.med(4_294_967_294L), p -> p.med(4_294_967_295L)),
        row(DecisionStep.EXTERNAL, p -> p.cost(9), p -> p.internal().cost(1)),
        row(DecisionStep.INTERIOR_COST, p -> p.cost(4).identifier(9), p -> p.identifier(1)),
        row(DecisionStep.IDENTIFIER, p -> p.identifier(1).clusters(9), p -> p.identifier(2)),
        row(DecisionStep.IDENTIFIER, p -> p.identifier(1), p -> p.identifier(0xf0000000)),
        row(DecisionStep.CLUSTER_LIST_LENGTH, p -> p.clusters(0).address(9), p -> p.address(1)),
        row(DecisionStep.PEER_ADDRESS, p -> p.address(1).pathId(9), p -> p.address(2)),
        row(DecisionStep.PATH_ID, p -> p.pathId(1), p -> p.pathId(-1)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void eachStepDecidesBeforeTheNext(
      DecisionStep step, UnaryOperator<Path> winner, UnaryOperator<Path> loser) {
    for (boolean first : new boolean[] {true, false}) {
      Path good = winner.apply(Path.PLAIN);
      Path bad = loser.apply(Path.PLAIN);
      Paths paths = new Paths(first ? List.of(good, bad) : List.of(bad, good));
      Decision decision = new Decision(DecisionSettings.DEFAULT);
      @Nullable DecisionStep[] lostAt = new DecisionStep[2];
      int best = decision.select(paths, new int[] {0, 1}, 2, -1, lostAt);
      assertThat(paths.list().get(best)).isEqualTo(good);
      assertThat(lostAt).containsOnly(step);
      assertThat(decision.select(paths, new int[] {0, 1}, 2, -1, null)).isEqualTo(best);
    }
  }

  @Test
  void medCountsBetweenPathsOfOneNeighbouringAsOnly() {
    Path nearer = Path.PLAIN.med(50).neighbour(65002).cost(1);
    Paths paths = new Paths(List.of(Path.PLAIN.med(1), nearer));
    assertThat(select(paths, DecisionSettings.DEFAULT)).isEqualTo(nearer);
    DecisionSettings always = new DecisionSettings(true, false, false, 1, 1, 100);
    assertThat(select(paths, always)).isEqualTo(Path.PLAIN.med(1));
  }

  /** The textbook case in which comparing pair by pair depends on the order of arrival. */
  @Test
  void orderOfArrivalDoesNotMatterWithMeds() {
    List<Path> list =
        new ArrayList<>(
            List.of(
                Path.PLAIN.neighbour(1).med(100).cost(1).identifier(1),
                Path.PLAIN.neighbour(2).med(200).cost(2).identifier(2),
                Path.PLAIN.neighbour(1).med(50).cost(3).identifier(3)));
    Path expected = list.get(1);
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(list, random);
      assertThat(select(new Paths(list), DecisionSettings.DEFAULT)).isEqualTo(expected);
    }
  }

  @Test
  void keepsAnExternalPathInUseOnlyIfSoSet() {
    Paths paths = new Paths(List.of(Path.PLAIN.identifier(1), Path.PLAIN.identifier(2)));
    DecisionSettings keep = new DecisionSettings(false, false, true, 1, 1, 100);
    assertThat(new Decision(keep).select(paths, new int[] {0, 1}, 2, 1, null)).isEqualTo(1);
    assertThat(new Decision(keep).select(paths, new int[] {0, 1}, 2, -1, null)).isZero();
    assertThat(new Decision(DecisionSettings.DEFAULT).select(paths, new int[] {0, 1}, 2, 1, null))
        .isZero();
  }

  @Test
  void pathsThatTieUpToTheInteriorCostAreUsedTogether() {
    Paths paths =
        new Paths(
            List.of(
                Path.PLAIN.identifier(3),
                Path.PLAIN.identifier(1),
                Path.PLAIN.cost(6),
                Path.PLAIN.identifier(2).neighbour(65009)));
    Decision two = new Decision(new DecisionSettings(false, false, false, 2, 1, 100));
    int[] into = new int[8];
    int best = two.select(paths, new int[] {0, 1, 2, 3}, 4, -1, null);
    assertThat(best).isEqualTo(1);
    assertThat(two.together(paths, best, into)).isEqualTo(2);
    assertThat(into).startsWith(1, 3);
    Decision many = new Decision(DecisionSettings.DEFAULT);
    assertThat(many.select(paths, new int[] {3, 2, 1, 0}, 4, -1, null)).isEqualTo(1);
    assertThat(many.together(paths, 1, into)).isEqualTo(3);
    assertThat(into).startsWith(1, 3, 0);
  }

  @Test
  void nothingIsBestWhereNothingCanBeReached() {
    Paths paths = new Paths(List.of(Path.PLAIN.unreachable(), Path.PLAIN.unreachable()));
    Decision decision = new Decision(DecisionSettings.DEFAULT);
    assertThat(decision.select(paths, new int[] {0, 1}, 2, -1, null)).isEqualTo(-1);
    assertThat(decision.select(paths, new int[] {0}, 1, -1, null)).isEqualTo(-1);
    assertThat(decision.select(paths, new int[] {}, 0, -1, null)).isEqualTo(-1);
  }

  private static Path select(Paths paths, DecisionSettings settings) {
    int[] all = new int[paths.list().size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return paths.list().get(new Decision(settings).select(paths, all, all.length, -1, null));
  }
}
