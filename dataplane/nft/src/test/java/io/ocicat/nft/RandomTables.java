package io.ocicat.nft;

import static io.ocicat.inet.IpFamily.IPV4;
import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.Ipv4Address;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.ChainType;
import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NamedCounter;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Table;
import io.ocicat.nftables.Verdict;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import java.util.ArrayList;
import java.util.List;

/** Small tables in which everything is referred to by something, sometimes. */
final class RandomTables {
  static final Table TABLE = new Table(NftFamily.INET, "ocicat");

  private static final int CHAINS = 5;
  private static final KeyType ADDRESS = KeyType.of(DataType.IPV4_ADDR);
  private static final KeyType ADDRESS_AND_PORT =
      KeyType.of(DataType.IPV4_ADDR, DataType.INET_SERVICE);

  private RandomTables() {}

  static Gen<NftTable> tables() {
    return draws -> new RandomTable(draws).table();
  }

  private static final class RandomTable {
    private final Draws draws;
    private final List<String> chains = new ArrayList<>();
    private final List<String> sets = new ArrayList<>();
    private NftTable table = NftTable.empty(TABLE);

    RandomTable(Draws draws) {
      this.draws = draws;
    }

    NftTable table() {
      if (some()) {
        table = table.with(new NamedCounter("n"));
      }
      set(NftSet.of("single", ADDRESS), this::single);
      set(NftSet.ofIntervals("interval", ADDRESS), this::interval);
      set(NftSet.ofIntervals("ranges", ADDRESS_AND_PORT), this::ranges);
      for (int i = 0; i < CHAINS; i++) {
        if (some()) {
          chains.add("c" + i);
        }
      }
      // A chain jumps to later ones only, so that there is no loop.
      for (int i = 0; i < chains.size(); i++) {
        table = table.with(chain(chains.get(i), chains.subList(i + 1, chains.size())));
      }
      set(NftSet.verdictMap("map", KeyType.of(DataType.IFNAME)), this::endpoint);
      table = table.with(forward());
      return table;
    }

    private boolean some() {
      return draws.below(2) == 1;
    }

    /** Draws a set's elements one slot after the other, so that intervals never overlap. */
    private void set(NftSet set, SlotElement elementAt) {
      if (!some()) {
        return;
      }
      List<Element> elements = new ArrayList<>();
      for (int slot = 0; slot < 6; slot++) {
        if (some()) {
          elements.add(elementAt.at(slot));
        }
      }
      sets.add(set.name());
      table = table.with(SetContent.of(set, elements));
    }

    private interface SlotElement {
      Element at(int slot);
    }

    private static Bytes address(int host) {
      return Bytes.of(new Ipv4Address(0x0a000000 + host).toBytes());
    }

    private Element single(int slot) {
      return Element.of(address(slot)).withComment(some() ? "pod" : "");
    }

    private Element interval(int slot) {
      return Element.interval(address(slot * 4), address(slot * 4 + draws.below(4)));
    }

    private Element ranges(int slot) {
      int port = draws.below(100);
      return Element.interval(
          ADDRESS_AND_PORT.key(address(slot * 4), Bytes.u16(port)),
          ADDRESS_AND_PORT.key(
              address(slot * 4 + draws.below(4)), Bytes.u16(port + draws.below(10))));
    }

    private Element endpoint(int slot) {
      Bytes key = Bytes.interfaceName("oci" + slot);
      return Element.of(
          key,
          chains.isEmpty() || some()
              ? Verdict.DROP
              : new Verdict.Goto(chains.get(draws.below(chains.size()))));
    }

    private ChainContent chain(String name, List<String> targets) {
      List<Rule> rules = new ArrayList<>();
      int count = draws.below(4);
      for (int i = 0; i < count; i++) {
        rules.add(ruleOf(targets));
      }
      return new ChainContent(new Chain.RegularChain(name), rules);
    }

    private Rule ruleOf(List<String> targets) {
      return switch (draws.below(6)) {
        case 0 -> rule().dport(6, draws.below(3)).accept();
        case 1 -> sets.contains("single") ? rule().saddrIn(IPV4, "single").accept() : denied();
        case 2 -> sets.contains("interval") ? rule().saddrIn(IPV4, "interval").accept() : denied();
        case 3 -> targets.isEmpty() ? denied() : rule().jump(targets.getFirst(), "jump");
        case 4 -> table.counters().isEmpty() ? denied() : rule().counter("n").drop();
        default -> denied();
      };
    }

    private Rule denied() {
      return rule().counter().drop("denied " + draws.below(3));
    }

    private ChainContent forward() {
      List<Rule> rules = new ArrayList<>();
      if (sets.contains("map")) {
        rules.add(rule().iifnameVmap("map"));
      }
      rules.add(denied());
      return new ChainContent(
          new Chain.BaseChain(
              "forward",
              ChainType.FILTER,
              Hook.FORWARD,
              draws.below(3),
              some() ? ChainPolicy.DROP : ChainPolicy.ACCEPT,
              ""),
          rules);
    }
  }
}
