package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Verdict;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a tier says about packets of one sort of peers: the rules that hold for these, in order,
 * without what they ask of the peer's address, and the end of the tier.
 *
 * @param end empty if the tier is left where no rule decides
 */
record RowChain(String name, List<RowRule> rules, Optional<RuleChain> end) implements Part {

  /** From so many rules about nothing but ports on, these are looked up instead of asked. */
  private static final int PORT_TABLE_MIN = 3;

  RowChain {
    rules = List.copyOf(rules);
  }

  static RowChain of(List<RowRule> rules, Optional<RuleChain> end) {
    List<RowRule> reached = reached(rules);
    StringBuilder content = new StringBuilder();
    reached.forEach(rule -> content.append(rule.chain().name()).append(' '));
    content.append(end.map(RuleChain::name).orElse("next"));
    return new RowChain(Layout.row(ContentHash.of(content.toString())), reached, end);
  }

  /** Those that are not behind one that decides about everything. */
  private static List<RowRule> reached(List<RowRule> rules) {
    List<RowRule> reached = new ArrayList<>();
    for (RowRule rule : rules) {
      reached.add(rule);
      if (rule.isAboutEverything() && rule.chain().decision().action() != Action.LOG) {
        break;
      }
    }
    return reached;
  }

  /** Those of one name are equal. */
  @Override
  public boolean equals(Object o) {
    return this == o || (o instanceof RowChain other && name.equals(other.name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public Piece piece() {
    RuleWriter writer = new RuleWriter();
    int next = 0;
    while (next < rules.size()) {
      PortTable table = PortTable.of(rules.subList(next, rules.size()));
      if (table.size() >= PORT_TABLE_MIN) {
        table.write(writer);
        next += table.size();
      } else {
        writer.write(rules.get(next));
        next++;
      }
    }
    boolean open =
        rules.isEmpty()
            || !rules.getLast().isAboutEverything()
            || rules.getLast().chain().decision().action() == Action.LOG;
    if (open) {
      end.ifPresent(chain -> writer.add(rule().verdict(new Verdict.Goto(chain.name()), "")));
    }
    List<RuleChain> chains = new ArrayList<>();
    rules.forEach(each -> chains.add(each.chain()));
    end.filter(_ -> open).ifPresent(chains::add);
    return new Piece(
        new ChainContent(new RegularChain(name), writer.rules()),
        writer.sets(),
        writer.groups(),
        chains.stream().distinct().toList());
  }
}
