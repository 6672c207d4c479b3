package io.ocicat.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PagesTest {
  private static final int INDICES = 200_000;

  @Test
  void holdWhatWasWrittenAndZeroElsewhere() {
    Random random = new Random(1);
    IntPages ints = new IntPages();
    LongPages longs = new LongPages();
    Map<Integer, Integer> written = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      int index = random.nextInt(INDICES);
      int value = random.nextInt(4) - 1;
      written.put(index, value);
      ints.set(index, value);
      longs.set(index, (long) value << 40);
    }
    for (int index = 0; index < INDICES; index++) {
      int expected = written.getOrDefault(index, 0);
      assertThat(ints.at(index)).isEqualTo(expected);
      assertThat(longs.at(index)).isEqualTo((long) expected << 40);
    }
  }

  @Test
  void anotherOnesPagesStayAsTheyAre() {
    IntPages one = new IntPages();
    IntPages other = new IntPages();
    one.set(5, 7);
    one.set(5, 0);
    one.add(6, 3);
    assertThat(other.at(5)).isZero();
    assertThat(other.at(6)).isZero();
    assertThat(one.at(6)).isEqualTo(3);
  }
}
