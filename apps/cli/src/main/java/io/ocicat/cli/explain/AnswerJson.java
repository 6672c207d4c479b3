package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.Explanation.Outcome;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.Finding;
import io.ocicat.policy.Flow;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyVerdict.Ground;
import io.ocicat.policy.explain.Remedy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An answer for programs. */
final class AnswerJson {

  /** What decides where no rule does. */
  static final String DEFAULT_DENY = "default deny";

  static final String DEFAULT_ALLOW = "default allow";

  private AnswerJson() {}

  static ObjectNode of(Answer answer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Explanation explanation = answer.explanation();
    json.put("verdict", verdict(explanation.isAllowed()));
    json.set("decidedBy", decidedBy(explanation));
    answer
        .now()
        .ifPresent(
            now -> {
              ObjectNode before = json.putObject("now");
              before.put("verdict", verdict(now.isAllowed()));
              before.set("decidedBy", decidedBy(now));
            });
    json.set("flow", flow(answer));
    ArrayNode steps = json.putArray("steps");
    for (Explanation.End end : explanation.ends()) {
      end.tiers().forEach(tier -> steps(steps, end, tier, false));
      if (end.verdict().ground() instanceof Ground.AfterTiers) {
        steps
            .addObject()
            .put("direction", word(end.verdict().direction()))
            .put("pod", end.verdict().pod().toString())
            .put("tier", "")
            .put("step", "after all tiers")
            .put("result", "allow")
            .put("decides", true);
      }
      end.staged().forEach(tier -> steps(steps, end, tier, true));
    }
    if (explanation.ends().stream().anyMatch(end -> !end.staged().isEmpty())) {
      json.putObject("staged").put("verdict", verdict(explanation.isAllowedWithStaged()));
    }
    json.set(
        "fix",
        answer.remedies().isEmpty()
            ? NullNode.getInstance()
            : remedy(answer.remedies().getFirst(), answer.remedies()));
    ArrayNode notes = json.putArray("notes");
    answer.notes().forEach(notes::add);
    return json;
  }

  static String verdict(boolean allowed) {
    return allowed ? "allow" : "deny";
  }

  static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode flow(Answer answer) {
    ObjectNode flow = JsonNodeFactory.instance.objectNode();
    Flow asked = answer.flow();
    Optional<IpAddress> source =
        asked.source() instanceof Flow.Source.Remote(var address)
            ? Optional.of(address)
            : Optional.empty();
    flow.putObject("from")
        .put("name", answer.from().title())
        .put("address", source.map(IpAddress::toString).orElse(""));
    flow.putObject("to")
        .put("name", answer.to().title())
        .put("address", asked.destination().toString());
    switch (asked.traffic()) {
      case Flow.Traffic.Transport(var protocol, _, var port) ->
          flow.put("protocol", protocol.name().toLowerCase(Locale.ROOT)).put("port", port);
      case Flow.Traffic.Icmp(var type, var code) ->
          flow.put("protocol", "icmp").put("icmpType", type).put("icmpCode", code);
      case Flow.Traffic.Other(var number) -> flow.put("protocol", String.valueOf(number));
    }
    return flow;
  }

  /** All fields are there, empty where nothing decides. */
  static ObjectNode decidedBy(Explanation explanation) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Optional<Explanation.End> deciding = explanation.deciding();
    json.put("direction", deciding.map(end -> word(end.verdict().direction())).orElse(""));
    Ground ground = deciding.map(end -> end.verdict().ground()).orElseGet(Ground.AfterTiers::new);
    switch (ground) {
      case Ground.ByRule rule -> {
        json.put("tier", rule.tier());
        name(json, rule.policy());
        json.put("rule", "spec." + rule.path());
      }
      case Ground.EndOfTier(var tier, var policies) -> {
        json.put("tier", tier);
        name(json, policies.getFirst());
        json.put("rule", DEFAULT_DENY);
        ArrayNode all = json.putArray("policies");
        policies.forEach(policy -> name(all.addObject(), policy));
      }
      case Ground.AfterTiers() ->
          json.put("tier", "")
              .put("kind", "")
              .put("namespace", "")
              .put("name", "")
              .put("rule", DEFAULT_ALLOW);
    }
    json.put(
        "reason",
        deciding
            .map(end -> AnswerText.reason(end.verdict().ground()))
            .orElse(explanation.verdict().because()));
    return json;
  }

  private static void name(ObjectNode json, PolicyName policy) {
    Kinds.named(policy.kind().resource())
        .ifPresent(kind -> json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind()));
    json.put("namespace", policy.namespace()).put("name", policy.name());
  }

  private static void steps(
      ArrayNode steps, Explanation.End end, Explanation.Tier tier, boolean staged) {
    for (Explanation.Policy policy : tier.policies()) {
      if (policy.rules().isEmpty()) {
        ObjectNode step = step(steps, end, tier, staged).put("step", "policy");
        name(step, policy.spec().name());
        step.put("rule", "").put("result", "no rules").put("decides", false);
      }
      for (Explanation.Rule rule : policy.rules()) {
        ObjectNode step = step(steps, end, tier, staged).put("step", "rule");
        name(step, policy.spec().name());
        rule(step, rule);
      }
    }
    String result =
        switch (tier.outcome()) {
          case ALLOWED, DENIED, PASSED -> "";
          case ENDS_IN_DENY -> "deny";
          case ENDS_IN_PASS -> "pass";
        };
    if (!result.isEmpty()) {
      step(steps, end, tier, staged)
          .put("step", "end of tier")
          .put("result", result)
          .put("decides", tier.outcome() == Outcome.ENDS_IN_DENY);
    }
  }

  private static ObjectNode step(
      ArrayNode steps, Explanation.End end, Explanation.Tier tier, boolean staged) {
    return steps
        .addObject()
        .put("direction", word(end.verdict().direction()))
        .put("pod", end.verdict().pod().toString())
        .put("tier", tier.tier().name())
        .put("staged", staged);
  }

  private static void rule(ObjectNode step, Explanation.Rule rule) {
    step.put("rule", rule.path());
    step.put("action", rule.action().map(a -> a.name().toLowerCase(Locale.ROOT)).orElse(""));
    step.put("result", AnswerText.word(rule.result()));
    step.put("decides", AnswerText.decides(rule));
    List<Finding> shown = rule.result() == Result.NOT_MATCHED ? rule.failing() : rule.findings();
    ArrayNode fields = step.putArray("fields");
    for (Finding finding : shown) {
      fields
          .addObject()
          .put("field", finding.path())
          .put("holds", finding.holds())
          .put("because", finding.text());
    }
    ArrayNode problems = step.putArray("problems");
    rule.problems().forEach(problems::add);
  }

  private static ObjectNode remedy(Remedy remedy, List<Remedy> all) {
    Remedy.Change first = remedy.changes().getFirst();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(
        "description",
        String.join("; and ", remedy.changes().stream().map(Remedy.Change::description).toList()));
    change(json, first);
    ArrayNode changes = json.putArray("changes");
    for (Remedy.Change change : remedy.changes()) {
      change(changes.addObject().put("description", change.description()), change);
    }
    if (all.size() > 1) {
      ArrayNode alternatives = json.putArray("alternatives");
      all.stream().skip(1).forEach(each -> alternatives.add(remedy(each, List.of())));
    }
    return json;
  }

  private static void change(ObjectNode json, Remedy.Change change) {
    json.put("apiVersion", change.apiVersion())
        .put("kind", change.kind())
        .put("namespace", change.namespace())
        .put("name", change.name())
        .put("path", change.path());
    JsonNode patch = change.patch();
    json.set("patch", change.created() ? NullNode.getInstance() : patch);
    json.set("manifest", change.manifest());
  }
}
