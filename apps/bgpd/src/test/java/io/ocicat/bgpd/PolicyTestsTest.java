package io.ocicat.bgpd;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpd.PolicyTests.Outcome;
import io.ocicat.bgpd.PolicyTests.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTestsTest {

  private static final String POLICIES =
      """
      prefixLists:
      - {name: pods, prefixes: [10.244.0.0/16+, "fd00:10::/48{56,64}"]}
      policies:
      - name: in
        terms:
        - {name: martian, match: {prefixes: [127.0.0.0/8+, 0.0.0.0/0]}, action: reject}
        - name: mark
          match: {source: [external]}
          set: {addCommunities: ["65001:1"], deleteCommunities: ["65001:9"], med: none}
          action: continue
        - {name: backup, match: {communities: [graceful-shutdown]}, set: {localPref: 1}}
        - name: pods
          match: {prefixList: pods, length: {from: 24, to: 64}, asPathStarts: [65002]}
          set: {localPref: 200, prepend: [65001, 65001], nextHop: 192.0.2.9}
        - {name: long, match: {asPathLength: {from: 4}}, action: reject}
        - {name: origin, match: {originAs: 65003, asPathContains: [65002], neighbour: external}}
        - {name: large, match: {largeCommunities: ["65001:1:2"], nextHop: 192.0.2.0/24}}
        - {name: mine, match: {interface: "cali*", source: [local]}, set: {communities: []}}
      """;

  private static List<Verdict> verdicts(String tests) {
    Outcome outcome = PolicyTests.run(POLICIES + "tests:\n" + tests, Path.of("/"));
    if (outcome instanceof Outcome.Ran(List<Verdict> verdicts)) {
      return verdicts;
    }
    throw new AssertionError(outcome);
  }

  @Test
  void everyConditionAndChangeIsTried() {
    assertThat(
            verdicts(
                """
                - {policy: in, route: {prefix: 127.0.0.0/8}, expect: reject, by: in/martian}
                - {policy: in, route: {prefix: 0.0.0.0/0}, expect: reject, by: in/martian}
                - policy: in
                  route: {prefix: 10.244.1.0/26, asPath: [65002], communities: ["65001:9"], med: 3}
                  expect: accept
                  by: in/pods
                  after: {localPref: 200, asPath: [65001, 65001, 65002], nextHop: 192.0.2.9,
                    communities: ["65001:1"], med: none}
                - {policy: in, route: {prefix: 10.244.0.0/16, asPath: [65002]}, expect: reject,
                   by: in/otherwise}
                - {policy: in, route: {prefix: "fd00:10:0:100::/56", asPath: [65002]},
                   expect: accept, by: in/pods}
                - {policy: in, route: {prefix: "fd00:10::/52", asPath: [65002]}, expect: reject}
                - {policy: in, route: {prefix: 10.1.0.0/24, communities: [graceful-shutdown]},
                   expect: accept, by: in/backup, after: {localPref: 1}}
                - {policy: in, route: {prefix: 10.1.0.0/24, asPath: [1, 2, 3, 4]}, expect: reject,
                   by: in/long}
                - {policy: in, route: {prefix: 10.1.0.0/24, asPath: [65002, 65003]},
                   expect: accept, by: in/origin}
                - {policy: in, route: {prefix: 10.1.0.0/24, asPath: [65002, 65003],
                   neighbour: internal, source: internal}, expect: reject}
                - {policy: in, route: {prefix: 10.1.0.0/24, largeCommunities: ["65001:1:2"],
                   nextHop: 192.0.2.3}, expect: accept, by: in/large,
                   after: {largeCommunities: ["65001:1:2"]}}
                - {policy: in, route: {prefix: 10.1.0.0/24, source: local, interface: cali12,
                   communities: ["1:1"]}, expect: accept, by: in/mine, after: {communities: []}}
                """))
        .hasSize(12)
        .allSatisfy(verdict -> assertThat(verdict.differences()).as(verdict.toString()).isEmpty());
  }

  @Test
  void saysWhatDiffersAndWhichTermDecided() {
    List<Verdict> verdicts =
        verdicts(
            """
            - name: pods go
              policy: in
              route: {prefix: 10.244.1.0/26, asPath: [65002]}
              expect: reject
              by: in/long
              after: {localPref: 100, med: 5, communities: [], nextHop: 192.0.2.1}
            """);
    assertThat(verdicts)
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.passed()).isFalse();
              assertThat(verdict.held()).containsExactly("in/mark", "in/pods");
              assertThat(verdict.differences())
                  .containsExactly(
                      "accepted, not rejected",
                      "decided by in/pods, not in/long",
                      "next hop 192.0.2.9, not 192.0.2.1",
                      "MED none, not 5",
                      "LOCAL_PREF 200, not 100",
                      "communities [65001:1], not []");
            });
  }

  @Test
  void takesThePoliciesOfASpeakersFile(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("bgpd.yaml"), "routerId: 192.0.2.1\nas: 65001\n" + POLICIES);
    Files.writeString(
        folder.resolve("tests.yaml"),
        """
        config: bgpd.yaml
        tests: [{policy: in, route: {prefix: 127.0.0.0/8}, expect: reject}]
        """);
    assertThat(PolicyTests.run(folder.resolve("tests.yaml")))
        .isInstanceOfSatisfying(
            Outcome.Ran.class, ran -> assertThat(ran.verdicts()).allMatch(Verdict::passed));
  }

  @Test
  void aFileThatIsWrongIsToldWithItsLines() {
    assertThat(
            PolicyTests.run(
                """
                tests:
                - {policy: in, expect: perhaps}
                - {route: {asPath: [a]}, expect: accept}
                """,
                Path.of("/")))
        .isInstanceOfSatisfying(
            Outcome.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .anySatisfy(p -> assertThat(p).startsWith("line 2: tests[0].policy: 'in' is"))
                    .anySatisfy(p -> assertThat(p).startsWith("line 2: tests[0].route: missing"))
                    .anySatisfy(p -> assertThat(p).startsWith("line 2: tests[0].expect: "))
                    .anySatisfy(p -> assertThat(p).startsWith("line 3: tests[1].policy: missing"))
                    .anySatisfy(p -> assertThat(p).contains("tests[1].route.prefix: missing"))
                    .anySatisfy(p -> assertThat(p).contains("tests[1].route.asPath[0]: ")));
  }
}
