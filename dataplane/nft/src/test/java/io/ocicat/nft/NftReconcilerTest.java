package io.ocicat.nft;

import static io.ocicat.nftables.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.Errno;
import io.ocicat.netlink.ExtAck;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.CommitResult;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Generation;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftDump;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.nftables.Nftables;
import io.ocicat.nftables.Operation;
import io.ocicat.nftables.Table;
import io.ocicat.nftables.Verdict;
import io.ocicat.nftables.fake.FakeNftables;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NftReconcilerTest {
  private static final Table TABLE = new Table(NftFamily.INET, "ocicat");
  private static final NftSet EGRESS = NftSet.verdictMap("egress", KeyType.of(DataType.IFNAME));

  private final FakeNftables nftables = new FakeNftables();
  private final NftReconciler reconciler = new NftReconciler(nftables);

  private static NftTable endpoints(int count) {
    NftTable table = NftTable.empty(TABLE).with(EGRESS);
    for (int i = 0; i < count; i++) {
      table =
          table
              .with(new Chain.RegularChain("from-oci" + i), rule().accept("pod " + i))
              .withElement(
                  "egress",
                  Element.of(Bytes.interfaceName("oci" + i), new Verdict.Goto("from-oci" + i)));
    }
    return table;
  }

  private List<String> lastOperations() {
    return nftables.committed().getLast().operations().stream().map(Operation::toString).toList();
  }

  @Test
  void addsAnEndpointWithoutTouchingTheOthers() {
    reconciler.apply(endpoints(50), Unknown.REMOVE);
    reconciler.apply(endpoints(51), Unknown.REMOVE);
    assertThat(lastOperations())
        .containsExactly(
            "add chain from-oci50",
            "add 1 element(s) of map egress, first "
                + Bytes.interfaceName("oci50")
                + " : goto from-oci50",
            "add rule in chain from-oci50 \"pod 50\"");
  }

  @Test
  void takesAnEndpointOutOfTheMapBeforeItsChain() {
    reconciler.apply(endpoints(2), Unknown.REMOVE);
    reconciler.apply(endpoints(1), Unknown.REMOVE);
    assertThat(lastOperations())
        .containsExactly(
            "delete 1 element(s) of map egress, first "
                + Bytes.interfaceName("oci1")
                + " : goto from-oci1",
            "flush chain from-oci1",
            "delete chain from-oci1");
  }

  @Test
  void sendsNothingWhenNothingChanged() {
    reconciler.apply(endpoints(2), Unknown.REMOVE);
    assertThat(reconciler.apply(endpoints(2), Unknown.REMOVE))
        .isEqualTo(new NftOutcome.InForce(0, List.of()));
    assertThat(nftables.committed()).hasSize(1);
  }

  @Test
  void keepsTheEndpointsOfAnEarlierRunUntilItKnowsAll() {
    new NftReconciler(nftables).apply(endpoints(3), Unknown.REMOVE);
    reconciler.apply(endpoints(1), Unknown.KEEP);
    assertThat(nftables.dump(TABLE).map(NftDump::content)).contains(endpoints(3));
    assertThat(reconciler.verify()).isEqualTo(new NftOutcome.InForce(0, List.of()));
    reconciler.apply(endpoints(1), Unknown.REMOVE);
    assertThat(nftables.dump(TABLE).map(NftDump::content)).contains(endpoints(1));
  }

  @Test
  void doesNotCountItsOwnFailureAsSomebodysChange() {
    FailingNftables failing = new FailingNftables(nftables);
    NftReconciler unlucky = new NftReconciler(failing);
    unlucky.apply(endpoints(1), Unknown.REMOVE);
    failing.fails = true;
    assertThat(unlucky.apply(endpoints(2), Unknown.REMOVE))
        .isInstanceOfSatisfying(
            NftOutcome.Failed.class, failed -> assertThat(failed.reason()).contains("ENOBUFS"));
    assertThat(unlucky.applied()).isEmpty();
    assertThat(unlucky.isUntouchedByOthers()).isFalse();
    failing.fails = false;
    assertThat(unlucky.verify()).isInstanceOf(NftOutcome.InForce.class);
    assertThat(unlucky.drifts()).isZero();
    assertThat(nftables.dump(TABLE).map(NftDump::content)).contains(endpoints(2));
  }

  @Test
  void hasNothingToVerifyBeforeTheFirstTable() {
    assertThat(reconciler.isUntouchedByOthers()).isFalse();
    assertThat(reconciler.verify()).isEqualTo(new NftOutcome.InForce(0, List.of()));
    assertThat(nftables.committed()).isEmpty();
  }

  @Test
  void tellsWhatIsDifferentInWords() {
    reconciler.apply(endpoints(2), Unknown.REMOVE);
    nftables.commit(
        NftTransaction.on(TABLE)
            .delete(EGRESS, List.of(Element.of(Bytes.interfaceName("oci0"))))
            .insert("from-oci1", rule().drop("theirs"))
            .add(new Chain.RegularChain("theirs"))
            .build());
    assertThat(reconciler.verify())
        .isInstanceOfSatisfying(
            NftOutcome.InForce.class,
            done ->
                assertThat(done.drifts())
                    .extracting(Drift::toString)
                    .containsExactly(
                        "missing element "
                            + Bytes.interfaceName("oci0")
                            + " : goto from-oci0 of map egress",
                        "foreign chain theirs",
                        "foreign rule \"theirs\" of chain from-oci1"));
    assertThat(reconciler.drifts()).isEqualTo(3);
  }

  /** Loses answers when told to, after or before the kernel did its work. */
  private static final class FailingNftables implements Nftables {
    private final Nftables real;
    private boolean fails;

    FailingNftables(Nftables real) {
      this.real = real;
    }

    private void maybeFail() {
      if (fails) {
        throw new NetlinkException("commit", Errno.ENOBUFS, ExtAck.NONE, "");
      }
    }

    @Override
    public CommitResult commit(NftTransaction transaction) {
      CommitResult result = real.commit(transaction);
      maybeFail();
      return result;
    }

    @Override
    public CommitResult commit(NftTransaction transaction, Generation expected) {
      maybeFail();
      return real.commit(transaction, expected);
    }

    @Override
    public Generation generation() {
      return real.generation();
    }

    @Override
    public Optional<NftDump> dump(Table table) {
      return real.dump(table);
    }
  }
}
