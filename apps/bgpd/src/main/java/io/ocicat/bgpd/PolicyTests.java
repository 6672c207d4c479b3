package io.ocicat.bgpd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.bgp.policy.Evaluation;
import io.ocicat.bgp.policy.RouteFacts;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.policy.RouteSource;
import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.inet.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Asks policies about routes and compares with what is expected; no speaker is needed.
 *
 * <pre>
 * config: bgpd.yaml                   # whose policies; or policies and prefixLists here
 * tests:
 * - name: pods come in
 *   policy: from-tor
 *   route: {prefix: 10.244.1.0/26, asPath: [65002], communities: ["65001:100"]}
 *   expect: accept                    # or reject
 *   by: from-tor/pods                 # which term decides; from-tor/otherwise: none
 *   after: {localPref: 200, communities: [no-export]}   # the attributes named are these
 * </pre>
 */
public final class PolicyTests {

  /** What came of a file. */
  public sealed interface Outcome {

    record Ran(List<Verdict> verdicts) implements Outcome {
      public Ran {
        verdicts = List.copyOf(verdicts);
      }
    }

    record Invalid(List<String> problems) implements Outcome {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * One test.
   *
   * @param accepted what the policy said
   * @param decidedBy by which term
   * @param held the terms that held, in order
   * @param attributes as the policy left them
   * @param differences from what is expected; none: passed
   */
  public record Verdict(
      String name,
      boolean accepted,
      String decidedBy,
      List<String> held,
      Attributes attributes,
      List<String> differences) {
    public Verdict {
      held = List.copyOf(held);
      differences = List.copyOf(differences);
    }

    public boolean passed() {
      return differences.isEmpty();
    }
  }

  private enum Expected {
    ACCEPT,
    REJECT
  }

  private final Path folder;
  private final Map<String, RoutePolicy> policies = new LinkedHashMap<>();

  private PolicyTests(Path folder) {
    this.folder = folder;
  }

  /**
   * @throws UncheckedIOException if the file, or the one that it names, cannot be read
   */
  public static Outcome run(Path file) {
    try {
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
      return run(Files.readString(file), folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * @param folder that the configuration named in the text is relative to
   */
  public static Outcome run(String yaml, Path folder) {
    JsonNode document;
    try {
      document = BgpdConfigReader.tree(yaml);
    } catch (JsonProcessingException e) {
      return new Outcome.Invalid(List.of(BgpdConfigReader.notYaml(e)));
    }
    Findings findings = new Findings(yaml);
    List<Verdict> verdicts = new PolicyTests(folder).verdicts(new Fields(document, "", findings));
    return findings.problems().isEmpty()
        ? new Outcome.Ran(verdicts)
        : new Outcome.Invalid(findings.problems());
  }

  private List<Verdict> verdicts(Fields file) {
    String config = file.text("config", "");
    if (!config.isEmpty()) {
      switch (BgpdConfigReader.read(folder.resolve(config))) {
        case BgpdConfigReader.Reading.Valid(BgpdConfig valid) -> policies.putAll(valid.policies());
        case BgpdConfigReader.Reading.Invalid(List<String> problems) ->
            file.problem("config", "is wrong: " + String.join("; ", problems));
      }
    }
    policies.putAll(new PolicyReader(file).policies());
    List<Verdict> verdicts = new ArrayList<>();
    for (Fields test : file.mappings("tests")) {
      test(test, verdicts.size() + 1).ifPresent(verdicts::add);
      test.done();
    }
    file.done();
    return verdicts;
  }

  private Optional<Verdict> test(Fields test, int number) {
    Optional<RoutePolicy> policy =
        test.parsed(
            "policy",
            name -> Optional.ofNullable(policies.get(name)),
            "a policy; there are " + String.join(", ", new TreeSet<>(policies.keySet())));
    missing(test, "policy");
    Optional<Fields> mapping = test.mapping("route");
    missing(test, "route");
    Optional<RouteFacts> route = mapping.flatMap(PolicyTests::route);
    mapping.ifPresent(Fields::done);
    Optional<Expected> expected = test.word("expect", Expected.class);
    missing(test, "expect");
    String by = test.text("by", "");
    String name = test.text("name", "test " + number);
    Optional<Fields> after = test.mapping("after");
    if (policy.isEmpty() || route.isEmpty() || expected.isEmpty()) {
      return Optional.empty();
    }
    Evaluation evaluation = policy.get().evaluate(route.get());
    List<String> differences = new ArrayList<>();
    if (evaluation.accepted() != (expected.get() == Expected.ACCEPT)) {
      differences.add(
          "%s, not %s".formatted(said(evaluation.accepted()), said(!evaluation.accepted())));
    }
    if (!by.isEmpty() && !by.equals(evaluation.decidedBy())) {
      differences.add("decided by %s, not %s".formatted(evaluation.decidedBy(), by));
    }
    after.ifPresent(
        fields -> {
          compare(fields, evaluation.attributes(), differences);
          fields.done();
        });
    return Optional.of(
        new Verdict(
            name,
            evaluation.accepted(),
            evaluation.decidedBy(),
            evaluation.held(),
            evaluation.attributes(),
            differences));
  }

  private static void missing(Fields test, String name) {
    if (!test.has(name)) {
      test.problem(name, "missing");
    }
  }

  private static String said(boolean accepted) {
    return accepted ? "accepted" : "rejected";
  }

  private static Optional<RouteFacts> route(Fields route) {
    Optional<Cidr> prefix = route.parsed("prefix", Cidr::tryParse, "a prefix");
    missing(route, "prefix");
    AttributesBuilder attributes = Attributes.builder();
    if (route.has("asPath")) {
      attributes.asPath(path(route));
    }
    route.address("nextHop").ifPresent(attributes::nextHop);
    if (route.has("med")) {
      attributes.med((int) route.number("med", 0, 0, 0xffff_ffffL));
    }
    if (route.has("localPref")) {
      attributes.localPref((int) route.number("localPref", 0, 0, 0xffff_ffffL));
    }
    attributes.communities(communities(route));
    attributes.largeCommunities(large(route));
    RouteSource source = route.word("source", RouteSource.class).orElse(RouteSource.EXTERNAL);
    boolean external =
        route
            .word("neighbour", PolicyReader.NeighbourKind.class)
            .map(kind -> kind == PolicyReader.NeighbourKind.EXTERNAL)
            .orElse(true);
    String device = route.text("interface", "");
    return prefix.map(p -> RouteFacts.of(p, attributes.build(), source, external, device));
  }

  private static AsPath path(Fields fields) {
    return AsPath.sequence(
        PolicyReader.ases(fields, "asPath").stream().mapToInt(Long::intValue).toArray());
  }

  private static List<Community> communities(Fields fields) {
    return PolicyReader.communities(fields, "communities");
  }

  private static List<LargeCommunity> large(Fields fields) {
    return PolicyReader.large(fields, "largeCommunities");
  }

  private static void compare(Fields after, Attributes now, List<String> differences) {
    if (after.has("asPath")) {
      differ("AS_PATH", now.asPath(), path(after), differences);
    }
    after
        .address("nextHop")
        .ifPresent(wanted -> differ("next hop", now.nextHop(), Optional.of(wanted), differences));
    if (after.isWord("med", "none")) {
      differ("has MED", now.hasMed(), false, differences);
    } else if (after.has("med")) {
      long wanted = after.number("med", 0, 0, 0xffff_ffffL);
      differ("MED", now.hasMed() ? Integer.toUnsignedLong(now.med()) : "none", wanted, differences);
    }
    if (after.has("localPref")) {
      long wanted = after.number("localPref", 0, 0, 0xffff_ffffL);
      differ(
          "LOCAL_PREF",
          now.hasLocalPref() ? Integer.toUnsignedLong(now.localPref()) : "none",
          wanted,
          differences);
    }
    if (after.has("communities")) {
      differ(
          "communities",
          new TreeSet<>(now.communities()),
          new TreeSet<>(communities(after)),
          differences);
    }
    if (after.has("largeCommunities")) {
      differ(
          "large communities",
          new TreeSet<>(now.largeCommunities()),
          new TreeSet<>(large(after)),
          differences);
    }
  }

  private static void differ(String what, Object is, Object wanted, List<String> differences) {
    if (!is.equals(wanted)) {
      differences.add("%s %s, not %s".formatted(what, plain(is), plain(wanted)));
    }
  }

  private static String plain(Object value) {
    String text =
        value instanceof Optional<?> optional
            ? optional.map(Object::toString).orElse("")
            : value.toString();
    return text.isEmpty() ? "none" : text;
  }
}
