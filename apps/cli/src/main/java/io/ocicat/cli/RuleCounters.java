package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.client.ApiResource;
import io.ocicat.model.KindName;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.model.PolicyInspection;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.policy.PolicyDocuments;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.PolicyRule;
import io.ocicat.policy.PolicySpec;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** How often a policy's rules matched, on all nodes together. */
final class RuleCounters {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Set<KindName> POLICIES =
      Set.of(
          Kinds.NETWORK_POLICY.name(),
          Kinds.CLUSTER_NETWORK_POLICY.name(),
          Kinds.CALICO_NETWORK_POLICY.name(),
          Kinds.GLOBAL_NETWORK_POLICY.name(),
          Kinds.STAGED_NETWORK_POLICY.name(),
          Kinds.STAGED_GLOBAL_NETWORK_POLICY.name(),
          Kinds.STAGED_KUBERNETES_NETWORK_POLICY.name());

  private record Sum(long packets, long bytes) {
    Sum plus(Sum other) {
      return new Sum(packets + other.packets, bytes + other.bytes);
    }
  }

  private RuleCounters() {}

  /** Whether objects of this kind have rules that are counted. */
  static boolean areOf(ApiResource resource) {
    return POLICIES.contains(new KindName(resource.group(), resource.plural()));
  }

  /** Asks the nodes and prints a table, or why there is none. */
  static void print(PrintWriter out, ApiClient client, ApiResource resource, JsonNode policy) {
    PolicyKind kind =
        PolicyKind.of(new KindName(resource.group(), resource.plural())).orElseThrow();
    PolicyInspection.Policy asked =
        new PolicyInspection.Policy(
            kind.documentName(),
            policy.at("/metadata/namespace").asText(),
            policy.at("/metadata/name").asText());
    PolicySpec spec = read(kind, policy);
    Optional<String> uncounted = uncounted(spec);
    if (uncounted.isPresent()) {
      out.println(uncounted.get());
      return;
    }
    try {
      JsonNode status =
          new PolicyInspector(client, _ -> {}).ask(List.of(asked), List.of(), PATIENCE);
      out.println(
          spec.isStaged()
              ? "Rules that new connections would match, if all staged policies were enforced:"
              : "Rules matched by new connections since they were last written:");
      table(out, spec, status);
    } catch (ApiException e) {
      if (e.httpStatus() == 0) {
        throw e;
      }
      out.println(
          ClusterView.isNotThere(e)
              ? "Rules matched: not known, because you may not ask: " + e.headline()
              : "Rules matched: not known: " + e.headline());
    }
  }

  private static PolicySpec read(PolicyKind kind, JsonNode policy) {
    try {
      return PolicyDocuments.read(kind, policy);
    } catch (UnreadableDocumentException e) {
      PolicyName name =
          new PolicyName(
              kind,
              policy.at("/metadata/namespace").asText(),
              policy.at("/metadata/name").asText());
      return PolicyDocuments.unreadable(name, String.valueOf(e.getMessage()));
    }
  }

  /** Why nothing of it is counted; empty if it is. */
  private static Optional<String> uncounted(PolicySpec spec) {
    return switch (spec.standing()) {
      case ENFORCED, STAGED -> Optional.empty();
      case STAGED_REMOVAL ->
          Optional.of(
              "Rules matched: it has none, for it is staged to take %s away; what then would be, say the counters of other staged policies and ocicat explain"
                  .formatted(spec.name().enforced()));
      case IGNORED -> Optional.of("Rules matched: not counted, for it does nothing as it is");
    };
  }

  private static void table(PrintWriter out, PolicySpec spec, JsonNode status) {
    Map<String, Sum> sums = new TreeMap<>(RuleCounters::compare);
    for (Direction direction : Direction.values()) {
      for (PolicyRule rule : spec.rules(direction)) {
        String key = direction.name().toLowerCase(Locale.ROOT) + " " + rule.path();
        sums.put(key, new Sum(0, 0));
      }
    }
    boolean counted = false;
    for (JsonNode node : status.path("nodes")) {
      for (JsonNode counter : node.path("counters")) {
        counted = true;
        sums.merge(
            counter.path("direction").asText() + " " + counter.path("rule").asText(),
            new Sum(counter.path("packets").asLong(), counter.path("bytes").asLong()),
            Sum::plus);
      }
    }
    List<List<String>> rows = new ArrayList<>();
    sums.forEach(
        (rule, sum) -> {
          String[] parts = rule.split(" ", 2);
          rows.add(
              List.of(
                  "  " + parts[0],
                  parts[1].isEmpty() ? "no rule" : parts[1],
                  String.valueOf(sum.packets()),
                  String.valueOf(sum.bytes())));
        });
    if (!rows.isEmpty()) {
      TablePrinter.onTerminal(out).print(List.of("  direction", "rule", "packets", "bytes"), rows);
    }
    if (!counted) {
      out.println(
          "  none is in use on a node that answered: it selects none of their pods, or its rules nobody who is there");
    }
    if (!status.path("waitingFor").isEmpty()) {
      List<String> silent = new ArrayList<>();
      status.path("waitingFor").forEach(name -> silent.add(name.asText()));
      out.println("  without " + String.join(", ", silent) + ", from which no answer came");
    }
  }

  /** Numbers in the order of numbers: {@code ingress[2]} before {@code ingress[10]}. */
  private static int compare(String one, String other) {
    String[] ones = one.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)");
    String[] others = other.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)");
    for (int i = 0; i < Math.min(ones.length, others.length); i++) {
      boolean numbers = ones[i].matches("\\d{1,9}") && others[i].matches("\\d{1,9}");
      int order =
          numbers
              ? Integer.compare(Integer.parseInt(ones[i]), Integer.parseInt(others[i]))
              : ones[i].compareTo(others[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(ones.length, others.length);
  }
}
