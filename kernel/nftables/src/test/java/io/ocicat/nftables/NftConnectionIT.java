package io.ocicat.nftables;

import static io.ocicat.inet.IpFamily.IPV4;
import static io.ocicat.nftables.RuleBuilder.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Ipv4Address;
import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.Errno;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our messages against the kernel, and our objects against what nft(8) makes of them. */
@Timeout(60)
final class NftConnectionIT {
  private final NetNamespace namespace = NetNamespace.create();
  private final NftConnection nftables = namespace.call(NftConnection::open);

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

  private void commit(NftTransaction transaction) {
    assertThat(nftables.commit(transaction)).isEqualTo(new CommitResult.Committed());
  }

  private static String expected(String name) throws IOException {
    try (InputStream in = NftConnectionIT.class.getResourceAsStream("/nftables/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  private NftTable dump() {
    return nftables.dump(Specimen.TABLE).orElseThrow().content();
  }

  @Test
  void dumpsBackWhatItApplied() {
    NftTable table = Specimen.tableWithPorts();
    commit(Specimen.make(table));
    assertThat(dump().chains().toList()).isEqualTo(table.chains().toList());
    assertThat(dump().sets().toList()).isEqualTo(table.sets().toList());
    assertThat(dump()).isEqualTo(table);
  }

  @Test
  void isPrintedByNftAsAPersonWouldHaveWrittenIt() throws IOException {
    commit(Specimen.make(Specimen.tableWithPorts()));
    assertThat(nft("list table inet ocicat")).isEqualTo(expected("specimen.nft"));
  }

  @Test
  void nftPrintsItAsJson() {
    commit(Specimen.make(Specimen.tableWithPorts()));
    assertThat(nft("-j list map inet ocicat egress"))
        .contains(
            """
            "type": "ifname", "handle\"""",
            """
            "map": "verdict", "elem": [[{"elem": {"val": "oci123456789abc", "comment": \
            "default/web-1"}}, {"goto": {"target": "ep-1"}}]]""");
  }

  @Test
  void nftAcceptsItsOwnPrintOfTheTable() {
    commit(Specimen.make(Specimen.tableWithPorts()));
    String listed = nft("list table inet ocicat");
    nft("delete table inet ocicat");
    nft("-f - <<'EOF'\n" + listed + "EOF\n");
    NftTable reread = dump();
    assertThat(names(reread.chains(), ChainContent::name))
        .isEqualTo(names(Specimen.table().chains(), ChainContent::name));
    assertThat(reread.chain("forward")).isEqualTo(Specimen.table().chain("forward"));
    assertThat(reread.chain("ep-1")).isEqualTo(Specimen.table().chain("ep-1"));
    assertThat(reread.set("b-4")).isEqualTo(Specimen.table().set("b-4"));
    assertThat(reread.set("egress")).isEqualTo(Specimen.table().set("egress"));
  }

  private static <V> List<String> names(SortedTable<String, V> table, Function<V, String> name) {
    return table.toList().stream().map(name).toList();
  }

  @Test
  void readsWhatOthersWroteAndKeepsWhatItDoesNotKnow() {
    nft(
        """
        -f - <<'EOF'
        table inet ocicat {
          set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/24, 10.0.1.0-10.0.1.9 } }
          chain c {
            tcp dport { 80, 443 } limit rate 10/minute accept
            ip daddr 10.0.0.0/24 counter packets 3 bytes 120 dnat ip to 10.0.0.9:80
          }
        }
        EOF
        """
            .replace("dnat ip to 10.0.0.9:80", "accept"));
    NftDump dump = nftables.dump(Specimen.TABLE).orElseThrow();
    List<Rule> rules = dump.content().chain("c").orElseThrow().rules();
    assertThat(rules).hasSize(2);
    assertThat(rules.get(0).expressions())
        .anySatisfy(
            e ->
                assertThat(e)
                    .isInstanceOfSatisfying(
                        Expression.Unknown.class, u -> assertThat(u.name()).isEqualTo("limit")));
    assertThat(dump.content().sets().toList())
        .anySatisfy(s -> assertThat(s.set().isAnonymous()).isTrue());
    assertThat(dump.states("c").get(1).counts()).isEqualTo(new Counts(3, 120));

    commit(NftTransaction.on(Specimen.TABLE).add("c", rules.get(1)).build());
    assertThat(nft("list chain inet ocicat c")).contains("counter packets 0 bytes 0 accept");
  }

  @Test
  void passesUnknownExpressionsOnAsTheyCame() {
    nft("add table inet ocicat");
    nft("add chain inet ocicat c");
    nft("add rule inet ocicat c limit rate 10/minute accept");
    Rule rule = dump().chain("c").orElseThrow().rules().getFirst();
    commit(NftTransaction.on(Specimen.TABLE).add("c", rule).build());
    assertThat(nft("list chain inet ocicat c").split("limit rate 10/minute", -1)).hasSize(3);
    assertThat(dump().chain("c").orElseThrow().rules()).containsExactly(rule, rule);
  }

  @Test
  void placesRulesByHandle() {
    Chain chain = new Chain.RegularChain("c");
    commit(
        NftTransaction.on(Specimen.TABLE)
            .addTable()
            .add(chain)
            .add("c", rule().accept("b"))
            .add("c", rule().accept("d"))
            .build());
    long b = handles("c").get(0);
    long d = handles("c").get(1);
    commit(
        NftTransaction.on(Specimen.TABLE)
            .insert("c", rule().accept("a"))
            .addAfter("c", b, rule().accept("c"))
            .insertBefore("c", d, rule().accept("c2"))
            .replace("c", d, rule().drop("D"))
            .build());
    assertThat(comments("c")).containsExactly("a", "b", "c", "c2", "D");
    commit(NftTransaction.on(Specimen.TABLE).delete("c", b).build());
    assertThat(comments("c")).containsExactly("a", "c", "c2", "D");
    commit(NftTransaction.on(Specimen.TABLE).flush(chain).build());
    assertThat(comments("c")).isEmpty();
  }

  private List<Long> handles(String chain) {
    return nftables.dump(Specimen.TABLE).orElseThrow().states(chain).stream()
        .map(NftDump.RuleState::handle)
        .toList();
  }

  private List<String> comments(String chain) {
    return dump().chain(chain).orElseThrow().rules().stream().map(Rule::comment).toList();
  }

  @Test
  void tellsWhichOperationsTheKernelRefused() {
    commit(NftTransaction.on(Specimen.TABLE).addTable().add(new Chain.RegularChain("c")).build());
    CommitResult result =
        nftables.commit(
            NftTransaction.on(Specimen.TABLE)
                .add(new Chain.RegularChain("d"))
                .add("c", rule().saddrIn(IPV4, "nowhere").accept("default/x"))
                .add("nochain", rule().accept())
                .build());
    assertThat(result)
        .isInstanceOfSatisfying(
            CommitResult.Refused.class,
            refused -> {
              assertThat(refused.refusals())
                  .extracting(CommitResult.Refusal::index)
                  .containsExactly(1, 2);
              assertThat(refused.refusals())
                  .extracting(CommitResult.Refusal::errno)
                  .containsOnly(Errno.ENOENT);
              assertThat(refused.message())
                  .contains("table inet ocicat", "add rule in chain c \"default/x\"", "ENOENT");
              assertThat(refused.refusals().get(1).reason()).contains("NFTA_RULE_CHAIN");
            });
    assertThat(dump().chain("d")).isEmpty();
  }

  @Test
  void doesNothingWhenTheGenerationHasMovedOn() {
    commit(NftTransaction.on(Specimen.TABLE).addTable().build());
    Generation before = nftables.generation();
    NftTransaction transaction =
        NftTransaction.on(Specimen.TABLE).add(new Chain.RegularChain("c")).build();
    nft("add table ip others");
    assertThat(nftables.commit(transaction, before))
        .isEqualTo(new CommitResult.GenerationMismatch(before));
    assertThat(dump().chains().isEmpty()).isTrue();
    assertThat(nftables.commit(transaction, nftables.generation()))
        .isEqualTo(new CommitResult.Committed());
  }

  @Test
  void addsAndRemovesAHundredThousandElementsInOneTransaction() {
    NftSet set = Specimen.GROUP_4;
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      elements.add(Element.of(Bytes.of(new Ipv4Address(0x0a000000 + 3 * i).toBytes())));
    }
    commit(NftTransaction.on(Specimen.TABLE).addTable().add(set).add(set, elements).build());
    assertThat(dump().set(set.name()).orElseThrow().elements().toList()).isEqualTo(elements);
    commit(NftTransaction.on(Specimen.TABLE).delete(set, elements.subList(1, 100_000)).build());
    assertThat(dump().set(set.name()).orElseThrow().elements().toList())
        .containsExactly(elements.getFirst());
  }

  @Test
  void keepsAdjacentIntervalsApart() {
    NftSet set = Specimen.BLOCKS_4;
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      elements.add(
          Element.interval(
              Specimen.address("10.0." + i + ".0"), Specimen.address("10.0." + i + ".255")));
    }
    commit(
        NftTransaction.on(Specimen.TABLE)
            .addTable()
            .add(set)
            .add(set, elements.subList(1, 3))
            .build());
    commit(NftTransaction.on(Specimen.TABLE).add(set, elements.subList(0, 1)).build());
    assertThat(dump().set(set.name()).orElseThrow().elements().toList()).isEqualTo(elements);
    commit(NftTransaction.on(Specimen.TABLE).delete(set, elements.subList(1, 2)).build());
    assertThat(dump().set(set.name()).orElseThrow().elements().toList())
        .containsExactly(elements.get(0), elements.get(2));
  }

  @Test
  void destroysWhatMayBeAbsent() {
    assertThat(nftables.supportsDestroy()).isTrue();
    commit(
        NftTransaction.on(Specimen.TABLE)
            .addTable()
            .destroy(new Chain.RegularChain("c"))
            .destroy(Specimen.GROUP_4)
            .destroy(new NamedCounter("n"))
            .build());
    commit(NftTransaction.on(Specimen.TABLE).destroyTable().build());
    commit(NftTransaction.on(Specimen.TABLE).destroyTable().build());
    assertThat(nftables.dump(Specimen.TABLE)).isEmpty();
  }

  @Test
  void leavesOtherTablesAlone() {
    nft("add table inet others");
    nft("add chain inet others c");
    commit(Specimen.make(Specimen.tableWithPorts()));
    assertThat(dump()).isEqualTo(Specimen.tableWithPorts());
    commit(NftTransaction.on(Specimen.TABLE).deleteTable().build());
    assertThat(nft("list ruleset")).isEqualTo("table inet others {\n\tchain c {\n\t}\n}\n");
  }
}
