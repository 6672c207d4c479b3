package io.ocicat.cli.explain;

import io.ocicat.cli.Terminal;
import io.ocicat.client.Documents;
import io.ocicat.model.CalicoRule.Action;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.Explanation.Stop;
import io.ocicat.policy.Finding;
import io.ocicat.policy.Flow;
import io.ocicat.policy.HostStage;
import io.ocicat.policy.HostVerdict;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyVerdict.Ground;
import io.ocicat.policy.explain.Remedy;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An answer for people: the headline, the way to it, and what would change it. */
final class AnswerText {

  private static final String YES = "✓ ";
  private static final String NO = "✗ ";
  private static final String SO = "· ";
  private static final int NARROWEST_COLUMNS = 40;

  private final PrintWriter out;
  private final int widthColumns;

  /**
   * @param widthColumns where lines are broken; 0 for nowhere
   */
  AnswerText(PrintWriter out, int widthColumns) {
    this.out = out;
    this.widthColumns = widthColumns;
  }

  static AnswerText onTerminal(PrintWriter out) {
    return new AnswerText(out, Terminal.widthColumns());
  }

  /**
   * @param answer told in full
   * @param all that and others like it, of a Service's backends
   */
  void print(Answer answer, List<Answer> all) {
    Explanation explanation = answer.explanation();
    if (all.size() > 1) {
      backends(all);
    }
    String would = answer.now().isPresent() ? "would be " : "";
    line(
        0,
        "%s%s: %s".formatted(would.toUpperCase(Locale.ROOT), headline(explanation), words(answer)));
    line(2, by(explanation));
    answer.now().ifPresent(now -> line(2, "now " + headline(now) + ": " + by(now)));
    explanation.stops().forEach(this::stop);
    for (int index = 0; index < answer.remedies().size(); index++) {
      remedy(answer.remedies().get(index), index == 0);
    }
    if (!answer.notes().isEmpty()) {
      out.println();
      answer.notes().forEach(note -> line(0, "note: " + note));
    }
  }

  private static String headline(Explanation explanation) {
    return explanation.isAllowed() ? "ALLOWED" : "DENIED";
  }

  private static String words(Answer answer) {
    Flow flow = answer.flow();
    String source =
        flow.source() instanceof Flow.Source.Remote(var address)
            ? titled(answer.from(), address.toString())
            : answer.from().title();
    String traffic =
        switch (flow.traffic()) {
          case Flow.Traffic.Transport(var protocol, _, var port) -> protocol + " " + port;
          case Flow.Traffic.Icmp(var type, var code) -> "ICMP type " + type + " code " + code;
          case Flow.Traffic.Other(var number) -> "protocol " + number;
        };
    return "%s → %s, %s"
        .formatted(source, titled(answer.to(), flow.destination().toString()), traffic);
  }

  private static String titled(FlowEnd end, String address) {
    return end.title().equals(address) ? address : end.title() + " (" + address + ")";
  }

  private void backends(List<Answer> all) {
    for (Answer each : all) {
      Explanation explanation = each.explanation();
      String words = words(each);
      line(0, explanation.isAllowed() ? YES + words : NO + words + ": " + by(explanation));
    }
    out.println();
  }

  private static String by(Explanation explanation) {
    return explanation
        .deciding()
        .map(stop -> "at the %s, by %s".formatted(place(stop), reason(stop)))
        .orElse("because " + explanation.verdict().because());
  }

  private static String place(Stop stop) {
    return AnswerJson.word(stop.direction())
        + switch (stop) {
          case Stop.AtPod(var end) -> " of " + end.verdict().pod();
          case Stop.AtHost(var node, var step, _) ->
              " of node %s (HostEndpoint %s%s)".formatted(node, step.endpoint(), at(step.stage()));
          case Stop.PodToHost(var node, _) -> " of node " + node;
        };
  }

  private static String at(HostStage stage) {
    return switch (stage) {
      case OWN -> "";
      case UNTRACKED, PRE_DNAT, FORWARD -> ", " + word(stage);
    };
  }

  /** As people know it from the policies' field. */
  static String word(HostStage stage) {
    return switch (stage) {
      case UNTRACKED -> "doNotTrack";
      case PRE_DNAT -> "preDNAT";
      case FORWARD -> "applyOnForward";
      case OWN -> "normal";
    };
  }

  /** What decided, in words. */
  static String reason(Stop stop) {
    return switch (stop) {
      case Stop.AtPod(var end) -> reason(end.verdict().ground());
      case Stop.AtHost(_, var step, _) ->
          switch (step.ground()) {
            case HostVerdict.Ground.ByPolicy(var ground) -> reason(ground);
            case HostVerdict.Ground.ByProfile(var profile, _, var path) ->
                "spec.%s of Profile %s".formatted(path, profile);
            case HostVerdict.Ground.Failsafe() ->
                "%s: it is a failsafe port, which no policy closes"
                    .formatted(failsafe(step.direction()));
            case HostVerdict.Ground.NoProfile() ->
                "the default deny of HostEndpoint %s: no policy decides, and no profile of it allows this"
                    .formatted(step.endpoint());
            case HostVerdict.Ground.Undecided() ->
                "the default: what no policy decides about there goes on";
          };
      case Stop.PodToHost _ ->
          "defaultEndpointToHostAction of the node's FelixConfiguration, which is Drop";
    };
  }

  private static String failsafe(Direction direction) {
    return switch (direction) {
      case INGRESS -> "failsafeInboundHostPorts";
      case EGRESS -> "failsafeOutboundHostPorts";
    };
  }

  private static String reason(Ground ground) {
    return switch (ground) {
      case Ground.ByRule rule ->
          "%s of %s in tier %s".formatted("spec." + rule.path(), rule.policy(), rule.tier());
      case Ground.EndOfTier(var tier, var policies) ->
          "the default deny of tier %s: %s %s, and no rule of %s allows this"
              .formatted(
                  tier,
                  names(policies),
                  policies.size() == 1 ? "applies" : "apply",
                  policies.size() == 1 ? "it" : "them");
      case Ground.AfterTiers() -> "the default: pods are open where no policy decides";
    };
  }

  private static String names(List<PolicyName> policies) {
    String names =
        policies.stream().limit(3).map(PolicyName::toString).collect(Collectors.joining(", "));
    return policies.size() > 3 ? names + " and " + (policies.size() - 3) + " more" : names;
  }

  static String word(Result result) {
    return result.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether a rule has the last word. */
  static boolean decides(Explanation.Rule rule) {
    return rule.result() == Result.MATCHED
        && rule.action().filter(a -> a == Action.ALLOW || a == Action.DENY).isPresent();
  }

  private void stop(Stop stop) {
    out.println();
    line(
        0,
        "%s%s: %s"
            .formatted(
                stop.allows() ? YES : NO, place(stop), stop.allows() ? "allowed" : "denied"));
    switch (stop) {
      case Stop.AtPod(var end) -> end(end);
      case Stop.AtHost(_, var step, var tiers) -> {
        tiers.forEach(tier -> tier(tier, false));
        switch (step.ground()) {
          case HostVerdict.Ground.ByPolicy _ -> {}
          case HostVerdict.Ground.ByProfile _,
              HostVerdict.Ground.Failsafe _,
              HostVerdict.Ground.NoProfile _,
              HostVerdict.Ground.Undecided _ ->
              line(4, (stop.allows() ? YES : NO) + reason(stop));
        }
      }
      case Stop.PodToHost(_, var step) ->
          line(4, "defaultEndpointToHostAction is " + capital(step.action().name()));
    }
  }

  private static String capital(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private void end(Explanation.End end) {
    end.tiers().forEach(tier -> tier(tier, false));
    if (end.verdict().ground() instanceof Ground.AfterTiers) {
      line(
          4,
          end.tiers().isEmpty() ? "no policy applies: allowed" : YES + "no tier is left: allowed");
    }
    if (end.notConcerned() > 0) {
      line(
          4,
          "(%d other %s not for this pod, or not its %s)"
              .formatted(
                  end.notConcerned(),
                  end.notConcerned() == 1 ? "policy is" : "policies are",
                  AnswerJson.word(end.verdict().direction())));
    }
    if (!end.staged().isEmpty()) {
      boolean then = end.verdict().staged().allows();
      line(
          2,
          "staged policies would %s: by %s"
              .formatted(then ? "allow it" : "deny it", reason(end.verdict().staged())));
      end.staged().forEach(tier -> tier(tier, true));
    }
  }

  private void tier(Explanation.Tier tier, boolean staged) {
    line(4, (staged ? "tier %s, with staged policies" : "tier %s").formatted(tier.tier().name()));
    for (Explanation.Policy policy : tier.policies()) {
      line(6, policy.spec().name().toString());
      policy.spec().problems().forEach(problem -> line(8, "! " + problem));
      if (policy.rules().isEmpty()) {
        line(8, SO + "has no rule: it isolates");
      }
      policy.rules().forEach(this::rule);
    }
    switch (tier.outcome()) {
      case ALLOWED, DENIED -> {}
      case PASSED -> line(6, SO + "on to the next tier");
      case ENDS_IN_DENY -> line(6, NO + "end of the tier: denied");
      case ENDS_IN_PASS -> line(6, SO + "end of the tier: on to the next");
    }
  }

  private void rule(Explanation.Rule rule) {
    String action = rule.action().map(a -> a.name().toLowerCase(Locale.ROOT)).orElse("nothing");
    String mark = "";
    String why = "";
    switch (rule.result()) {
      case MATCHED -> {
        mark =
            switch (rule.action().orElse(Action.LOG)) {
              case ALLOW -> YES;
              case DENY -> NO;
              case PASS, LOG -> SO;
            };
        why =
            rule.findings().isEmpty()
                ? "matches everything"
                : rule.findings().stream().map(Finding::text).collect(Collectors.joining("; "));
      }
      case NOT_MATCHED -> {
        mark = SO;
        Finding first = rule.failing().getFirst();
        why = "no match: " + first.text() + " (" + below(first.path(), rule.path()) + ")";
      }
      case UNREADABLE -> mark = "! ";
      case NOT_ASKED -> {
        mark = SO;
        why = "not asked";
      }
    }
    line(8, "%s%s %s%s".formatted(mark, rule.path(), action, why.isEmpty() ? "" : " — " + why));
    rule.problems().forEach(problem -> line(10, "! " + problem));
  }

  /** The part of a field's path that its rule's does not say. */
  private static String below(String field, String rule) {
    return field.startsWith(rule + ".") ? field.substring(rule.length() + 1) : field;
  }

  private void remedy(Remedy remedy, boolean first) {
    out.println();
    String lead = first ? "To allow it: " : "Or: ";
    for (Remedy.Change change : remedy.changes()) {
      line(0, lead + change.description());
      lead = "  and: ";
      if (first) {
        Documents.toYaml(change.created() ? change.manifest() : change.patch())
            .lines()
            .forEach(text -> out.println("    " + text));
      }
    }
  }

  /** One line, broken between words where the terminal ends. */
  private void line(int indent, String text) {
    String margin = " ".repeat(indent);
    int room = widthColumns - indent;
    if (widthColumns < NARROWEST_COLUMNS || text.length() <= room) {
      out.println(margin + text);
      return;
    }
    String rest = text;
    String more = margin;
    while (rest.length() > room) {
      int at = rest.lastIndexOf(' ', room);
      if (at <= 0) {
        break;
      }
      out.println(more + rest.substring(0, at));
      rest = rest.substring(at + 1);
      more = margin + "    ";
      room = widthColumns - indent - 4;
    }
    out.println(more + rest);
  }
}
