package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nftables.Bytes;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.RuleBuilder;
import io.ocicat.nftables.Verdict;
import io.ocicat.policy.PolicyChain;
import io.ocicat.policy.PolicyRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One endpoint's own part of the table.
 *
 * @param egress its element of the map of senders
 * @param ingress its element of the map of receivers
 * @param policies the shared chains that the two chains jump to
 */
record EndpointPiece(
    ChainContent from,
    ChainContent to,
    Element egress,
    Element ingress,
    List<PolicyChain> policies) {

  static EndpointPiece of(NftEndpoint endpoint) {
    String from = Layout.fromEndpoint(endpoint.hostInterface());
    String to = Layout.toEndpoint(endpoint.hostInterface());
    String pod = Layout.comment(endpoint.pod().toString());
    List<Rule> fromRules = new ArrayList<>(sourceChecks(endpoint));
    fromRules.add(rule().oifname(endpoint.hostInterface()).accept("a pod reaches itself"));
    fromRules.addAll(rows(endpoint, Direction.EGRESS));
    List<PolicyChain> policies = new ArrayList<>(endpoint.policy().chains(Direction.EGRESS));
    policies.addAll(endpoint.policy().chains(Direction.INGRESS));
    Bytes key = Bytes.interfaceName(endpoint.hostInterface());
    return new EndpointPiece(
        new ChainContent(new RegularChain(from, pod), fromRules),
        new ChainContent(new RegularChain(to, pod), rows(endpoint, Direction.INGRESS)),
        Element.of(key, new Verdict.Goto(from)).withComment(pod),
        Element.of(key, new Verdict.Goto(to)).withComment(pod),
        policies);
  }

  private static List<Rule> sourceChecks(NftEndpoint endpoint) {
    List<Rule> checks = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      RuleBuilder foreign = rule().nfproto(family);
      for (IpAddress address : endpoint.addresses()) {
        if (address.family() == family) {
          foreign.saddrNot(address);
        }
      }
      checks.add(
          foreign.counter().drop(Layout.comment(endpoint.pod() + ": not an address of this pod")));
    }
    return checks;
  }

  private static List<Rule> rows(NftEndpoint endpoint, Direction direction) {
    return endpoint.policy().rows(direction).stream()
        .map(row -> ruleOf(endpoint, direction, row))
        .toList();
  }

  private static Rule ruleOf(NftEndpoint endpoint, Direction direction, PolicyRow row) {
    return switch (row) {
      case PolicyRow.Apply(var chain) ->
          rule().jump(Layout.policyChain(chain.id()), Layout.comment("policy " + chain.policy()));
      case PolicyRow.DenyRest(var isolatedBy) ->
          rule()
              .counter()
              .drop(
                  Layout.comment(
                      "%s: isolated by %s"
                          .formatted(
                              endpoint.pod(),
                              isolatedBy.stream()
                                  .map(policy -> policy.name())
                                  .collect(Collectors.joining(", ")))));
      case PolicyRow.AllowRest() ->
          switch (direction) {
            case EGRESS -> rule().goTo(Layout.TO_ENDPOINT, "no policy isolates it");
            case INGRESS -> rule().accept("no policy isolates it");
          };
    };
  }
}
