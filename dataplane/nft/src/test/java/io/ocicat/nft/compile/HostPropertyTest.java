package io.ocicat.nft.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.nftables.Chain.BaseChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.NftTable;
import io.ocicat.plan.MasqueradePlan;
import io.ocicat.policy.HostClusters;
import io.ocicat.policy.HostFlow;
import io.ocicat.policy.HostSettings;
import io.ocicat.policy.HostVerdict;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HostPropertyTest {

  @Test
  void tablesDecideAsTheOracleDoes() {
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    Property.cases(400)
        .check(
            HostClusters.CASE,
            c -> {
              InterpretedHost node = InterpretedHost.of(c);
              for (HostFlow flow : c.flows()) {
                HostVerdict verdict = c.verdict(flow);
                (verdict.isAllowed() ? allowed : denied).incrementAndGet();
                assertThat(node.isAllowed(flow))
                    .as("%s: %s", flow, verdict)
                    .isEqualTo(verdict.isAllowed());
              }
            });
    assertThat(denied.get()).isGreaterThan(allowed.get() / 10);
    assertThat(allowed.get()).isGreaterThan(denied.get() / 10);
  }

  @Test
  void aTableChangedStepByStepIsTheOneCompiledAtOnce() {
    Property.cases(100)
        .check(
            HostClusters.CASE.list(2, 4),
            cases -> {
              NodeTable table = new NodeTable();
              for (HostClusters.Case c : cases) {
                NftInput to = InterpretedHost.input(c);
                to.groups().forEach(table::setGroup);
                table.setHosts(to.hosts());
                NodeTable atOnce = new NodeTable();
                to.groups().forEach(atOnce::setGroup);
                atOnce.setHosts(to.hosts());
                assertThat(table.snapshot()).isEqualTo(atOnce.snapshot());
              }
              table.setHosts(NftHosts.NONE);
              assertThat(table.snapshot()).isEqualTo(new NodeTable().snapshot());
            });
  }

  @Test
  void aNodeWithoutHostEndpointsHasNothingForThem() {
    NftTable table =
        NftCompiler.compile(
            new NftInput(
                List.of(),
                Map.of(),
                MasqueradePlan.NONE,
                new NftHosts(HostSettings.DEFAULT, Map.of(), Optional.empty())));
    Set<Hook> hooks = new TreeSet<>();
    for (ChainContent chain : table.chains()) {
      if (chain.chain() instanceof BaseChain base) {
        hooks.add(base.hook());
      }
    }
    assertThat(hooks).containsExactly(Hook.INPUT, Hook.FORWARD, Hook.POSTROUTING);
    assertThat(table).isEqualTo(new NodeTable().snapshot());
  }
}
