package io.ocicat.interop.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.cli.explain.ExplainCommand;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.Kinds;
import io.ocicat.policy.Flow.Traffic;
import io.ocicat.policy.ModelWorld;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;

/**
 * What {@code ocicat explain -o json} says of flows, run in this process.
 *
 * @param kubeconfig of the API that it asks
 */
record ExplainedFlow(Path kubeconfig) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Who refuses and why, as {@link ModelWorld#ground} says it, or {@code allowed}. */
  String ground(String from, String to, Traffic traffic, IpFamily family) {
    JsonNode answer = answer(from, to, traffic, family);
    JsonNode decided = answer.path("decidedBy");
    boolean allowed = answer.path("verdict").asText().equals("allow");
    return allowed
        ? "allowed"
        : "%s: %s"
            .formatted(
                switch (decided.path("direction").asText()) {
                  case "ingress" -> "to " + answer.at("/flow/to/name").asText();
                  case "egress" -> "from " + answer.at("/flow/from/name").asText();
                  default -> throw new AssertionError("no direction: " + answer);
                },
                ground(decided));
  }

  private static String ground(JsonNode decided) {
    String tier = decided.path("tier").asText();
    String rule = decided.path("rule").asText();
    return rule.equals("default deny")
        ? "end of %s, %s"
            .formatted(
                tier,
                StreamSupport.stream(decided.path("policies").spliterator(), false)
                    .map(policy -> policy(policy).toString())
                    .collect(Collectors.joining(", ")))
        : "%s, %s, %s".formatted(tier, policy(decided), rule.replaceFirst("^spec\\.", ""));
  }

  private static PolicyName policy(JsonNode named) {
    PolicyKind kind =
        Kinds.of(named.path("apiVersion").asText(), named.path("kind").asText())
            .flatMap(known -> PolicyKind.of(known.name()))
            .orElseThrow(() -> new AssertionError("no policy: " + named));
    return new PolicyName(kind, named.path("namespace").asText(), named.path("name").asText());
  }

  private JsonNode answer(String from, String to, Traffic traffic, IpFamily family) {
    List<String> words = new ArrayList<>(List.of("--kubeconfig", kubeconfig.toString()));
    words.addAll(List.of("--from", from, "--to", to, "-o", "json"));
    if (family == IpFamily.IPV6) {
      words.add("--ipv6");
    }
    switch (traffic) {
      case Traffic.Transport(var protocol, _, var port) -> {
        words.addAll(List.of("--protocol", protocol.name().toLowerCase(Locale.ROOT)));
        words.addAll(List.of("--port", String.valueOf(port)));
      }
      case Traffic.Icmp _ -> words.addAll(List.of("--protocol", "icmp"));
      case Traffic.Other(var number) -> words.addAll(List.of("--protocol", String.valueOf(number)));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(new ExplainCommand());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    if (line.execute(words.toArray(String[]::new)) != 0) {
      throw new AssertionError("explain %s: %s".formatted(words, err));
    }
    try {
      return MAPPER.readTree(out.toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError("explain %s: %s".formatted(words, out), e);
    }
  }
}
