package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.defaulted;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.int32;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Struct;

/** NetworkPolicy of {@code networking.k8s.io/v1}. */
final class NetworkPolicySchema {
  private static final String NETWORKING = "io.k8s.api.networking.v1.";

  private static final Struct IP_BLOCK =
      struct(
          NETWORKING + "IPBlock",
          "IPBlock is a range of addresses with exceptions.",
          required(
              "cidr", text(TextChecks::cidr), "The range, e.g. 192.168.1.0/24 or 2001:db8::/64."),
          field("except", list(text(TextChecks::cidr)), "Ranges inside cidr that are not meant."));

  private static final Struct PORT =
      struct(
          NETWORKING + "NetworkPolicyPort",
          "NetworkPolicyPort is a port, or a range of them, that a rule allows.",
          defaulted(
              "protocol", oneOf("TCP", "UDP", "SCTP"), "TCP", "The transport: TCP, UDP or SCTP."),
          field(
              "port",
              SchemaWords.port(TextChecks::portName, "^[-a-z0-9]{1,15}$"),
              "The number of the port, or its name in the pod's containers. Absent: all ports of the protocol."),
          field(
              "endPort",
              int32(),
              "The last port of a range that begins with port; port must then be a number."));

  private static final Struct PEER =
      struct(
          NETWORKING + "NetworkPolicyPeer",
          "NetworkPolicyPeer is the other end of allowed traffic. ipBlock stands alone; the selectors may be combined.",
          field(
              "podSelector",
              MetaSchemas.LABEL_SELECTOR,
              "Pods with these labels, in the namespaces that namespaceSelector selects, else in the policy's own."),
          field(
              "namespaceSelector",
              MetaSchemas.LABEL_SELECTOR,
              "Namespaces with these labels; without podSelector, all their pods."),
          field("ipBlock", IP_BLOCK, "A range of addresses."));

  private static final Listing PORTS = list(PORT);
  private static final Listing PEERS = list(PEER);

  static final Struct SPEC =
      struct(
          NETWORKING + "NetworkPolicySpec",
          "NetworkPolicySpec describes which pods a policy isolates and what it allows them.",
          field(
              "podSelector",
              MetaSchemas.LABEL_SELECTOR,
              "The pods of the policy's namespace that it applies to; empty for all of them."),
          field(
              "policyTypes",
              list(oneOf("Ingress", "Egress")),
              "The directions in which the pods are isolated. Absent: Ingress, and Egress if there are egress"
                  + " rules."),
          rules(
              "ingress",
              "from",
              "Who may reach the pods. Traffic is allowed if any rule of any policy allows it."),
          rules(
              "egress",
              "to",
              "Whom the pods may reach. Traffic is allowed if any rule of any policy allows it."));

  static final Struct NETWORK_POLICY =
      MetaSchemas.kind(
          NETWORKING + "NetworkPolicy",
          Kinds.NETWORK_POLICY,
          "NetworkPolicy tells what traffic a set of pods may have.",
          TextChecks::dnsSubdomain,
          field("spec", SPEC, "Which pods the policy isolates and what it allows them."));

  private NetworkPolicySchema() {}

  private static Field rules(String name, String peers, String description) {
    String type = name.equals("ingress") ? "NetworkPolicyIngressRule" : "NetworkPolicyEgressRule";
    return field(
        name,
        list(
            struct(
                NETWORKING + type,
                type + " allows traffic that matches both its ports and its peers.",
                field("ports", PORTS, "The destination ports; empty or absent for all."),
                field(peers, PEERS, "The other ends; empty or absent for all."))),
        description);
  }
}
