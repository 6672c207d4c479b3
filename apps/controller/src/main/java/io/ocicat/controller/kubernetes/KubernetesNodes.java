package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.controller.reports.NodeReports;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.Retries;
import io.ocicat.sync.NodeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Node objects, which are the kubelets': of them only the condition {@code NetworkUnavailable}, the
 * taint that goes with it, and annotations with addresses are ours.
 *
 * <p>An agent that is away says nothing about the network: pods keep theirs, and the condition its
 * status. Only its reason and message tell.
 */
public final class KubernetesNodes implements NodeReports {

  private static final String CONDITION = "NetworkUnavailable";
  private static final String TAINT = "node.kubernetes.io/network-unavailable";

  private static final String AGENT_IS_AWAY =
      "the agent is not connected to the controller: pods keep their network and policy as they are;"
          + " look at the agent's pod on this node";

  private final Calls calls;
  private final DocumentStamp stamp;

  /**
   * @param random for pauses between attempts
   */
  public KubernetesNodes(ApiServer server, DocumentStamp stamp, RandomGenerator random) {
    this.calls = new Calls(server, new Retries(Calls.WRITERS_PATIENCE, random));
    this.stamp = stamp;
  }

  @Override
  public void report(String node, NodeReport report) {
    String path = "/api/v1/nodes/" + node;
    calls.change(path, "", (before, patch) -> annotate(before, patch, report));
    calls.change(path, "/status", (before, patch) -> setCondition(before, patch, report));
    if (report.ready()) {
      // The server's own controllers take it away too, but not before their next look.
      calls.change(path, "", KubernetesNodes::removeTaint);
    }
  }

  /** What the condition says of the network stays; why, and what to do, is new. */
  @Override
  public void unreachable(String node) {
    calls.change(
        "/api/v1/nodes/" + node,
        "/status",
        (before, patch) ->
            status(before)
                .ifPresent(
                    status ->
                        setCondition(before, patch, status, "OcicatAgentIsAway", AGENT_IS_AWAY)));
  }

  private static Optional<String> status(ObjectNode node) {
    for (JsonNode each : node.path("status").path("conditions")) {
      if (each.path("type").asText().equals(CONDITION)) {
        return Optional.of(each.path("status").asText());
      }
    }
    return Optional.empty();
  }

  private void setCondition(ObjectNode before, ObjectNode patch, NodeReport report) {
    String problems = String.join("; ", report.problems());
    if (!report.ready()) {
      setCondition(
          before,
          patch,
          "True",
          "OcicatIsNotReady",
          problems.isEmpty() ? "the agent does not enforce policy yet" : problems);
    } else if (problems.isEmpty()) {
      setCondition(
          before, patch, "False", "OcicatIsReady", "the agent wires pods and enforces policy");
    } else {
      setCondition(
          before,
          patch,
          "False",
          "OcicatHasProblems",
          "the agent wires pods and enforces policy, but " + problems);
    }
  }

  private void setCondition(
      ObjectNode before, ObjectNode patch, String status, String reason, String message) {
    List<JsonNode> conditions = new ArrayList<>();
    Optional<JsonNode> old = Optional.empty();
    for (JsonNode each : before.path("status").path("conditions")) {
      if (each.path("type").asText().equals(CONDITION)) {
        old = Optional.of(each);
      } else {
        conditions.add(each);
      }
    }
    boolean same = old.map(each -> each.path("status").asText().equals(status)).orElse(false);
    if (same
        && old.orElseThrow().path("reason").asText().equals(reason)
        && old.orElseThrow().path("message").asText().equals(message)) {
      return;
    }
    String now = stamp.now();
    String since = same ? old.orElseThrow().path("lastTransitionTime").asText(now) : now;
    ArrayNode all = patch.withObject("/status").putArray("conditions");
    all.addAll(conditions);
    all.addObject()
        .put("type", CONDITION)
        .put("status", status)
        .put("reason", reason)
        .put("message", message)
        .put("lastHeartbeatTime", now)
        .put("lastTransitionTime", since);
  }

  private static void removeTaint(ObjectNode before, ObjectNode patch) {
    List<JsonNode> kept = new ArrayList<>();
    JsonNode taints = before.path("spec").path("taints");
    for (JsonNode taint : taints) {
      if (!taint.path("key").asText().equals(TAINT)) {
        kept.add(taint);
      }
    }
    if (kept.size() != taints.size()) {
      patch.withObject("/spec").putArray("taints").addAll(kept);
    }
  }

  /** Only where the agent found others than the kubelet says. */
  private static void annotate(ObjectNode before, ObjectNode patch, NodeReport report) {
    List<String> internal = new ArrayList<>();
    for (JsonNode address : before.path("status").path("addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        internal.add(address.path("address").asText());
      }
    }
    JsonNode annotations = before.path("metadata").path("annotations");
    for (IpFamily family : IpFamily.values()) {
      String name =
          family == IpFamily.IPV4
              ? "projectcalico.org/IPv4Address"
              : "projectcalico.org/IPv6Address";
      Optional<IpAddress> found =
          report.addresses().stream().filter(address -> address.family() == family).findFirst();
      if (found.isPresent() && !internal.contains(found.get().toString())) {
        String text = found.get().toHostCidr().toString();
        if (!annotations.path(name).asText().equals(text)) {
          patch.withObject("/metadata").withObject("/annotations").put(name, text);
        }
      } else if (annotations.has(name)) {
        patch.withObject("/metadata").withObject("/annotations").putNull(name);
      }
    }
  }
}
