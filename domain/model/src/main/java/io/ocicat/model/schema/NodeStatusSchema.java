package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.int32;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.time;
import static io.ocicat.model.schema.SchemaWords.upTo;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Struct;

/** CalicoNodeStatus of {@code projectcalico.org/v3}. */
final class NodeStatusSchema {
  private static final String CALICO = "org.projectcalico.v3.";
  private static final int DAY_SECONDS = 86_400;

  private static final Struct SPEAKER =
      struct(
          CALICO + "BGPDaemonStatus",
          "BGPDaemonStatus is how a speaker is.",
          field("state", text(), "Ready or NotReady."),
          field("version", text(), "Its version."),
          field("routerID", text(), "Its BGP identifier."),
          field("lastBootTime", text(), "When it started."),
          field("lastReconfigurationTime", text(), "When its settings changed."));

  private static final Struct PEER =
      struct(
          CALICO + "CalicoNodePeer",
          "CalicoNodePeer is a neighbour.",
          field("peerIP", text(), "Its address."),
          field("type", oneOf("NodeMesh", "NodePeer", "GlobalPeer"), "What made it a neighbour."),
          field("state", text(), "The state of the session."),
          field("since", text(), "Since when."));

  private static final Struct ROUTE =
      struct(
          CALICO + "CalicoNodeRoute",
          "CalicoNodeRoute is a route.",
          field("type", oneOf("FIB", "RIB"), "Whether the kernel has it."),
          field("destination", text(), "The prefix."),
          field("gateway", text(), "The next hop."),
          field("interface", text(), "The device."),
          field(
              "learnedFrom",
              struct(
                  CALICO + "CalicoNodeRouteLearnedFrom",
                  "CalicoNodeRouteLearnedFrom is where a route comes from.",
                  field(
                      "sourceType",
                      oneOf("Kernel", "Static", "Direct", "NodeMesh", "BGPPeer"),
                      "What it comes from."),
                  field("peerIP", text(), "The neighbour.")),
              "Where it comes from."));

  static final Struct CALICO_NODE_STATUS =
      MetaSchemas.kind(
          CALICO + "CalicoNodeStatus",
          Kinds.CALICO_NODE_STATUS,
          "CalicoNodeStatus asks a node how it speaks BGP; the answer is its status.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "CalicoNodeStatusSpec",
                  "CalicoNodeStatusSpec is what is asked.",
                  field("node", text(), "The node."),
                  field("classes", list(oneOf("Agent", "BGP", "Routes")), "What about."),
                  field(
                      "updatePeriodSeconds",
                      upTo(DAY_SECONDS),
                      "How often the answer is to be written anew; 0 for not at all.")),
              "What is asked."),
          field(
              "status",
              struct(
                  CALICO + "CalicoNodeStatusStatus",
                  "CalicoNodeStatusStatus is what the node answers.",
                  field("lastUpdated", time(), "When it did."),
                  field(
                      "agent",
                      struct(
                          CALICO + "CalicoNodeAgentStatus",
                          "CalicoNodeAgentStatus is how the speaker is, by family.",
                          field("birdV4", SPEAKER, "The speaker, of IPv4."),
                          field("birdV6", SPEAKER, "The speaker, of IPv6.")),
                      "How the speaker is."),
                  field(
                      "bgp",
                      struct(
                          CALICO + "CalicoNodeBGPStatus",
                          "CalicoNodeBGPStatus is how the sessions are.",
                          field("numberEstablishedV4", int32(), "Established sessions over IPv4."),
                          field("numberNotEstablishedV4", int32(), "Other sessions over IPv4."),
                          field("numberEstablishedV6", int32(), "Established sessions over IPv6."),
                          field("numberNotEstablishedV6", int32(), "Other sessions over IPv6."),
                          field("peersV4", list(PEER), "Neighbours over IPv4."),
                          field("peersV6", list(PEER), "Neighbours over IPv6.")),
                      "How the sessions are."),
                  field(
                      "routes",
                      struct(
                          CALICO + "CalicoNodeBGPRouteStatus",
                          "CalicoNodeBGPRouteStatus is which routes there are.",
                          field("routesV4", list(ROUTE), "IPv4 routes."),
                          field("routesV6", list(ROUTE), "IPv6 routes.")),
                      "Which routes there are.")),
              "What the node answers."));

  private NodeStatusSchema() {}
}
