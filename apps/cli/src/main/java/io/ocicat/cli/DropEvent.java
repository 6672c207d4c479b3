package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;

/**
 * An Event of a connection that policy denied or logged, or of the loss of such.
 *
 * @param json what the controller says of it for programs, with {@code message} for people
 */
record DropEvent(ObjectNode json) {
  private static final String ANNOTATION = "ocicat.io/drop";
  private static final String LOST = "PolicyReportsLost";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The Event as such; empty if it is another. */
  static Optional<DropEvent> read(JsonNode event) {
    String said = event.at("/metadata/annotations").path(ANNOTATION).asText();
    try {
      if (!said.isEmpty() && MAPPER.readTree(new StringReader(said)) instanceof ObjectNode json) {
        return Optional.of(new DropEvent(json.put("message", event.path("message").asText())));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    if (event.path("reason").asText().equals(LOST)) {
      ObjectNode json = MAPPER.createObjectNode();
      json.put("action", "lost")
          .put("node", event.at("/involvedObject/name").asText())
          .put("first", event.path("firstTimestamp").asText())
          .put("last", event.path("lastTimestamp").asText())
          .put("message", event.path("message").asText());
      return Optional.of(new DropEvent(json));
    }
    return Optional.empty();
  }

  /** When it happened last, RFC 3339. */
  String lastSeen() {
    return text("last");
  }

  String text(String field) {
    return json.path(field).asText();
  }

  boolean isLoss() {
    return text("action").equals("lost");
  }

  boolean isIngress() {
    return text("direction").equals("ingress");
  }

  /** Whether the pod, {@code NS/POD}, is one of the two sides. */
  boolean concerns(String pod) {
    return name(json.path("subject")).equals(pod) || name(json.path("peer")).equals(pod);
  }

  String from() {
    return isIngress() ? name(json.path("peer")) : name(json.path("subject"));
  }

  String to() {
    return isIngress() ? name(json.path("subject")) : name(json.path("peer"));
  }

  private static String name(JsonNode side) {
    String name = side.path("name").asText();
    if (name.isEmpty()) {
      return side.path("address").asText();
    }
    return side.path("kind").asText().equals("Pod")
        ? side.path("namespace").asText() + "/" + name
        : "node:" + name;
  }

  /** {@code TCP/5432} or {@code ICMP type 8}. */
  String port() {
    if (json.has("icmpType")) {
      return text("protocol") + " type " + json.path("icmpType").asInt();
    }
    return json.has("port") ? text("protocol") + "/" + json.path("port").asInt() : text("protocol");
  }

  /** The policy with the rule and the tier, or the tier whose end it is with what applies there. */
  String decidedBy() {
    JsonNode by = json.path("decidedBy");
    String rule = by.path("rule").asText();
    int others = Math.max(0, by.path("policies").size() - 1);
    return "%s%s: %s, tier %s"
        .formatted(
            policy(by),
            others == 0 ? "" : " and " + others + " more",
            rule.isEmpty() ? "no rule allows it" : rule,
            by.path("tier").asText());
  }

  private static String policy(JsonNode by) {
    String namespace = by.path("namespace").asText();
    return by.path("kind").asText()
        + " "
        + (namespace.isEmpty() ? "" : namespace + "/")
        + by.path("name").asText();
  }
}
