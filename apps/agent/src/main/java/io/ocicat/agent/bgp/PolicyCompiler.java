package io.ocicat.agent.bgp;

import io.ocicat.bgp.policy.Change;
import io.ocicat.bgp.policy.Condition;
import io.ocicat.bgp.policy.PrefixRange;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.policy.RoutePriority;
import io.ocicat.bgp.policy.Term;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import io.ocicat.model.AsNumber;
import io.ocicat.model.RouteCommunity;
import io.ocicat.routing.Neighbour;
import io.ocicat.routing.RouteChange;
import io.ocicat.routing.RouteMatch;
import io.ocicat.routing.RouteRules;
import io.ocicat.routing.RouteTerm;
import java.util.List;

/** Makes policies of a speaker out of planned rules: the same routes pass, changed the same way. */
final class PolicyCompiler {

  private PolicyCompiler() {}

  static RoutePolicies policies(Neighbour.Policies planned) {
    return new RoutePolicies(
        policy(planned.importV4()),
        policy(planned.importV6()),
        policy(planned.exportV4()),
        policy(planned.exportV6()));
  }

  /** Terms have the names of the objects and fields that they come from. */
  static RoutePolicy policy(RouteRules rules) {
    return rules.terms().isEmpty()
        ? RoutePolicy.ACCEPT_ALL
        : new RoutePolicy(
            "no rule holds: accepted",
            rules.terms().stream().map(PolicyCompiler::term).toList(),
            true);
  }

  private static Term term(RouteTerm term) {
    return new Term(
        term.reason().toString(),
        term.matches().stream().map(PolicyCompiler::condition).toList(),
        term.changes().stream().map(PolicyCompiler::change).toList(),
        term.accepts() ? Term.Outcome.ACCEPT : Term.Outcome.REJECT);
  }

  private static Condition condition(RouteMatch match) {
    return switch (match) {
      case RouteMatch.Prefix(Cidr cidr, int shortest, int longest, boolean inside) ->
          new Condition.Prefixes(ranges(cidr, shortest, longest), inside);
      case RouteMatch.Length(int shortest, int longest) -> new Condition.Lengths(shortest, longest);
      case RouteMatch.FromNeighbours _ -> Condition.From.REMOTE_PEERS;
      case RouteMatch.Device(String pattern) -> new Condition.Device(pattern);
      case RouteMatch.Neighbour(boolean external) -> new Condition.Neighbour(external);
      case RouteMatch.Carries(RouteCommunity.Standard community) ->
          new Condition.HasCommunity(wire(community));
      case RouteMatch.Carries(RouteCommunity.Large community) ->
          new Condition.HasLargeCommunity(wire(community));
      case RouteMatch.PathStarts(List<AsNumber> ases) ->
          new Condition.AsPathStarts(ases.stream().map(AsNumber::value).toList());
      case RouteMatch.Priority(int metric) ->
          new Condition.LocalPref(RoutePriority.localPref(metric));
    };
  }

  /** Lengths between bounds that leave none are none. */
  private static List<PrefixRange> ranges(Cidr cidr, int shortest, int longest) {
    int most = Math.min(longest, cidr.family().bits());
    return shortest <= most ? List.of(new PrefixRange(cidr, shortest, most)) : List.of();
  }

  private static Change change(RouteChange change) {
    return switch (change) {
      case RouteChange.AddCommunity(RouteCommunity.Standard community) ->
          new Change.AddCommunities(List.of(wire(community)));
      case RouteChange.AddCommunity(RouteCommunity.Large community) ->
          new Change.AddLargeCommunities(List.of(wire(community)));
      case RouteChange.Prepend(List<AsNumber> ases) ->
          new Change.Prepend(ases.stream().map(AsNumber::value).toList());
      case RouteChange.SetPriority(int metric) ->
          new Change.SetLocalPref(RoutePriority.localPref(metric));
    };
  }

  static Community wire(RouteCommunity.Standard community) {
    return new Community((community.high() << 16) | community.low());
  }

  static LargeCommunity wire(RouteCommunity.Large community) {
    return new LargeCommunity(
        (int) community.administrator(), (int) community.first(), (int) community.second());
  }
}
