package io.ocicat.nft.compile;

import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.model.CalicoRule.Action;
import io.ocicat.nftables.Chain.RegularChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.Verdict;
import io.ocicat.selector.ContentHash;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Counts what a rule of a policy, or the end of a tier, decides about, reports it if asked to, and
 * does it. All that leads to the same decision goes through the same chain, so its first counter is
 * the rule's. What is only foreseen is counted and goes back to where the tier was asked.
 *
 * @param logged whether what is denied is reported
 * @param allow what allowing is, where this is about allowing
 */
record RuleChain(String name, Decision decision, boolean logged, Verdict allow) implements Part {

  /** Reports of one decision, by all endpoints together. */
  private static final long REPORTS_PER_SECOND = 10;

  private static final int REPORTS_BURST = 50;

  /** Of the end of a tier. */
  static RuleChain ofEnd(Decision decision, boolean logged, Verdict allow) {
    String name = Layout.ruleChain(ContentHash.of("%s %s %s".formatted(decision, logged, allow)));
    return new RuleChain(name, decision, logged, allow);
  }

  /**
   * Of a rule: its name also stands for what the rule asks.
   *
   * @param policy the id of the policy's chain
   * @param index of the rule in it
   */
  static RuleChain ofRule(
      String policy, int index, Decision decision, boolean logged, Verdict allow) {
    boolean goesOn = allow instanceof Verdict.Goto;
    String name =
        policy
            + "-"
            + index
            + (logged ? "l" : "")
            + (goesOn ? "g" : "")
            + (decision.foreseen() ? "f" : "");
    return new RuleChain(Layout.ruleChain(name), decision, logged, allow);
  }

  /** How a rule that matches leads here. */
  Verdict verdict() {
    return switch (decision.action()) {
      case ALLOW, DENY, PASS -> new Verdict.Goto(name);
      case LOG -> new Verdict.Jump(name);
    };
  }

  @Override
  public Piece piece() {
    List<Rule> rules = decision.foreseen() ? counting() : deciding();
    return new Piece(
        new ChainContent(new RegularChain(name, Layout.comment("tier " + decision.tier())), rules));
  }

  /** A packet that is decided about bears a mark when it returns. */
  private List<Rule> counting() {
    return List.of(
        switch (decision.action()) {
          case ALLOW, DENY -> rule().counter().setMark(Foresight.DECIDED).end(title());
          case PASS, LOG -> rule().counter().end(title());
        });
  }

  private List<Rule> deciding() {
    List<Rule> rules = new ArrayList<>();
    switch (decision.action()) {
      case ALLOW -> rules.add(rule().counter().verdict(allow, title()));
      case PASS -> rules.add(rule().counter().verdict(Verdict.RETURN, title()));
      case LOG -> {
        rules.add(rule().counter().end(title()));
        rules.add(report());
      }
      case DENY -> {
        if (logged) {
          rules.add(rule().counter().end(title()));
          rules.add(report());
          rules.add(rule().drop(title()));
        } else {
          rules.add(rule().counter().drop(title()));
        }
      }
    }
    return rules;
  }

  /** The chain's name tells what is reported. */
  private Rule report() {
    return rule().limit(REPORTS_PER_SECOND, REPORTS_BURST).log(Layout.LOG_GROUP, name).end("");
  }

  String title() {
    String policies =
        decision.policies().stream().map(Object::toString).collect(Collectors.joining(", "));
    String end = decision.action() == Action.DENY ? "isolated by " : "open: ";
    return Layout.comment(
        (decision.foreseen() ? "would be: " : "")
            + (decision.isEndOfTier() ? end + policies : policies + " " + decision.path()));
  }
}
