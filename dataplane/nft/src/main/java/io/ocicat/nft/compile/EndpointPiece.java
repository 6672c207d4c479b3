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
import io.ocicat.policy.TierStep;
import java.util.ArrayList;
import java.util.List;

/**
 * One endpoint's own part of the table.
 *
 * @param egress its element of the map of senders
 * @param ingress its element of the map of receivers
 * @param tiers the shared chains that the two chains go to
 */
record EndpointPiece(
    ChainContent from, ChainContent to, Element egress, Element ingress, List<TierChain> tiers) {

  static EndpointPiece of(NftEndpoint endpoint) {
    String from = Layout.fromEndpoint(endpoint.hostInterface());
    String to = Layout.toEndpoint(endpoint.hostInterface());
    String pod = Layout.comment(endpoint.pod().toString());
    List<TierChain> tiers = new ArrayList<>();
    List<Rule> fromRules = new ArrayList<>(sourceChecks(endpoint));
    fromRules.add(rule().oifname(endpoint.hostInterface()).accept("a pod reaches itself"));
    fromRules.addAll(steps(endpoint, Direction.EGRESS, tiers));
    List<Rule> toRules = steps(endpoint, Direction.INGRESS, tiers);
    Bytes key = Bytes.interfaceName(endpoint.hostInterface());
    return new EndpointPiece(
        new ChainContent(new RegularChain(from, pod), fromRules),
        new ChainContent(new RegularChain(to, pod), toRules),
        Element.of(key, new Verdict.Goto(from)).withComment(pod),
        Element.of(key, new Verdict.Goto(to)).withComment(pod),
        tiers);
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

  /** What a policy allows: a sender's packet goes on to the receiver's policies. */
  private static Verdict allow(Direction direction) {
    return switch (direction) {
      case INGRESS -> Verdict.ACCEPT;
      case EGRESS -> new Verdict.Goto(Layout.TO_ENDPOINT);
    };
  }

  /** The last step always decides, hence is not returned from. */
  private static List<Rule> steps(
      NftEndpoint endpoint, Direction direction, List<TierChain> tiers) {
    List<TierStep> steps = endpoint.policy().steps(direction);
    List<Rule> rules =
        new ArrayList<>(Foresight.rules(endpoint.policy().foreseen(direction), direction, tiers));
    for (TierStep step : steps) {
      if (step.chains().isEmpty() && step.end() instanceof TierStep.End.Allow) {
        rules.add(rule().verdict(allow(direction), "no policy decides"));
      } else if (!step.chains().isEmpty() || step.end() instanceof TierStep.End.Deny) {
        TierChain tier = TierChain.of(step, direction, allow(direction), endpoint.logDenied());
        tiers.add(tier);
        String comment = Layout.comment("tier " + step.tier());
        rules.add(
            step.equals(steps.getLast())
                ? rule().goTo(tier.name(), comment)
                : rule().jump(tier.name(), comment));
      }
    }
    return rules;
  }
}
