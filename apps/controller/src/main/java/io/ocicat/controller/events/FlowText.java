package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.AddressBook.Owner;
import io.ocicat.controller.events.FlowEvents.Told;
import io.ocicat.model.IpProtocol;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.PolicyRef;
import java.time.Instant;
import java.util.stream.Collectors;

/**
 * A flow that policy denied or logged, in words and as JSON.
 *
 * @param packets of all that are alike
 * @param firstMillis when the first of them was seen, since 1970
 */
record FlowText(Told told, long packets, long firstMillis) {

  /** Of an Event, for programs. */
  static final String ANNOTATION = "ocicat.io/drop";

  private static final String DENY = "deny";

  /** At the end of a tier many may apply. */
  private static final int MOST_POLICIES = 5;

  boolean isDenied() {
    return told.flow().decision().action().equals(DENY);
  }

  String reason() {
    return isDenied() ? "PolicyDenied" : "PolicyLogged";
  }

  String sentence() {
    LoggedFlow flow = told.flow();
    String peer = named(flow);
    String what =
        "%s %s %s %s"
            .formatted(flow.decision().direction(), protocol(), isIngress() ? "from" : "to", peer);
    return what + port() + (isDenied() ? " denied" : " logged") + ": " + why(flow.decision());
  }

  private String named(LoggedFlow flow) {
    return told.peer()
        .map(
            owner ->
                switch (owner) {
                  case Owner.OfPod(var namespace, var name) -> namespace + "/" + name;
                  case Owner.OfNode(var name) -> "node " + name;
                })
        .map(name -> name + " (" + flow.peer() + ")")
        .orElse(flow.peer().toString());
  }

  private String port() {
    LoggedFlow flow = told.flow();
    if (isIcmp()) {
      return " type " + flow.port();
    }
    return flow.port() == 0 ? "" : (isIngress() ? " to port " : " port ") + flow.port();
  }

  private static String why(LoggedFlow.Decision decision) {
    String in = "tier " + decision.tier();
    String policies =
        decision.policies().stream()
            .limit(MOST_POLICIES)
            .map(PolicyRef::toString)
            .collect(Collectors.joining(", "));
    if (!decision.rule().isEmpty()) {
      return policies + " " + decision.rule() + " (" + in + ")";
    }
    int more = decision.policies().size() - MOST_POLICIES;
    return "no rule of %s allows it (end of %s)"
        .formatted(policies + (more > 0 ? " and " + more + " more" : ""), in);
  }

  private String protocol() {
    return new IpProtocol(Math.max(1, told.flow().protocol())).toString();
  }

  private boolean isIngress() {
    return told.flow().decision().direction().equals("ingress");
  }

  private boolean isIcmp() {
    int protocol = told.flow().protocol();
    return protocol == IpProtocol.ICMP.number() || protocol == IpProtocol.ICMPV6.number();
  }

  ObjectNode json() {
    LoggedFlow flow = told.flow();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("action", flow.decision().action())
        .put("direction", flow.decision().direction())
        .put("node", told.node());
    ObjectNode own = json.putObject("subject").put("kind", told.subject().kind());
    if (!told.subject().namespace().isEmpty()) {
      own.put("namespace", told.subject().namespace());
    }
    own.put("name", told.subject().name());
    ObjectNode peer = json.putObject("peer").put("address", flow.peer().toString());
    told.peer()
        .ifPresent(
            owner -> {
              switch (owner) {
                case Owner.OfPod(var namespace, var name) ->
                    peer.put("kind", "Pod").put("namespace", namespace).put("name", name);
                case Owner.OfNode(var name) -> peer.put("kind", "Node").put("name", name);
              }
            });
    json.put("protocol", protocol());
    if (isIcmp()) {
      json.put("icmpType", flow.port());
    } else if (flow.port() != 0) {
      json.put("port", flow.port());
    }
    decidedBy(json.putObject("decidedBy"), flow.decision());
    return json.put("packets", packets)
        .put("first", Instant.ofEpochMilli(firstMillis).toString())
        .put("last", Instant.ofEpochMilli(flow.atMillis()).toString());
  }

  /** At the end of a tier the first policy stands for all, which are listed beside it. */
  private static void decidedBy(ObjectNode json, LoggedFlow.Decision decision) {
    json.put("direction", decision.direction()).put("tier", decision.tier());
    decision.policies().stream().findFirst().ifPresent(first -> write(first, json));
    json.put("rule", decision.rule());
    if (decision.policies().size() > 1) {
      ArrayNode policies = json.putArray("policies");
      decision.policies().stream()
          .limit(MOST_POLICIES)
          .forEach(policy -> write(policy, policies.addObject()));
    }
  }

  private static void write(PolicyRef policy, ObjectNode json) {
    json.put("kind", policy.kind()).put("namespace", policy.namespace()).put("name", policy.name());
  }
}
