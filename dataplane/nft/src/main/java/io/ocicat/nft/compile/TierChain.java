package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.Verdict;
import io.ocicat.policy.PolicyChain;
import io.ocicat.policy.TierStep;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The chain of a {@link TierStep}, shared by all endpoints that take the same. It looks up what the
 * peer is and goes to the row for that. What the tier does not decide about returns from it, and
 * the endpoint's own chain goes on to the next step.
 *
 * @param allow what allowing is
 * @param logged whether all that it denies is reported
 * @param foreseen whether it only counts: what it decides about returns from it, too, and bears
 *     {@link Foresight#DECIDED}
 */
record TierChain(
    TierStep step,
    Direction direction,
    Verdict allow,
    boolean logged,
    boolean foreseen,
    String name) {

  static TierChain of(TierStep step, Direction direction, Verdict allow, boolean logged) {
    return of(step, direction, allow, logged, false);
  }

  /** One that only counts. */
  static TierChain foreseen(TierStep step, Direction direction) {
    return of(step, direction, Verdict.RETURN, false, true);
  }

  private static TierChain of(
      TierStep step, Direction direction, Verdict allow, boolean logged, boolean foreseen) {
    String chains = step.chains().stream().map(PolicyChain::id).collect(Collectors.joining(" "));
    String content =
        "%s %s %s %s %s %s %s"
            .formatted(direction, step.tier(), chains, step.end(), allow, logged, foreseen);
    return new TierChain(
        step, direction, allow, logged, foreseen, Layout.tier(ContentHash.of(content)));
  }

  TierProgram program() {
    return new TierProgram(this);
  }

  /** With the row for peers about whom the tier asks nothing that is so. */
  Piece piece(TierProgram program) {
    List<Rule> rules = new ArrayList<>();
    if (!program.atoms().isEmpty()) {
      for (IpFamily family : IpFamily.values()) {
        rules.add(lookUp(family, Layout.hosts(family)));
        if (program.mayAskForRanges(family)) {
          rules.add(lookUp(family, Layout.ranges(family)));
        }
      }
    }
    RowChain others = program.row(Set.of());
    rules.add(rule().goTo(others.name()));
    return new Piece(
        new ChainContent(
            new RegularChain(
                name,
                Layout.comment(
                    "tier " + step.tier() + " " + direction + (foreseen ? " foreseen" : ""))),
            rules),
        List.of(),
        Set.of(),
        List.of(others));
  }

  private Rule lookUp(IpFamily family, String map) {
    return switch (direction) {
      case INGRESS -> rule().saddrMapVmap(family, map, name, "");
      case EGRESS -> rule().daddrMapVmap(family, map, name, "");
    };
  }
}
