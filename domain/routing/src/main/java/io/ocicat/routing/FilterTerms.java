package io.ocicat.routing;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpFilter;
import java.util.ArrayList;
import java.util.List;

/** What the rules of BGPFilters mean. */
public final class FilterTerms {
  private FilterTerms() {}

  /** For routes of this family to neighbours, in the order of the rules. */
  public static List<RouteTerm> exporting(BgpFilter filter, IpFamily family) {
    return terms(filter, filter.exporting(family));
  }

  /** For routes of this family from neighbours, in the order of the rules. */
  public static List<RouteTerm> importing(BgpFilter filter, IpFamily family) {
    return terms(filter, filter.importing(family));
  }

  private static List<RouteTerm> terms(BgpFilter filter, List<BgpFilter.Rule> rules) {
    return rules.stream()
        .map(
            rule ->
                new RouteTerm(
                    new Reason("BGPFilter/" + filter.name(), rule.field()),
                    matches(rule),
                    rule.accepts()
                        ? rule.operations().stream().map(FilterTerms::change).toList()
                        : List.of(),
                    rule.accepts()))
        .toList();
  }

  private static List<RouteMatch> matches(BgpFilter.Rule rule) {
    List<RouteMatch> matches = new ArrayList<>();
    rule.prefix().ifPresent(prefix -> matches.addAll(prefixes(prefix)));
    if (rule.fromNeighbours()) {
      matches.add(new RouteMatch.FromNeighbours());
    }
    rule.devices().map(RouteMatch.Device::new).ifPresent(matches::add);
    rule.external().map(RouteMatch.Neighbour::new).ifPresent(matches::add);
    rule.community().map(RouteMatch.Carries::new).ifPresent(matches::add);
    if (!rule.pathStart().isEmpty()) {
      matches.add(new RouteMatch.PathStarts(rule.pathStart()));
    }
    rule.priority().map(RouteMatch.Priority::new).ifPresent(matches::add);
    return matches;
  }

  /**
   * With In and NotIn the bounds belong to the range that the prefix is, or is not, in; with Equal
   * and NotEqual they are asked besides.
   */
  private static List<RouteMatch> prefixes(BgpFilter.PrefixMatch match) {
    int own = match.cidr().prefixLength();
    int bits = match.cidr().family().bits();
    int shortest = match.shortest().orElse(own);
    int longest = match.longest().orElse(bits);
    boolean bounded = match.shortest().isPresent() || match.longest().isPresent();
    List<RouteMatch> matches = new ArrayList<>();
    switch (match.operator()) {
      case IN -> matches.add(new RouteMatch.Prefix(match.cidr(), shortest, longest, true));
      case NOT_IN -> matches.add(new RouteMatch.Prefix(match.cidr(), shortest, longest, false));
      case EQUAL -> matches.add(new RouteMatch.Prefix(match.cidr(), own, own, true));
      case NOT_EQUAL -> matches.add(new RouteMatch.Prefix(match.cidr(), own, own, false));
    }
    if (bounded
        && (match.operator() == BgpFilter.Operator.EQUAL
            || match.operator() == BgpFilter.Operator.NOT_EQUAL)) {
      matches.add(new RouteMatch.Length(shortest, longest));
    }
    return matches;
  }

  private static RouteChange change(BgpFilter.Operation operation) {
    return switch (operation) {
      case BgpFilter.Operation.AddCommunity add -> new RouteChange.AddCommunity(add.community());
      case BgpFilter.Operation.Prepend prepend -> new RouteChange.Prepend(prepend.ases());
      case BgpFilter.Operation.SetPriority set -> new RouteChange.SetPriority(set.metric());
    };
  }
}
