package io.ocicat.nftables.fake;

import static io.ocicat.inet.IpFamily.IPV4;
import static io.ocicat.nftables.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.Errno;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.CommitResult;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Generation;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.Table;
import io.ocicat.nftables.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FakeNftablesTest {
  private static final Table TABLE = new Table(NftFamily.INET, "t");
  private static final Chain A = new Chain.RegularChain("a");
  private static final Chain B = new Chain.RegularChain("b");
  private static final NftSet MAP = NftSet.verdictMap("m", KeyType.of(DataType.IFNAME));
  private static final NftSet SET = NftSet.ofIntervals("s", KeyType.of(DataType.INET_SERVICE));

  private final FakeNftables nftables = new FakeNftables();

  private void commit(NftTransaction.Builder transaction) {
    assertThat(nftables.commit(transaction.build())).isEqualTo(new CommitResult.Committed());
  }

  private Errno refusal(NftTransaction.Builder transaction) {
    CommitResult result = nftables.commit(transaction.build());
    assertThat(result).isInstanceOf(CommitResult.Refused.class);
    return ((CommitResult.Refused) result).refusals().getFirst().errno();
  }

  private static NftTransaction.Builder onTable() {
    return NftTransaction.on(TABLE);
  }

  private List<String> comments(String chain) {
    return nftables.dump(TABLE).orElseThrow().content().chain(chain).orElseThrow().rules().stream()
        .map(Rule::comment)
        .toList();
  }

  @Test
  void refusesReferencesToWhatIsNotThere() {
    commit(onTable().addTable().add(A));
    assertThat(refusal(onTable().add("a", rule().saddrIn(IPV4, "nowhere").accept())))
        .isEqualTo(Errno.ENOENT);
    assertThat(refusal(onTable().add("a", rule().jump("nowhere")))).isEqualTo(Errno.ENOENT);
    assertThat(refusal(onTable().add("a", rule().counter("nowhere").accept())))
        .isEqualTo(Errno.ENOENT);
    assertThat(refusal(onTable().add("nowhere", rule().accept()))).isEqualTo(Errno.ENOENT);
  }

  @Test
  void refusesToRemoveWhatIsReferredTo() {
    commit(
        onTable()
            .addTable()
            .add(MAP)
            .add(A)
            .add(B)
            .add(MAP, List.of(Element.of(Bytes.interfaceName("x"), new Verdict.Goto("a"))))
            .add("b", rule().iifnameVmap("m")));
    assertThat(refusal(onTable().delete(A))).isEqualTo(Errno.EBUSY);
    assertThat(refusal(onTable().delete(MAP))).isEqualTo(Errno.EBUSY);
    commit(onTable().flush(B).delete(MAP).delete(A));
  }

  @Test
  void doesAllOrNothing() {
    commit(onTable().addTable().add(A));
    assertThat(refusal(onTable().add(B).add("a", rule().accept()).delete(MAP)))
        .isEqualTo(Errno.ENOENT);
    assertThat(nftables.dump(TABLE).orElseThrow().content().chain("b")).isEmpty();
    assertThat(comments("a")).isEmpty();
  }

  @Test
  void refusesOverlappingIntervals() {
    commit(
        onTable()
            .addTable()
            .add(SET)
            .add(SET, List.of(Element.interval(Bytes.u16(10), Bytes.u16(20)))));
    assertThat(refusal(onTable().add(SET, List.of(Element.interval(Bytes.u16(20), Bytes.u16(30))))))
        .isEqualTo(Errno.EEXIST);
    commit(onTable().add(SET, List.of(Element.interval(Bytes.u16(21), Bytes.u16(30)))));
  }

  @Test
  void refusesLoops() {
    Chain base =
        new Chain.BaseChain("base", ChainType.FILTER, Hook.INPUT, 0, ChainPolicy.ACCEPT, "");
    commit(
        onTable()
            .addTable()
            .add(base)
            .add(A)
            .add(B)
            .add("base", rule().jump("a"))
            .add("a", rule().jump("b")));
    assertThat(refusal(onTable().add("b", rule().jump("a")))).isEqualTo(Errno.ELOOP);
  }

  @Test
  void placesRulesByHandle() {
    commit(onTable().addTable().add(A).add("a", rule().accept("b")).add("a", rule().accept("d")));
    long d = nftables.dump(TABLE).orElseThrow().states("a").get(1).handle();
    commit(
        onTable()
            .insert("a", rule().accept("a"))
            .insertBefore("a", d, rule().accept("c"))
            .addAfter("a", d, rule().accept("e"))
            .replace("a", d, rule().accept("D")));
    assertThat(comments("a")).containsExactly("a", "b", "c", "D", "e");
  }

  @Test
  void comparesTheGeneration() {
    Generation before = nftables.generation();
    commit(onTable().addTable());
    assertThat(nftables.commit(onTable().add(A).build(), before))
        .isEqualTo(new CommitResult.GenerationMismatch(before));
  }
}
