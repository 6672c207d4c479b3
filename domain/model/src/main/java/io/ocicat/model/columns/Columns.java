package io.ocicat.model.columns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.columns.Column.Shown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The columns of each kind. */
public final class Columns {
  private static final String NONE = "<none>";

  static final Column NAME =
      new Column(
          "Name",
          "string",
          "name",
          "The object's name.",
          Shown.ALWAYS,
          ".metadata.name",
          (document, _) -> TextNode.valueOf(document.at("/metadata/name").asText()));
  static final Column AGE =
      new Column(
          "Age",
          "string",
          "",
          "The time since the object was created.",
          Shown.ALWAYS,
          ".metadata.creationTimestamp",
          (document, now) ->
              TextNode.valueOf(
                  Age.since(document.at("/metadata/creationTimestamp").asText(), now)));

  private static final Map<ResourceKind, List<Column>> BY_KIND =
      Map.of(
          Kinds.NAMESPACE,
          List.of(NAME, text("Status", "Active or Terminating.", Columns::namespaceStatus), AGE),
          Kinds.NODE,
          List.of(
              NAME,
              text("Status", "Whether the node is ready.", Columns::nodeStatus),
              text("Roles", "The roles that labels give the node.", Columns::nodeRoles),
              AGE,
              field("Version", "/status/nodeInfo/kubeletVersion", "The version of its agent."),
              wide(text("Internal-IP", "How nodes reach it.", node -> address(node, "InternalIP"))),
              wide(
                  text("External-IP", "How others reach it.", node -> address(node, "ExternalIP"))),
              wide(field("OS-Image", "/status/nodeInfo/osImage", "Its operating system.")),
              wide(field("Kernel-Version", "/status/nodeInfo/kernelVersion", "Its kernel.")),
              wide(
                  field(
                      "Container-Runtime",
                      "/status/nodeInfo/containerRuntimeVersion",
                      "Its container runtime."))),
          Kinds.POD,
          List.of(
              NAME,
              text("Ready", "Ready containers of all.", Columns::podReady),
              text("Status", "Where the pod stands.", Columns::podStatus),
              whole("Restarts", "How often containers were restarted.", Columns::podRestarts),
              AGE,
              wide(text("IP", "Its addresses.", Columns::podAddresses)),
              wide(field("Node", "/spec/nodeName", "The node that it is bound to.")),
              wide(
                  field(
                      "Nominated Node",
                      "/status/nominatedNodeName",
                      "The node that it waits for.")),
              wide(text("Readiness Gates", "Conditions that it waits for.", _ -> NONE))),
          Kinds.SERVICE_ACCOUNT,
          List.of(
              NAME,
              whole(
                  "Secrets",
                  "The number of its secrets.",
                  account -> account.path("secrets").size()),
              AGE),
          Kinds.NETWORK_POLICY,
          List.of(
              NAME,
              text(
                  "Pod-Selector",
                  "The pods that it applies to.",
                  policy -> selector(policy.at("/spec/podSelector"))),
              AGE,
              wide(
                  text(
                      "Policy-Types",
                      "The directions in which it isolates.",
                      policy -> joined(policy.at("/spec/policyTypes"))))),
          Kinds.IP_POOL,
          List.of(
              NAME,
              field("CIDR", "/spec/cidr", "The range."),
              flag(
                  "NAT",
                  "/spec/natOutgoing",
                  "Whether traffic to outside all pools is masqueraded."),
              flag("Disabled", "/spec/disabled", "Whether no new addresses are given."),
              field("Node-Selector", "/spec/nodeSelector", "The nodes that take from it."),
              text(
                      "Allocatable",
                      "Whether new addresses are given, else why not.",
                      Columns::allocatable)
                  .foundAt(".status.conditions[?(@.type==\"Allocatable\")].status"),
              AGE,
              wide(
                  whole(
                          "Block-Size",
                          "Prefix length of a block.",
                          pool -> pool.at("/spec/blockSize").asLong())
                      .foundAt(".spec.blockSize")),
              wide(field("IPIP-Mode", "/spec/ipipMode", "Encapsulation in IP-in-IP.")),
              wide(field("VXLAN-Mode", "/spec/vxlanMode", "Encapsulation in VXLAN.")),
              wide(
                  text(
                          "Allowed-Uses",
                          "What addresses are for.",
                          pool -> joined(pool.at("/spec/allowedUses")))
                      .foundAt(".spec.allowedUses"))),
          Kinds.BLOCK_AFFINITY,
          List.of(
              NAME,
              field("Block", "/spec/cidr", "The block."),
              field("Node", "/spec/node", "The node that leases it."),
              field("State", "/spec/state", "Whether the lease holds."),
              AGE),
          Kinds.WORKLOAD_ENDPOINT,
          List.of(
              NAME,
              field("Workload", "/spec/pod", "The pod."),
              field("Node", "/spec/node", "The node."),
              text(
                  "Networks",
                  "The addresses.",
                  endpoint -> joined(endpoint.at("/spec/ipNetworks"))),
              field("Interface", "/spec/interfaceName", "The interface's host end."),
              AGE,
              wide(field("Container-ID", "/spec/containerID", "The container.")),
              wide(field("MAC", "/spec/mac", "The workload's MAC address."))),
          Kinds.OCICAT_STATUS,
          List.of(
              NAME,
              ofCondition("Ready", "Ready", "status", "Whether every node is ready."),
              field("Nodes", "/status/nodeCount", "How many nodes there are."),
              field("Ready-Nodes", "/status/readyNodeCount", "How many of them are ready."),
              field("Generation", "/status/policyGeneration", "What the controller has reached."),
              field("Enforced", "/status/enforcedGeneration", "What every ready node enforces."),
              AGE,
              wide(field("Controller", "/status/controller", "The pod that leads.")),
              wide(field("Version", "/status/version", "Its version.")),
              wide(field("Heard-At", "/status/heardAt", "When it said so.")),
              wide(ofCondition("Message", "Ready", "message", "What is wrong, if anything is."))),
          Kinds.EVENT,
          List.of(
              since("Last Seen", "/lastTimestamp", "When it happened last."),
              field("Type", "/type", "Normal or Warning."),
              field("Reason", "/reason", "What happened, in one word."),
              text("Object", "What it happened to.", Columns::involved),
              field("Message", "/message", "What happened."),
              wide(since("First Seen", "/firstTimestamp", "When it happened first.")),
              wide(field("Count", "/count", "How often.")),
              wide(NAME)));

  private Columns() {}

  /** The kind's columns in their order, those of {@code -o wide} included. */
  public static List<Column> of(ResourceKind kind) {
    return BY_KIND.getOrDefault(kind, PolicyColumns.of(kind));
  }

  /** The cells of one document, one for each of the kind's columns. */
  public static List<JsonNode> cells(ResourceKind kind, JsonNode document, Instant now) {
    return of(kind).stream().map(column -> column.cell().of(document, now)).toList();
  }

  static Column text(String name, String description, Function<JsonNode, String> cell) {
    return new Column(
        name,
        "string",
        "",
        description,
        Shown.ALWAYS,
        "",
        (document, _) -> {
          String text = cell.apply(document);
          return TextNode.valueOf(text.isEmpty() ? NONE : text);
        });
  }

  static Column field(String name, String pointer, String description) {
    return text(name, description, document -> document.at(pointer).asText())
        .foundAt(pointer.replace('/', '.'));
  }

  private static Column since(String name, String pointer, String description) {
    return new Column(
        name,
        "string",
        "",
        description,
        Shown.ALWAYS,
        "",
        (document, now) -> TextNode.valueOf(Age.since(document.at(pointer).asText(), now)));
  }

  private static Column ofCondition(String name, String type, String member, String description) {
    return text(name, description, document -> condition(document, type).path(member).asText())
        .foundAt(".status.conditions[?(@.type==\"%s\")].%s".formatted(type, member));
  }

  static Column whole(String name, String description, Function<JsonNode, Number> cell) {
    return new Column(
        name,
        "integer",
        "",
        description,
        Shown.ALWAYS,
        "",
        (document, _) -> LongNode.valueOf(cell.apply(document).longValue()));
  }

  static Column flag(String name, String pointer, String description) {
    return new Column(
        name,
        "boolean",
        "",
        description,
        Shown.ALWAYS,
        pointer.replace('/', '.'),
        (document, _) -> BooleanNode.valueOf(document.at(pointer).asBoolean()));
  }

  static Column wide(Column column) {
    return column.wide();
  }

  private static String namespaceStatus(JsonNode namespace) {
    return namespace.at("/metadata/deletionTimestamp").asText().isEmpty()
        ? namespace.at("/status/phase").asText("Active")
        : "Terminating";
  }

  private static String nodeStatus(JsonNode node) {
    String ready =
        condition(node, "Ready").path("status").asText().equals("True") ? "Ready" : "NotReady";
    return node.at("/spec/unschedulable").asBoolean() ? ready + ",SchedulingDisabled" : ready;
  }

  private static String nodeRoles(JsonNode node) {
    String prefix = "node-role.kubernetes.io/";
    return node.at("/metadata/labels").properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> key.startsWith(prefix) && key.length() > prefix.length())
        .map(key -> key.substring(prefix.length()))
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static String address(JsonNode node, String type) {
    return stream(node.at("/status/addresses"))
        .filter(each -> each.path("type").asText().equals(type))
        .map(each -> each.path("address").asText())
        .collect(Collectors.joining(","));
  }

  private static String involved(JsonNode event) {
    JsonNode object = event.path("involvedObject");
    return object.path("kind").asText().toLowerCase(Locale.ROOT)
        + "/"
        + object.path("name").asText();
  }

  private static String podReady(JsonNode pod) {
    long ready =
        stream(pod.at("/status/containerStatuses"))
            .filter(each -> each.path("ready").asBoolean())
            .count();
    return ready + "/" + pod.at("/spec/containers").size();
  }

  private static String podStatus(JsonNode pod) {
    if (!pod.at("/metadata/deletionTimestamp").asText().isEmpty()) {
      return "Terminating";
    }
    String reason = pod.at("/status/reason").asText();
    return reason.isEmpty() ? pod.at("/status/phase").asText() : reason;
  }

  private static long podRestarts(JsonNode pod) {
    return stream(pod.at("/status/containerStatuses"))
        .mapToLong(each -> each.path("restartCount").asLong())
        .sum();
  }

  private static String podAddresses(JsonNode pod) {
    String all =
        stream(pod.at("/status/podIPs"))
            .map(each -> each.path("ip").asText())
            .collect(Collectors.joining(","));
    return all.isEmpty() ? pod.at("/status/podIP").asText() : all;
  }

  private static String allocatable(JsonNode pool) {
    JsonNode condition = condition(pool, "Allocatable");
    String status = condition.path("status").asText();
    return status.equals("False") ? condition.path("reason").asText(status) : status;
  }

  /** As upstream prints a label selector: sorted labels, then expressions. */
  static String selector(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    selector.path("matchLabels").properties().stream()
        .map(each -> each.getKey() + "=" + each.getValue().asText())
        .sorted()
        .forEach(parts::add);
    for (JsonNode expression : selector.path("matchExpressions")) {
      String key = expression.path("key").asText();
      String values = joined(expression.path("values"));
      parts.add(
          switch (expression.path("operator").asText()) {
            case "In" -> key + " in (" + values + ")";
            case "NotIn" -> key + " notin (" + values + ")";
            case "DoesNotExist" -> "!" + key;
            default -> key;
          });
    }
    return String.join(",", parts);
  }

  private static JsonNode condition(JsonNode document, String type) {
    return stream(document.at("/status/conditions"))
        .filter(each -> each.path("type").asText().equals(type))
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  static String joined(JsonNode list) {
    return stream(list).map(JsonNode::asText).collect(Collectors.joining(","));
  }

  static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
