package io.ocicat.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.AsNumber;
import io.ocicat.model.BgpFilter;
import io.ocicat.model.RouteCommunity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTermsTest {
  private static RouteRules rules(String field, String... rules) {
    BgpFilter filter =
        BgpFilter.read(
            World.json(
                "BGPFilter", "f", "", "spec: {" + field + ": [" + String.join(",", rules) + "]}"));
    IpFamily family = field.endsWith("V4") ? IpFamily.IPV4 : IpFamily.IPV6;
    return new RouteRules(
        field.startsWith("import")
            ? FilterTerms.importing(filter, family)
            : FilterTerms.exporting(filter, family));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.0/8  | Equal    |    |    | 10.0.0.0/8  | true
          10.0.0.0/8  | Equal    |    |    | 10.1.0.0/16 | false
          10.0.0.0/8  | NotEqual |    |    | 10.0.0.0/8  | false
          10.0.0.0/8  | NotEqual |    |    | 10.1.0.0/16 | true
          10.0.0.0/8  | In       |    |    | 10.0.0.0/8  | true
          10.0.0.0/8  | In       |    |    | 10.1.2.3/32 | true
          10.0.0.0/8  | In       |    |    | 0.0.0.0/0   | false
          10.0.0.0/8  | In       |    |    | 11.0.0.0/8  | false
          10.0.0.0/8  | NotIn    |    |    | 10.1.2.3/32 | false
          10.0.0.0/8  | NotIn    |    |    | 11.0.0.0/8  | true
          10.0.0.0/8  | In       | 16 | 24 | 10.1.0.0/16 | true
          10.0.0.0/8  | In       | 16 | 24 | 10.0.0.0/8  | false
          10.0.0.0/8  | In       | 16 | 24 | 10.1.2.3/32 | false
          10.0.0.0/8  | In       |    | 24 | 10.0.0.0/8  | true
          10.0.0.0/8  | In       | 16 |    | 10.1.2.3/32 | true
          10.0.0.0/8  | NotIn    | 16 | 24 | 10.1.0.0/16 | false
          10.0.0.0/8  | NotIn    | 16 | 24 | 10.1.2.3/32 | true
          10.0.0.0/8  | NotEqual | 16 | 24 | 10.1.0.0/16 | true
          10.0.0.0/8  | NotEqual | 16 | 24 | 10.1.2.3/32 | false
          0.0.0.0/0   | In       | 32 | 32 | 10.1.2.3/32 | true
          0.0.0.0/0   | In       | 32 | 32 | 10.0.0.0/8  | false
          """)
  void comparesPrefixes(
      String cidr, String operator, String min, String max, String prefix, boolean holds) {
    String length =
        "{" + (min == null ? "" : "min: " + min + ",") + (max == null ? "" : "max: " + max) + "}";
    String rule =
        "{cidr: '%s', matchOperator: '%s', action: 'Reject'%s}"
            .formatted(
                cidr,
                operator,
                min == null && max == null ? "" : ", prefixLength: " + length.replace(",}", "}"));
    assertThat(rules("exportV4", rule).apply(RouteView.own(Cidr.parse(prefix))).accepted())
        .isEqualTo(!holds);
  }

  private static final RouteView ROUTE =
      new RouteView(
          Cidr.parse("fd00::/64"),
          true,
          "eth0",
          true,
          List.of(new AsNumber(64512), new AsNumber(64513)),
          Set.of(RouteCommunity.parse("1:2"), RouteCommunity.parse("1:2:3")),
          512);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          source: 'RemotePeers' | true
          interface: 'eth0' | true
          interface: 'eth*' | true
          interface: '*0' | true
          interface: 'eth1' | false
          interface: 'eth' | false
          peerType: 'eBGP' | true
          peerType: 'iBGP' | false
          communities: {values: ['1:2']} | true
          communities: {values: ['1:2:3']} | true
          communities: {values: ['1:3']} | false
          asPathPrefix: [64512] | true
          asPathPrefix: [64512, 64513] | true
          asPathPrefix: [64513] | false
          asPathPrefix: [64512, 64513, 64514] | false
          priority: 512 | true
          priority: 1024 | false
          peerType: 'eBGP', priority: 1024 | false
          """)
  void asksForAllThatARuleNames(String fields, boolean holds) {
    assertThat(rules("importV6", "{" + fields + ", action: 'Reject'}").apply(ROUTE).accepted())
        .isEqualTo(!holds);
  }

  @Test
  void ownRoutesAreNotFromNeighbours() {
    assertThat(
            rules("exportV4", "{source: 'RemotePeers', action: 'Reject'}")
                .apply(RouteView.own(Cidr.parse("10.0.0.0/8")))
                .accepted())
        .isTrue();
  }

  @Test
  void theFirstRuleThatHoldsDecides() {
    RouteRules rules =
        rules(
            "exportV4",
            "{cidr: '10.0.0.0/16', matchOperator: 'In', action: 'Accept'}",
            "{cidr: '10.0.0.0/8', matchOperator: 'In', action: 'Reject'}");
    assertThat(rules.apply(RouteView.own(Cidr.parse("10.0.1.0/24"))).decidedBy())
        .contains(new Reason("BGPFilter/f", "spec.exportV4[0]"));
    RouteRules.Outcome second = rules.apply(RouteView.own(Cidr.parse("10.9.0.0/16")));
    assertThat(second.accepted()).isFalse();
    assertThat(second.decidedBy()).contains(new Reason("BGPFilter/f", "spec.exportV4[1]"));
    RouteRules.Outcome none = rules.apply(RouteView.own(Cidr.parse("11.0.0.0/8")));
    assertThat(none.accepted()).isTrue();
    assertThat(none.decidedBy()).isEmpty();
  }

  @Test
  void operationsChangeWhatIsAcceptedInTheirOrder() {
    RouteView changed =
        rules(
                "importV6",
                "{action: 'Accept', operations: [{addCommunity: {value: '9:9'}}, {prependASPath:"
                    + " {prefix: [1, 2]}}, {prependASPath: {prefix: [3]}}, {setPriority: {value:"
                    + " 700}}]}")
            .apply(ROUTE)
            .route();
    assertThat(changed.communities())
        .contains(RouteCommunity.parse("9:9"), RouteCommunity.parse("1:2"));
    assertThat(changed.asPath())
        .extracting(AsNumber::value)
        .containsExactly(3L, 1L, 2L, 64512L, 64513L);
    assertThat(changed.metric()).isEqualTo(700);
  }
}
