package io.ocicat.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.nftables.NftDump;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.fake.FakeNftables;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NftReconcilerPropertyTest {
  private static final Gen<List<NftTable>> HISTORIES = RandomTables.tables().list(1, 6);

  private static NftTable held(FakeNftables nftables) {
    return nftables.dump(RandomTables.TABLE).map(NftDump::content).orElseThrow();
  }

  @Test
  void leadsFromAnyTableToAnyOther() {
    Property.cases(500)
        .check(
            HISTORIES,
            history -> {
              FakeNftables nftables = new FakeNftables();
              NftReconciler reconciler = new NftReconciler(nftables);
              for (NftTable table : history) {
                assertThat(reconciler.apply(table, Unknown.REMOVE))
                    .isInstanceOf(NftOutcome.InForce.class);
                assertThat(held(nftables)).isEqualTo(table);
              }
            });
  }

  @Test
  void adoptsWhatAnEarlierRunLeft() {
    Property.cases(500)
        .check(
            HISTORIES,
            history -> {
              FakeNftables nftables = new FakeNftables();
              for (NftTable table : history) {
                assertThat(new NftReconciler(nftables).apply(table, Unknown.REMOVE))
                    .isInstanceOf(NftOutcome.InForce.class);
                assertThat(held(nftables)).isEqualTo(table);
              }
              assertThat(new NftReconciler(nftables).apply(history.getLast(), Unknown.REMOVE))
                  .isEqualTo(new NftOutcome.InForce(0, List.of()));
            });
  }

  @Test
  void tellsAndRepairsWhatOthersChanged() {
    Property.cases(500)
        .check(
            HISTORIES,
            history -> {
              FakeNftables nftables = new FakeNftables();
              NftReconciler reconciler = new NftReconciler(nftables);
              NftTable ours = history.getFirst();
              reconciler.apply(ours, Unknown.REMOVE);
              for (NftTable theirs : history) {
                new NftReconciler(nftables).apply(theirs, Unknown.REMOVE);
                assertThat(reconciler.verify())
                    .isInstanceOfSatisfying(
                        NftOutcome.InForce.class,
                        done -> assertThat(done.drifts().isEmpty()).isEqualTo(theirs.equals(ours)));
                assertThat(held(nftables)).isEqualTo(ours);
                assertThat(reconciler.isUntouchedByOthers()).isTrue();
              }
            });
  }

  @Test
  void keepsAllItDoesNotKnowUntilToldThatItKnowsAll() {
    Property.cases(500)
        .check(
            HISTORIES,
            history -> {
              FakeNftables nftables = new FakeNftables();
              NftTable before = history.getFirst();
              new NftReconciler(nftables).apply(before, Unknown.REMOVE);
              NftReconciler reconciler = new NftReconciler(nftables);
              NftTable partial = history.getLast();
              if (!TableDelta.between(before, TableDelta.keepingUnknown(before, partial))
                  .isPossibleInPlace()) {
                return;
              }
              assertThat(reconciler.apply(partial, Unknown.KEEP))
                  .isInstanceOf(NftOutcome.InForce.class);
              NftTable held = held(nftables);
              before.chains().forEach(c -> assertThat(held.chains().contains(c.name())).isTrue());
              before.sets().forEach(s -> assertThat(held.sets().contains(s.name())).isTrue());
              reconciler.apply(partial, Unknown.REMOVE);
              assertThat(held(nftables)).isEqualTo(partial);
            });
  }
}
