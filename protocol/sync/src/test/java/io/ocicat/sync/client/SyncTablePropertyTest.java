package io.ocicat.sync.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import io.ocicat.sync.GroupChange;
import io.ocicat.sync.GroupMember;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyncTablePropertyTest {

  private static final Gen<GroupMember> MEMBER =
      draws -> new GroupMember(IpAddress.parse("10.0.0." + draws.below(5)));

  private static final Gen<SyncItem> ITEM =
      draws ->
          draws.oneIn(2)
              ? new SyncItem.Group("g" + draws.below(3), Set.copyOf(MEMBER.list(0, 4).next(draws)))
              : new SyncItem.Namespace("n" + draws.below(3), Map.of("v", "" + draws.below(3)));

  private static final Gen<SyncDelta> DELTA =
      draws -> {
        boolean snapshot = draws.oneIn(6);
        List<SyncItem> upserts = new ArrayList<>();
        List<ItemKey> removals = new ArrayList<>();
        List<GroupChange> changes = new ArrayList<>();
        Set<ItemKey> seen = new HashSet<>();
        for (SyncItem item : ITEM.list(0, 4).next(draws)) {
          if (seen.add(item.key())) {
            upserts.add(item);
          }
        }
        for (SyncItem item : ITEM.list(0, 3).next(draws)) {
          if (!snapshot && seen.add(item.key())) {
            if (item instanceof SyncItem.Group(var id, var added) && draws.oneIn(2)) {
              Set<GroupMember> removed = new HashSet<>(MEMBER.list(0, 3).next(draws));
              removed.removeAll(added);
              changes.add(new GroupChange(id, added, removed));
            } else {
              removals.add(item.key());
            }
          }
        }
        return new SyncDelta("e", draws.below(100), snapshot, upserts, removals, changes);
      };

  @Test
  void whatApplyAnswersLeadsAnotherTableToTheSameItems() {
    Property.cases(1000)
        .check(
            DELTA.list(1, 8),
            deltas -> {
              SyncTable table = new SyncTable();
              SyncTable follower = new SyncTable();
              for (SyncDelta delta : deltas) {
                SyncDelta effect = table.apply(delta);
                assertThat(effect.snapshot()).isFalse();
                follower.apply(effect);
                assertThat(follower.items()).isEqualTo(table.items());
                assertThat(table.apply(delta).isEmpty()).as("the second time").isTrue();
              }
            });
  }

  @Test
  void aTakenUpdateIsWorthAllThatWentIntoIt() {
    Property.cases(1000)
        .check(
            DELTA.list(1, 8),
            deltas -> {
              SyncTable table = new SyncTable();
              SyncTable reader = new SyncTable();
              PendingUpdates pending = new PendingUpdates();
              for (int i = 0; i < deltas.size(); i++) {
                pending.add(table.apply(deltas.get(i)));
                if (i % 3 == 2) {
                  pending.take().ifPresent(reader::apply);
                  assertThat(reader.items()).isEqualTo(table.items());
                }
              }
              pending.take().ifPresent(reader::apply);
              assertThat(reader.items()).isEqualTo(table.items());
              assertThat(reader.generation()).isEqualTo(table.generation());
              assertThat(pending.take()).isEmpty();
            });
  }

  @Test
  void aSnapshotOfATableMakesItAnew() {
    Property.cases(300)
        .check(
            DELTA.list(1, 8),
            deltas -> {
              SyncTable table = new SyncTable();
              deltas.forEach(table::apply);
              SyncTable copy = new SyncTable();
              copy.apply(table.asSnapshot());
              assertThat(copy.items()).isEqualTo(table.items());
              assertThat(copy.epoch()).isEqualTo(table.epoch());
            });
  }
}
