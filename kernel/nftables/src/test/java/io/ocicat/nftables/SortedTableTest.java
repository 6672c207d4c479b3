package io.ocicat.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SortedTableTest {
  private record Entry(int key, int value) {}

  private static final Gen<List<Entry>> ENTRIES =
      Gen.ints(0, 20).flatMap(k -> Gen.ints(0, 2).map(v -> new Entry(k, v))).list(0, 15);

  private static SortedTable<Integer, Entry> distinct(List<Entry> entries) {
    Map<Integer, Entry> byKey = new LinkedHashMap<>();
    entries.forEach(e -> byKey.put(e.key(), e));
    return SortedTable.of(Entry::key, byKey.values());
  }

  @Test
  void anAppliedDeltaLeadsFromOneToTheOther() {
    Property.cases(1000)
        .check(
            ENTRIES.flatMap(a -> ENTRIES.map(b -> List.of(distinct(a), distinct(b)))),
            pair -> {
              SortedTable<Integer, Entry> from = pair.get(0);
              SortedTable<Integer, Entry> to = pair.get(1);
              SortedTable.Delta<Entry> delta = SortedTable.delta(from, to);
              List<Entry> put = new ArrayList<>(delta.added());
              delta.changed().forEach(c -> put.add(c.after()));
              assertThat(from.withoutAll(delta.removed()).withAll(put)).isEqualTo(to);
              assertThat(delta.isEmpty()).isEqualTo(from.equals(to));
            });
  }

  @Test
  void singleChangesEqualBulkOnes() {
    Property.cases(500)
        .check(
            ENTRIES,
            entries -> {
              SortedTable<Integer, Entry> one = SortedTable.empty(Entry::key);
              for (Entry entry : entries) {
                one = one.with(entry);
                assertThat(one.find(entry.key())).contains(entry);
              }
              assertThat(one).isEqualTo(distinct(entries));
              for (Entry entry : entries) {
                one = one.without(entry.key());
                assertThat(one.contains(entry.key())).isFalse();
              }
              assertThat(one.isEmpty()).isTrue();
            });
  }

  @Test
  void refusesTheSameKeyTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SortedTable.of(Entry::key, List.of(new Entry(1, 1), new Entry(1, 2))))
        .withMessageContaining("twice the same key");
  }
}
