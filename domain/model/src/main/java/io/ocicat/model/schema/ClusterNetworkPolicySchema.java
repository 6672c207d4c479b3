package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.cidr;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.set;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.upTo;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Struct;
import java.util.Locale;

/** ClusterNetworkPolicy of {@code policy.networking.k8s.io/v1alpha2}. */
final class ClusterNetworkPolicySchema {
  private static final String POLICY = "io.k8s.networking.policy.v1alpha2.";
  private static final int ITEMS_MAX = 25;

  private static final Struct NAMESPACED_POD =
      struct(
          POLICY + "NamespacedPod",
          "NamespacedPod selects pods of namespaces.",
          field(
              "namespaceSelector",
              MetaSchemas.LABEL_SELECTOR,
              "The namespaces, by their labels; empty for all."),
          required(
              "podSelector", MetaSchemas.LABEL_SELECTOR, "Their pods, by labels; empty for all."));

  private static final Field NAMESPACES =
      field(
          "namespaces",
          MetaSchemas.LABEL_SELECTOR,
          "All pods of namespaces with these labels, except those in the host's network.");
  private static final Field PODS =
      field(
          "pods",
          NAMESPACED_POD,
          "Pods with certain labels in namespaces with certain labels, except those in the host's network.");

  private static final Struct PORT =
      struct(
              POLICY + "Port",
              "Port is a port or a range of them.",
              field("number", portNumber(), "The one port."),
              field(
                  "range",
                  struct(
                      POLICY + "PortRange",
                      "PortRange is ports from the first to the last.",
                      required("start", portNumber(), "The first port."),
                      required("end", portNumber(), "The last port; above the first.")),
                  "The first and last of the ports."))
          .withOneField();

  private static final Struct PROTOCOL =
      struct(
              POLICY + "ClusterNetworkPolicyProtocol",
              "ClusterNetworkPolicyProtocol is a protocol with a destination port, or the name of a port.",
              transport("TCP"),
              transport("UDP"),
              transport("SCTP"),
              field(
                  "destinationNamedPort",
                  text(TextChecks::portName),
                  "What the destination pod's containers call the port."))
          .withOneField();

  private static final Struct INGRESS_PEER =
      struct(
              POLICY + "ClusterNetworkPolicyIngressPeer",
              "ClusterNetworkPolicyIngressPeer is where traffic comes from.",
              NAMESPACES,
              PODS)
          .withOneField();

  private static final Struct EGRESS_PEER =
      struct(
              POLICY + "ClusterNetworkPolicyEgressPeer",
              "ClusterNetworkPolicyEgressPeer is where traffic goes.",
              NAMESPACES,
              PODS,
              field(
                  "nodes",
                  MetaSchemas.LABEL_SELECTOR,
                  "Addresses of nodes with these labels; empty for all nodes."),
              field(
                  "networks",
                  set(cidr(TextChecks::cidr)).notEmpty().atMost(ITEMS_MAX),
                  "Ranges of addresses, which may be those of pods, too."),
              field(
                  "domainNames",
                  set(text(TextChecks::domainName)).notEmpty().atMost(ITEMS_MAX),
                  "Names of hosts; *. in front stands for one or more labels. For Accept alone. Not enforced."))
          .withOneField();

  static final Struct CLUSTER_NETWORK_POLICY =
      MetaSchemas.kind(
          POLICY + "ClusterNetworkPolicy",
          Kinds.CLUSTER_NETWORK_POLICY,
          "ClusterNetworkPolicy is a policy of the cluster's administrators, before or after NetworkPolicies.",
          TextChecks::dnsSubdomain,
          required(
              "spec",
              struct(
                  POLICY + "ClusterNetworkPolicySpec",
                  "ClusterNetworkPolicySpec tells which pods a policy is for and what their traffic meets.",
                  required(
                      "tier",
                      oneOf("Admin", "Baseline"),
                      "Admin: before NetworkPolicies, which cannot change what it decides. Baseline: after them, where"
                          + " none applies."),
                  required(
                      "priority",
                      upTo(1000),
                      "0 to 1000; policies with a lower one are evaluated first."),
                  required(
                      "subject",
                      struct(
                              POLICY + "ClusterNetworkPolicySubject",
                              "ClusterNetworkPolicySubject is the pods that a policy is for.",
                              NAMESPACES,
                              PODS)
                          .withOneField(),
                      "The pods that it is for."),
                  rules("Ingress", "from", INGRESS_PEER),
                  rules("Egress", "to", EGRESS_PEER)),
              "Which pods it is for and what their traffic meets."),
          field(
              "status",
              struct(
                  POLICY + "ClusterNetworkPolicyStatus",
                  "ClusterNetworkPolicyStatus tells how a policy is.",
                  field("conditions", listBy("type", MetaSchemas.CONDITION), "How it is.")),
              "How it is."));

  private ClusterNetworkPolicySchema() {}

  private static Field transport(String name) {
    return field(
        name.toLowerCase(Locale.ROOT),
        struct(
            POLICY + "ClusterNetworkPolicyProtocol" + name,
            "ClusterNetworkPolicyProtocol" + name + " tells what of " + name + " is meant.",
            required("destinationPort", PORT, "The destination port.")),
        "What of " + name + " is meant.");
  }

  private static Field rules(String direction, String peers, Struct peer) {
    return field(
        direction.toLowerCase(Locale.ROOT),
        list(struct(
                POLICY + "ClusterNetworkPolicy" + direction + "Rule",
                "ClusterNetworkPolicy" + direction + "Rule tells what becomes of matching traffic.",
                field("name", text().atMost(100), "What people call the rule."),
                required(
                    "action",
                    oneOf("Accept", "Deny", "Pass"),
                    "Accept and Deny decide; Pass leaves the tier."),
                required(
                    peers,
                    list(peer).notEmpty().atMost(ITEMS_MAX),
                    "The other ends; at least one."),
                field(
                    "protocols",
                    list(PROTOCOL).notEmpty().atMost(ITEMS_MAX),
                    "Protocols and ports; absent for all.")))
            .atMost(ITEMS_MAX),
        "Rules for "
            + direction.toLowerCase(Locale.ROOT)
            + " traffic; the first that matches counts.");
  }
}
