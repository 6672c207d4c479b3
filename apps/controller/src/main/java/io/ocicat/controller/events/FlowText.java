package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.AddressBook.Owner;
import io.ocicat.controller.events.FlowEvents.Told;
import io.ocicat.model.IpProtocol;
import io.ocicat.sync.LoggedFlow;
import io.ocicat.sync.PolicyRef;
import java.time.Instant;

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
    PolicyRef policy = decision.policy();
    String in = "tier " + decision.tier();
    if (policy.isNone()) {
      return "no rule in " + in + " allows it";
    }
    String name =
        policy.kind()
            + " "
            + (policy.namespace().isEmpty() ? "" : policy.namespace() + "/")
            + policy.name();
    return decision.rule().isEmpty()
        ? "no rule of " + name + " allows it (" + in + ")"
        : name + " " + decision.rule() + " (" + in + ")";
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
    json.putObject("decidedBy")
        .put("direction", flow.decision().direction())
        .put("tier", flow.decision().tier())
        .put("kind", flow.decision().policy().kind())
        .put("namespace", flow.decision().policy().namespace())
        .put("name", flow.decision().policy().name())
        .put("rule", flow.decision().rule());
    return json.put("packets", packets)
        .put("first", Instant.ofEpochMilli(firstMillis).toString())
        .put("last", Instant.ofEpochMilli(flow.atMillis()).toString());
  }
}
