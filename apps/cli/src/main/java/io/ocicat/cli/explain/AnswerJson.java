package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.policy.Explanation;
import io.ocicat.policy.Explanation.Outcome;
import io.ocicat.policy.Explanation.Result;
import io.ocicat.policy.Explanation.Stop;
import io.ocicat.policy.Finding;
import io.ocicat.policy.Flow;
import io.ocicat.policy.HostVerdict;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyVerdict.Ground;
import io.ocicat.policy.explain.Remedy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** An answer for programs. */
final class AnswerJson {

  /** What decides where no rule does. */
  static final String DEFAULT_DENY = "default deny";

  static final String DEFAULT_ALLOW = "default allow";

  /** What decides about ports that no policy of hosts closes. */
  static final String FAILSAFE = "failsafe port";

  private AnswerJson() {}

  /**
   * @param answer told in full
   * @param all that and others like it, of a Service's backends
   */
  static ObjectNode of(Answer answer, List<Answer> all) {
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
    if (all.size() > 1) {
      ArrayNode backends = json.putArray("backends");
      for (Answer each : all) {
        ObjectNode backend = flow(each);
        backend.put("verdict", verdict(each.explanation().isAllowed()));
        backend.set("decidedBy", decidedBy(each.explanation()));
        backends.add(backend);
      }
    }
    ArrayNode steps = json.putArray("steps");
    explanation.stops().forEach(stop -> steps(steps, stop));
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
    Optional<Stop> deciding = explanation.deciding();
    json.put("direction", deciding.map(stop -> word(stop.direction())).orElse(""));
    switch (deciding.orElse(null)) {
      case null -> ground(json, new Ground.AfterTiers());
      case Stop.AtPod(var end) -> ground(json, end.verdict().ground());
      case Stop.AtHost atHost -> {
        ground(json, atHost.step());
        place(json, atHost);
      }
      case Stop.PodToHost(var node, _) ->
          json.put("tier", "")
              .put("apiVersion", Kinds.FELIX_CONFIGURATION.apiVersion())
              .put("kind", Kinds.FELIX_CONFIGURATION.kind())
              .put("namespace", "")
              .put("name", FelixConfiguration.DEFAULT)
              .put("rule", "spec.defaultEndpointToHostAction")
              .put("node", node);
    }
    json.put("reason", deciding.map(AnswerText::reason).orElse(explanation.verdict().because()));
    return json;
  }

  private static void ground(ObjectNode json, Ground ground) {
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
  }

  private static void ground(ObjectNode json, HostVerdict.Step.AtHost step) {
    switch (step.ground()) {
      case HostVerdict.Ground.ByPolicy(var ground) -> ground(json, ground);
      case HostVerdict.Ground.ByProfile(var profile, _, var path) -> {
        json.put("tier", "");
        name(json, new PolicyName(PolicyKind.PROFILE, "", profile));
        json.put("rule", "spec." + path);
      }
      case HostVerdict.Ground.Failsafe() -> hostEndpoint(json, step, FAILSAFE);
      case HostVerdict.Ground.NoProfile() -> hostEndpoint(json, step, DEFAULT_DENY);
      case HostVerdict.Ground.Undecided() -> hostEndpoint(json, step, DEFAULT_ALLOW);
    }
  }

  private static void hostEndpoint(ObjectNode json, HostVerdict.Step.AtHost step, String rule) {
    json.put("tier", "")
        .put("apiVersion", Kinds.HOST_ENDPOINT.apiVersion())
        .put("kind", Kinds.HOST_ENDPOINT.kind())
        .put("namespace", "")
        .put("name", step.endpoint())
        .put("rule", rule);
  }

  private static void place(ObjectNode json, Stop.AtHost stop) {
    json.put("node", stop.node())
        .put("hostEndpoint", stop.step().endpoint())
        .put("stage", AnswerText.word(stop.step().stage()));
  }

  private static void name(ObjectNode json, PolicyName policy) {
    Kinds.named(policy.kind().resource())
        .ifPresent(kind -> json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind()));
    json.put("namespace", policy.namespace()).put("name", policy.name());
  }

  private static void steps(ArrayNode steps, Stop stop) {
    switch (stop) {
      case Stop.AtPod(var end) -> {
        Supplier<ObjectNode> start =
            () ->
                steps
                    .addObject()
                    .put("direction", word(stop.direction()))
                    .put("pod", end.verdict().pod().toString());
        end.tiers().forEach(tier -> steps(start, tier, false));
        if (end.verdict().ground() instanceof Ground.AfterTiers) {
          after(start.get(), "after all tiers", true);
        }
        end.staged().forEach(tier -> steps(start, tier, true));
      }
      case Stop.AtHost atHost -> {
        Supplier<ObjectNode> start =
            () -> {
              ObjectNode step = steps.addObject().put("direction", word(stop.direction()));
              place(step, atHost);
              return step;
            };
        atHost.tiers().forEach(tier -> steps(start, tier, false));
        switch (atHost.step().ground()) {
          case HostVerdict.Ground.ByPolicy _ -> {}
          case HostVerdict.Ground.ByProfile(var profile, _, var path) ->
              after(start.get(), "profile", stop.allows())
                  .put("name", profile)
                  .put("rule", "spec." + path);
          case HostVerdict.Ground.Failsafe() -> after(start.get(), FAILSAFE, true);
          case HostVerdict.Ground.NoProfile() -> after(start.get(), "after all profiles", false);
          case HostVerdict.Ground.Undecided() -> after(start.get(), "after all tiers", true);
        }
      }
      case Stop.PodToHost(var node, _) ->
          after(
              steps.addObject().put("direction", word(stop.direction())).put("node", node),
              "endpoint to host action",
              stop.allows());
    }
  }

  private static ObjectNode after(ObjectNode step, String name, boolean allows) {
    return step.put("tier", "")
        .put("step", name)
        .put("result", verdict(allows))
        .put("decides", true);
  }

  private static void steps(Supplier<ObjectNode> start, Explanation.Tier tier, boolean staged) {
    Supplier<ObjectNode> next =
        () -> start.get().put("tier", tier.tier().name()).put("staged", staged);
    for (Explanation.Policy policy : tier.policies()) {
      if (policy.rules().isEmpty()) {
        ObjectNode step = next.get().put("step", "policy");
        name(step, policy.spec().name());
        step.put("rule", "").put("result", "no rules").put("decides", false);
      }
      for (Explanation.Rule rule : policy.rules()) {
        ObjectNode step = next.get().put("step", "rule");
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
      next.get()
          .put("step", "end of tier")
          .put("result", result)
          .put("decides", tier.outcome() == Outcome.ENDS_IN_DENY);
    }
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
