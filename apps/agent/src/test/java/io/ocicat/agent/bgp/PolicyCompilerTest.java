package io.ocicat.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.policy.CompiledPolicy;
import io.ocicat.bgp.policy.Evaluation;
import io.ocicat.bgp.policy.RouteFacts;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.policy.RoutePriority;
import io.ocicat.bgp.policy.RouteSource;
import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.AsNumber;
import io.ocicat.model.RouteCommunity;
import io.ocicat.routing.Reason;
import io.ocicat.routing.RouteChange;
import io.ocicat.routing.RouteMatch;
import io.ocicat.routing.RouteRules;
import io.ocicat.routing.RouteTerm;
import io.ocicat.routing.RouteView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Rules of documents and the policies made of them are compared over drawn rules and routes. */
class PolicyCompilerTest {
  private static final int RULES = 400;
  private static final int ROUTES_EACH = 50;
  private static final List<String> DEVICES = List.of("", "eth0", "eth1", "cali12", "bond0");
  private static final List<String> PATTERNS = List.of("*", "eth*", "eth0", "*0", "c*1*");
  private static final List<RouteCommunity> COMMUNITIES =
      List.of(
          RouteCommunity.parse("65000:1"),
          RouteCommunity.parse("65535:65535"),
          RouteCommunity.parse("65000:1:2"),
          RouteCommunity.parse("4200000000:4294967295:0"));

  private final Random random = new Random(5);

  @Test
  void policiesDecideAndChangeAsTheRulesSay() {
    int accepted = 0;
    int held = 0;
    for (int i = 0; i < RULES; i++) {
      IpFamily family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
      RouteRules rules = rules(family);
      RoutePolicy policy = PolicyCompiler.policy(rules);
      CompiledPolicy compiled = new CompiledPolicy(policy);
      for (int j = 0; j < ROUTES_EACH; j++) {
        RouteView route = route(family);
        RouteRules.Outcome expected = rules.apply(route);
        RouteFacts facts = facts(route);
        Evaluation found = policy.evaluate(facts);
        assertThat(found.accepted())
            .as("%s through %s", route, rules)
            .isEqualTo(expected.accepted());
        assertThat(found.decidedBy())
            .isEqualTo(expected.decidedBy().map(Reason::toString).orElse(policy.name()));
        long number = compiled.held(facts);
        assertThat(number != CompiledPolicy.REJECTED).isEqualTo(expected.accepted());
        if (expected.accepted()) {
          accepted++;
          assertThat(seen(found.attributes(), expected.route()))
              .as("%s through %s", route, rules)
              .isEqualTo(expected.route());
          assertThat(compiled.apply(number, facts.attributes())).isEqualTo(found.attributes());
        }
        held += expected.decidedBy().isPresent() ? 1 : 0;
      }
    }
    assertThat(accepted).isBetween(RULES * ROUTES_EACH / 4, RULES * ROUTES_EACH * 9 / 10);
    assertThat(held).isGreaterThan(RULES * ROUTES_EACH / 4);
  }

  private RouteRules rules(IpFamily family) {
    List<RouteTerm> terms = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      List<RouteMatch> matches = some(random.nextInt(3), () -> match(family));
      List<RouteChange> changes = some(random.nextInt(4), this::change);
      terms.add(
          new RouteTerm(
              new Reason("BGPFilter/f", "spec.exportV4[" + i + "]"),
              matches,
              changes,
              random.nextInt(3) > 0));
    }
    return new RouteRules(terms);
  }

  private static <T> List<T> some(int count, Supplier<T> one) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(one.get());
    }
    return all;
  }

  private RouteMatch match(IpFamily family) {
    int bits = family.bits();
    int shortest = random.nextInt(bits + 1);
    int longest = shortest + random.nextInt(bits - shortest + 1);
    return switch (random.nextInt(8)) {
      case 0 -> new RouteMatch.Prefix(prefix(family), shortest, longest, random.nextBoolean());
      case 1 -> new RouteMatch.Length(shortest, longest);
      case 2 -> new RouteMatch.FromNeighbours();
      case 3 -> new RouteMatch.Device(one(PATTERNS));
      case 4 -> new RouteMatch.Neighbour(random.nextBoolean());
      case 5 -> new RouteMatch.Carries(one(COMMUNITIES));
      case 6 -> new RouteMatch.PathStarts(path(2));
      default -> new RouteMatch.Priority(metric());
    };
  }

  private RouteChange change() {
    return switch (random.nextInt(3)) {
      case 0 -> new RouteChange.AddCommunity(one(COMMUNITIES));
      case 1 -> new RouteChange.Prepend(path(3));
      default -> new RouteChange.SetPriority(metric());
    };
  }

  private int metric() {
    return 1024 + random.nextInt(3);
  }

  private List<AsNumber> path(int most) {
    return some(random.nextInt(most) + 1, () -> new AsNumber(4_200_000_000L + random.nextInt(2)));
  }

  private Cidr prefix(IpFamily family) {
    IpAddress base = IpAddress.parse(family == IpFamily.IPV4 ? "10.0.0.0" : "fd00::");
    int length = random.nextInt(family.bits() + 1);
    return Cidr.containing(base.plus(random.nextInt(8) << random.nextInt(24)), length);
  }

  private RouteView route(IpFamily family) {
    Set<RouteCommunity> communities =
        new HashSet<>(some(random.nextInt(3), () -> one(COMMUNITIES)));
    return new RouteView(
        prefix(family),
        random.nextBoolean(),
        one(DEVICES),
        random.nextBoolean(),
        random.nextInt(4) == 0 ? List.of() : path(4),
        communities,
        random.nextBoolean() ? 0 : metric());
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static RouteFacts facts(RouteView route) {
    AttributesBuilder attributes =
        Attributes.builder()
            .asPath(
                AsPath.EMPTY.prepend(
                    route.asPath().stream().mapToInt(as -> (int) as.value()).toArray()));
    for (RouteCommunity community : route.communities()) {
      switch (community) {
        case RouteCommunity.Standard(int high, int low) ->
            attributes.addCommunity(Community.parse(high + ":" + low).orElseThrow());
        case RouteCommunity.Large large ->
            attributes.addLargeCommunity(LargeCommunity.parse(large.toString()).orElseThrow());
      }
    }
    if (route.metric() != 0) {
      attributes.localPref(Integer.MAX_VALUE - route.metric());
    }
    RouteSource source = RouteSource.LOCAL;
    if (route.fromNeighbour()) {
      source = route.neighbourExternal() ? RouteSource.INTERNAL : RouteSource.EXTERNAL;
    }
    return RouteFacts.of(
        route.prefix(), attributes.build(), source, route.neighbourExternal(), route.device());
  }

  /** What the attributes say, as rules speak of it. */
  private static RouteView seen(Attributes attributes, RouteView of) {
    Set<RouteCommunity> communities = new HashSet<>();
    for (Community each : attributes.communities()) {
      communities.add(new RouteCommunity.Standard(each.value() >>> 16, each.value() & 0xffff));
    }
    for (LargeCommunity each : attributes.largeCommunities()) {
      communities.add(RouteCommunity.parse(each.toString()));
    }
    List<AsNumber> path = new ArrayList<>();
    for (int as : attributes.asPath().asns()) {
      path.add(new AsNumber(Integer.toUnsignedLong(as)));
    }
    int metric =
        Optional.of(attributes)
            .filter(Attributes::hasLocalPref)
            .map(each -> (int) RoutePriority.metric(each.localPref(), 0))
            .orElse(0);
    return new RouteView(
        of.prefix(),
        of.fromNeighbour(),
        of.device(),
        of.neighbourExternal(),
        path,
        communities,
        metric);
  }
}
