package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.IcmpMatch;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.SetContent;
import io.ocicat.policy.ChainRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Writes rules as rules of nftables, and collects the sets that these look in. */
final class RuleWriter implements SideMatch.Sets {

  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, SetContent> sets = new LinkedHashMap<>();
  private final Set<GroupSet> groups = new LinkedHashSet<>();

  List<Rule> rules() {
    return rules;
  }

  /** Of ports and address ranges, named by their content. */
  List<SetContent> sets() {
    return List.copyOf(sets.values());
  }

  /** Of address groups. */
  Set<GroupSet> groups() {
    return groups;
  }

  @Override
  public void add(SetContent set) {
    sets.put(set.name(), set);
  }

  @Override
  public void add(GroupSet set) {
    groups.add(set);
  }

  void add(Rule rule) {
    rules.add(rule);
  }

  void write(RowRule row) {
    ChainRule rule = row.rule();
    SideMatch source = new SideMatch(SideMatch.Which.SOURCE, rule, this);
    SideMatch destination = new SideMatch(SideMatch.Which.DESTINATION, rule, this);
    boolean familiesDiffer =
        rule.families().size() == 1
            || source.dependsOnFamily()
            || destination.dependsOnFamily()
            || !(rule.icmp() instanceof IcmpMatch.NotGiven)
            || !(rule.notIcmp() instanceof IcmpMatch.NotGiven);
    if (familiesDiffer) {
      for (IpFamily family : rule.families()) {
        List<UnaryOperator<RuleBuilder>> ways =
            SideMatch.product(source.addresses(family), destination.addresses(family));
        write(row, withPorts(ways, source, destination, family), List.of(family));
      }
    } else {
      IpFamily any = rule.families().getFirst();
      write(row, withPorts(List.of(UnaryOperator.identity()), source, destination, any), List.of());
    }
  }

  private static List<UnaryOperator<RuleBuilder>> withPorts(
      List<UnaryOperator<RuleBuilder>> ways,
      SideMatch source,
      SideMatch destination,
      IpFamily family) {
    return ways.isEmpty()
        ? ways
        : SideMatch.product(
            SideMatch.product(ways, source.ports(family)), destination.ports(family));
  }

  private void write(RowRule row, List<UnaryOperator<RuleBuilder>> ways, List<IpFamily> family) {
    ChainRule rule = row.rule();
    for (UnaryOperator<RuleBuilder> way : ways) {
      RuleBuilder builder = rule();
      family.forEach(builder::nfproto);
      rule.protocols().forEach(builder::l4proto);
      rule.notProtocols().forEach(builder::l4protoNot);
      for (IpFamily each : family) {
        icmp(builder, each, rule);
      }
      rules.add(way.apply(builder).verdict(row.chain().verdict(), row.chain().title()));
    }
  }

  private static void icmp(RuleBuilder builder, IpFamily family, ChainRule rule) {
    switch (rule.icmp()) {
      case IcmpMatch.NotGiven() -> {}
      case IcmpMatch.OfType(var type) -> builder.icmpType(family, type);
      case IcmpMatch.OfTypeAndCode(var type, var code) ->
          builder.icmpTypeAndCode(family, type, code);
    }
    switch (rule.notIcmp()) {
      case IcmpMatch.NotGiven() -> {}
      case IcmpMatch.OfType(var type) -> builder.icmpTypeNot(family, type);
      case IcmpMatch.OfTypeAndCode(var type, var code) ->
          builder.icmpTypeAndCodeNot(family, type, code);
    }
  }
}
