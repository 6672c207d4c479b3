package io.ocicat.nft;

import static io.ocicat.nftables.RuleBuilder.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftConnection;
import io.ocicat.nftables.NftDump;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Verdict;
import io.ocicat.testkit.Property;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The reconciler on the kernel, with nft(8) as the one who interferes. */
@Timeout(120)
final class NftReconcilerIT {
  private final NetNamespace namespace = NetNamespace.create();
  private final NftConnection nftables = namespace.call(NftConnection::open);
  private final NftReconciler reconciler = new NftReconciler(nftables);

  @AfterEach
  void close() {
    nftables.close();
    namespace.close();
  }

  private String nft(String command) {
    ChildProcess.Result result =
        namespace.call(
            () ->
                ChildProcess.run(
                    Path.of("/bin/sh"),
                    Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                    ("exec 2>&1; nft " + command).getBytes(UTF_8)));
    assertThat(result.exitStatus()).as("nft " + command + ": " + result.stdout()).isZero();
    return result.stdout();
  }

  private NftTable held() {
    return nftables.dump(RandomTables.TABLE).map(NftDump::content).orElseThrow();
  }

  private static NftTable table() {
    NftSet egress = NftSet.verdictMap("egress", KeyType.of(DataType.IFNAME));
    return NftTable.empty(RandomTables.TABLE)
        .with(
            new Chain.BaseChain(
                "forward", ChainType.FILTER, Hook.FORWARD, 0, ChainPolicy.ACCEPT, ""),
            rule().iifnameVmap("egress"),
            rule().iifname("oci*").counter().drop("unknown endpoint"))
        .with(new Chain.RegularChain("from-oci1", "default/web"), rule().counter().accept("web"))
        .with(egress, Element.of(Bytes.interfaceName("oci1"), new Verdict.Goto("from-oci1")));
  }

  private static List<Drift> drifts(NftOutcome outcome) {
    assertThat(outcome).isInstanceOf(NftOutcome.InForce.class);
    return ((NftOutcome.InForce) outcome).drifts();
  }

  @Test
  void leadsFromAnyTableToAnyOther() {
    Property.cases(60)
        .check(
            RandomTables.tables().list(1, 6),
            history -> {
              for (NftTable table : history) {
                assertThat(reconciler.apply(table, Unknown.REMOVE))
                    .isInstanceOf(NftOutcome.InForce.class);
                assertThat(held()).isEqualTo(table);
              }
            });
    assertThat(reconciler.isUntouchedByOthers()).isTrue();
    assertThat(reconciler.drifts()).isZero();
  }

  @Test
  void adoptsTheTableOfAnEarlierRunAsItIs() {
    reconciler.apply(table(), Unknown.REMOVE);
    String before = nft("-a list table inet ocicat");
    assertThat(new NftReconciler(nftables).apply(table(), Unknown.REMOVE))
        .isEqualTo(new NftOutcome.InForce(0, List.of()));
    assertThat(nft("-a list table inet ocicat")).isEqualTo(before);
  }

  @Test
  void putsBackARuleThatWasDeletedByHand() {
    reconciler.apply(table(), Unknown.REMOVE);
    nft("flush chain inet ocicat from-oci1");
    assertThat(reconciler.isUntouchedByOthers()).isFalse();
    assertThat(drifts(reconciler.verify()))
        .extracting(Drift::toString)
        .containsExactly("missing rule \"web\" of chain from-oci1 \"default/web\"");
    assertThat(held()).isEqualTo(table());
    assertThat(reconciler.isUntouchedByOthers()).isTrue();
    assertThat(reconciler.drifts()).isEqualTo(1);
    assertThat(drifts(reconciler.verify())).isEmpty();
  }

  @Test
  void removesWhatDoesNotBelongInOurTable() {
    reconciler.apply(table(), Unknown.REMOVE);
    nft("add chain inet ocicat theirs");
    nft("add rule inet ocicat theirs tcp dport '{ 80, 443 }' goto from-oci1");
    nft("insert rule inet ocicat forward jump theirs");
    nft("delete element inet ocicat egress '{ \"oci1\" }'");
    assertThat(drifts(reconciler.verify()))
        .extracting(Drift::toString)
        .containsExactly(
            "missing element 6f636931000000000000000000000000 : goto from-oci1 of map egress",
            "foreign chain theirs",
            "foreign rule of chain forward");
    assertThat(held()).isEqualTo(table());
    assertThat(nft("list table inet ocicat")).doesNotContain("theirs", "443");
  }

  @Test
  void makesTheTableAnewWhenItWasDeletedOrTheRuleSetFlushed() {
    reconciler.apply(table(), Unknown.REMOVE);
    nft("flush ruleset");
    assertThat(drifts(reconciler.verify()))
        .extracting(Drift::toString)
        .containsExactly("missing table inet ocicat");
    assertThat(held()).isEqualTo(table());
  }

  @Test
  void wakesATableThatWasPutToSleep() {
    reconciler.apply(table(), Unknown.REMOVE);
    nft("add table inet ocicat '{ flags dormant; }'");
    assertThat(drifts(reconciler.verify()))
        .extracting(Drift::toString)
        .containsExactly("different table inet ocicat: dormant");
    assertThat(nft("list table inet ocicat")).doesNotContain("dormant");
  }

  @Test
  void goesOnWithTheNextChangeAfterSomebodyInterfered() {
    reconciler.apply(table(), Unknown.REMOVE);
    nft("flush ruleset");
    NftTable next = table().with(new Chain.RegularChain("more"), rule().drop("x"));
    assertThat(drifts(reconciler.apply(next, Unknown.REMOVE))).hasSize(1);
    assertThat(held()).isEqualTo(next);
  }

  @Test
  void changesWhatTheKernelCannotChangeByMakingTheTableAnew() {
    reconciler.apply(table(), Unknown.REMOVE);
    NftTable other =
        table()
            .with(
                new Chain.BaseChain(
                    "forward", ChainType.FILTER, Hook.FORWARD, 5, ChainPolicy.ACCEPT, ""),
                rule().iifnameVmap("egress"));
    assertThat(drifts(reconciler.apply(other, Unknown.REMOVE))).isEmpty();
    assertThat(held()).isEqualTo(other);
  }

  @Test
  void leavesOtherTablesAlone() {
    nft("add table ip theirs");
    nft("add chain ip theirs c");
    reconciler.apply(table(), Unknown.REMOVE);
    nft("add rule ip theirs c accept");
    reconciler.verify();
    assertThat(nft("list table ip theirs"))
        .isEqualTo("table ip theirs {\n\tchain c {\n\t\taccept\n\t}\n}\n");
  }
}
