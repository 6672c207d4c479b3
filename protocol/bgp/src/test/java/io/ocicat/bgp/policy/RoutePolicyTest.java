package io.ocicat.bgp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RoutePolicyTest {
  private static final Community C = new Community(65000 << 16 | 1);
  private static final Community D = new Community(65000 << 16 | 2);
  private static final LargeCommunity L = new LargeCommunity(-94967296, 1, 2);
  private static final Attributes PLAIN =
      Attributes.builder()
          .asPath(AsPath.sequence(65001, 65002, 65003))
          .nextHop(IpAddress.parse("10.9.0.1"))
          .communities(List.of(C))
          .largeCommunities(List.of(L))
          .localPref(2147483647 - 1024)
          .med(5)
          .build();

  private static RouteFacts facts(String prefix) {
    return RouteFacts.of(Cidr.parse(prefix), PLAIN, RouteSource.EXTERNAL, false, "eth0");
  }

  /** The operators of BGPFilter, with and without lengths. */
  @ParameterizedTest
  @CsvSource({
    // prefix of the route, cidr, shortest, longest, inside, holds
    "10.0.0.0/16, 10.0.0.0/16, 16, 16, true, true",
    "10.0.1.0/24, 10.0.0.0/16, 16, 16, true, false",
    "10.0.0.0/16, 10.0.0.0/16, 16, 16, false, false",
    "10.0.1.0/24, 10.0.0.0/16, 16, 16, false, true",
    "10.0.1.0/24, 10.0.0.0/16, 16, 32, true, true",
    "10.0.0.0/16, 10.0.0.0/16, 16, 32, true, true",
    "10.0.0.0/15, 10.0.0.0/16, 16, 32, true, false",
    "10.1.0.0/16, 10.0.0.0/16, 16, 32, true, false",
    "10.1.0.0/16, 10.0.0.0/16, 16, 32, false, true",
    "10.0.1.0/24, 10.0.0.0/16, 25, 28, true, false",
    "10.0.1.0/26, 10.0.0.0/16, 25, 28, true, true",
    "10.0.1.0/29, 10.0.0.0/16, 25, 28, true, false",
    "10.0.1.0/29, 10.0.0.0/16, 25, 28, false, true",
    "0.0.0.0/0, 0.0.0.0/0, 0, 32, true, true",
    "192.0.2.1/32, 0.0.0.0/0, 0, 32, true, true",
    "10.0.0.0/16, 10.0.0.0/16, 8, 32, true, true",
    "2001:db8::/32, 2001:db8::/32, 32, 128, true, true",
    "2001:db8:0:1::/64, 2001:db8::/32, 32, 128, true, true",
    "2001:db9::/32, 2001:db8::/32, 32, 128, true, false",
    "2001:db8::1:0:0:0/80, 2001:db8::1:0:0:0/80, 80, 80, true, true",
    "2001:db8::2:0:0:0/80, 2001:db8::1:0:0:0/80, 80, 80, true, false",
    "10.0.0.0/16, ::/0, 0, 128, true, false",
    "2001:db8::/32, 0.0.0.0/0, 0, 32, true, false",
  })
  void prefixesMatchByContentAndLength(
      String route, String cidr, int shortest, int longest, boolean inside, boolean holds) {
    Condition condition =
        new Condition.Prefixes(
            List.of(new PrefixRange(Cidr.parse(cidr), shortest, longest)), inside);
    assertThat(condition.holds(facts(route))).isEqualTo(holds);
  }

  static List<Arguments> conditions() {
    return List.of(
        Arguments.of(new Condition.HasCommunity(C), true),
        Arguments.of(new Condition.HasCommunity(D), false),
        Arguments.of(new Condition.HasLargeCommunity(L), true),
        Arguments.of(new Condition.HasLargeCommunity(new LargeCommunity(1, 1, 2)), false),
        Arguments.of(new Condition.AsPathStarts(List.of(65001L, 65002L)), true),
        Arguments.of(new Condition.AsPathStarts(List.of(65002L)), false),
        Arguments.of(new Condition.AsPathStarts(List.of()), true),
        Arguments.of(new Condition.AsPathStarts(List.of(65001L, 65002L, 65003L, 1L)), false),
        Arguments.of(new Condition.AsPathContains(65002), true),
        Arguments.of(new Condition.AsPathContains(65009), false),
        Arguments.of(new Condition.OriginatedBy(65003), true),
        Arguments.of(new Condition.OriginatedBy(65001), false),
        Arguments.of(new Condition.AsPathLength(3, 3), true),
        Arguments.of(new Condition.AsPathLength(4, 9), false),
        Arguments.of(Condition.From.REMOTE_PEERS, true),
        Arguments.of(new Condition.From(List.of(RouteSource.LOCAL)), false),
        Arguments.of(new Condition.Neighbour(false), true),
        Arguments.of(new Condition.Neighbour(true), false),
        Arguments.of(new Condition.Device("eth*"), true),
        Arguments.of(new Condition.Device("*0"), true),
        Arguments.of(new Condition.Device("e*h*"), true),
        Arguments.of(new Condition.Device("eth"), false),
        Arguments.of(new Condition.Device("cali*"), false),
        Arguments.of(new Condition.NextHopIn(Cidr.parse("10.9.0.0/24")), true),
        Arguments.of(new Condition.NextHopIn(Cidr.parse("10.8.0.0/24")), false),
        Arguments.of(new Condition.LocalPref(RoutePriority.localPref(1024)), true),
        Arguments.of(new Condition.LocalPref(RoutePriority.localPref(512)), false),
        Arguments.of(new Condition.Lengths(16, 24), true),
        Arguments.of(new Condition.Lengths(25, 32), false));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void conditionsHold(Condition condition, boolean holds) {
    assertThat(condition.holds(facts("10.0.0.0/24"))).isEqualTo(holds);
    assertThat(condition.words()).isNotBlank();
  }

  @Test
  void changesAreMadeInOrder() {
    RoutePolicy policy =
        new RoutePolicy(
            "p",
            List.of(
                new Term(
                    "all",
                    List.of(),
                    List.of(
                        new Change.Prepend(List.of(64512L, 64513L)),
                        new Change.SetLocalPref(7),
                        new Change.RemoveMed(),
                        new Change.AddCommunities(List.of(D)),
                        new Change.DeleteCommunities(List.of(C)),
                        new Change.SetLargeCommunities(List.of()),
                        new Change.SetNextHop(IpAddress.parse("10.0.0.9"))),
                    Term.Outcome.ACCEPT)),
            false);
    Attributes changed = policy.evaluate(facts("10.0.0.0/24")).attributes();
    assertThat(changed.asPath().asns()).containsExactly(64512, 64513, 65001, 65002, 65003);
    assertThat(changed.localPref()).isEqualTo(7);
    assertThat(changed.hasMed()).isFalse();
    assertThat(changed.communities()).containsExactly(D);
    assertThat(changed.largeCommunities()).isEmpty();
    assertThat(changed.nextHop()).contains(IpAddress.parse("10.0.0.9"));
  }

  @Test
  void firstTermThatDecidesIsNamedAndLaterOnesAreNotAsked() {
    Term tag =
        new Term(
            "tag",
            List.of(new Condition.Lengths(24, 24)),
            List.of(new Change.AddCommunities(List.of(D))),
            Term.Outcome.CONTINUE);
    Term tagged =
        new Term(
            "tagged",
            List.of(new Condition.HasCommunity(D)),
            List.of(new Change.SetMed(1)),
            Term.Outcome.ACCEPT);
    Term last = new Term("last", List.of(), List.of(), Term.Outcome.REJECT);
    RoutePolicy policy = new RoutePolicy("p", List.of(tag, tagged, last), true);
    Evaluation accepted = policy.evaluate(facts("10.0.0.0/24"));
    assertThat(accepted.accepted()).isTrue();
    assertThat(accepted.decidedBy()).isEqualTo("tagged");
    assertThat(accepted.held()).containsExactly("tag", "tagged");
    assertThat(accepted.attributes().med()).isEqualTo(1);
    Evaluation rejected = policy.evaluate(facts("10.0.0.0/25"));
    assertThat(rejected.accepted()).isFalse();
    assertThat(rejected.decidedBy()).isEqualTo("last");
    assertThat(RoutePolicy.ACCEPT_ALL.evaluate(facts("10.0.0.0/24")).decidedBy())
        .isEqualTo("accept all");
  }

  /** The two ways of asking must agree, for few terms and for many. */
  @Test
  void compiledPolicyAgreesWithTheEvaluation() {
    for (int terms : new int[] {3, 62, 63, 200}) {
      List<Term> list = new ArrayList<>();
      for (int i = 0; i < terms; i++) {
        list.add(
            new Term(
                "term " + i,
                List.of(new Condition.Lengths(i % 33, 32)),
                List.of(new Change.SetMed(i)),
                i == terms - 2 ? Term.Outcome.ACCEPT : Term.Outcome.CONTINUE));
      }
      RoutePolicy policy = new RoutePolicy("p", list, false);
      CompiledPolicy compiled = new CompiledPolicy(policy);
      assertThat(compiled.looksAtPrefix()).isTrue();
      for (int length = 0; length <= 32; length++) {
        RouteFacts route = facts("0.0.0.0/" + length);
        Evaluation evaluation = policy.evaluate(route);
        long held = compiled.held(route);
        assertThat(held != CompiledPolicy.REJECTED).isEqualTo(evaluation.accepted());
        if (evaluation.accepted()) {
          assertThat(compiled.apply(held, PLAIN)).isEqualTo(evaluation.attributes());
        }
      }
    }
  }

  @Test
  void priorityAndLocalPrefMirrorEachOther() {
    assertThat(RoutePriority.localPref(1024)).isEqualTo(2147482623);
    assertThat(RoutePriority.metric(2147482623, 1024)).isEqualTo(1024);
    assertThat(RoutePriority.metric(RoutePriority.localPref(512), 1024)).isEqualTo(512);
    assertThat(RoutePriority.metric(100, 1024)).isEqualTo(1024);
  }
}
