package io.ocicat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PropertyTest {

  private static final Gen<List<Integer>> LISTS = Gen.ints(0, 1000).list(0, 20);

  @Test
  void passesWhatHoldsForEveryCase() {
    List<List<Integer>> seen = new ArrayList<>();
    Property.cases(50).check(LISTS, seen::add);
    assertThat(seen).hasSizeGreaterThanOrEqualTo(50).anyMatch(list -> list.size() > 3);
  }

  @Test
  void makesTheSameCasesForTheSameSeed() {
    List<List<Integer>> first = new ArrayList<>();
    List<List<Integer>> second = new ArrayList<>();
    Property.cases(20).withSeed(7).check(LISTS, first::add);
    Property.cases(20).withSeed(7).check(LISTS, second::add);
    assertThat(first).isEqualTo(second);
  }

  @Test
  void reducesAFailureToTheSmallestValue() {
    assertThatThrownBy(
            () -> Property.cases(200).check(LISTS, list -> assertThat(list).allMatch(n -> n < 500)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("fails for: [500]")
        .hasMessageContaining("-Docicat.seed=")
        .hasMessageContaining("choices 1, 500, 0");
  }

  @Test
  void replaysTheChoicesOfAReport() {
    assertThatThrownBy(
            () ->
                Property.replay(
                    LISTS,
                    list -> {
                      throw new IllegalStateException(list.toString());
                    },
                    1,
                    500,
                    0))
        .hasMessageContaining("[500]");
  }

  @Test
  void movesTheClockOnlyWhenTold() {
    ManualClock clock = new ManualClock();
    var before = clock.instant();
    clock.advance(Duration.ofSeconds(3));
    assertThat(clock.instant()).isEqualTo(before.plusSeconds(3));
    assertThat(clock.nanoTime()).isEqualTo(3_000_000_000L);
  }
}
