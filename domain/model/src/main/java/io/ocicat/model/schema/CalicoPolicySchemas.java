package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.defaulted;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.set;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Tier;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.List;

/** The kinds of {@code projectcalico.org/v3} that policy is made of. */
final class CalicoPolicySchemas {
  static final String CALICO = "org.projectcalico.v3.";

  private static final Field STAGED_ACTION =
      defaulted(
          "stagedAction",
          oneOf("Set", "Delete", "Learn", "Ignore"),
          "Set",
          "What enforcing it would do to the policy of its name: Set creates or replaces it, Delete deletes it; Learn"
              + " and Ignore leave it out of account.");

  static final Struct TIER =
      MetaSchemas.kind(
          CALICO + "Tier",
          Kinds.TIER,
          "Tier is a group of policies that are evaluated together, tier after tier.",
          TextChecks::dnsLabel,
          field(
              "spec",
              struct(
                  CALICO + "TierSpec",
                  "TierSpec tells where a tier comes and how it ends.",
                  field(
                      "order",
                      new Schema.Real(),
                      "Tiers are evaluated in ascending order; those without an order come last."),
                  defaulted(
                      "defaultAction",
                      oneOf("Deny", "Pass"),
                      "Deny",
                      "What becomes of traffic that enforced policies of the tier apply to and none of their rules"
                          + " decides on: Deny drops it, Pass asks the next tier.")),
              "Where the tier comes and how it ends."),
          status("Tier"));

  static final Struct NETWORK_POLICY =
      namespaced("NetworkPolicy", Kinds.CALICO_NETWORK_POLICY, "what traffic endpoints may have.");

  static final Struct STAGED_NETWORK_POLICY =
      namespaced(
          "StagedNetworkPolicy",
          Kinds.STAGED_NETWORK_POLICY,
          "what a NetworkPolicy would do; it is evaluated and never enforced.",
          STAGED_ACTION);

  static final Struct GLOBAL_NETWORK_POLICY =
      global(
          "GlobalNetworkPolicy",
          Kinds.GLOBAL_NETWORK_POLICY,
          "what traffic endpoints of the whole cluster and interfaces of nodes may have.");

  static final Struct STAGED_GLOBAL_NETWORK_POLICY =
      global(
          "StagedGlobalNetworkPolicy",
          Kinds.STAGED_GLOBAL_NETWORK_POLICY,
          "what a GlobalNetworkPolicy would do; it is evaluated and never enforced.",
          STAGED_ACTION);

  static final Struct STAGED_KUBERNETES_NETWORK_POLICY =
      MetaSchemas.kind(
          CALICO + "StagedKubernetesNetworkPolicy",
          Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
          "StagedKubernetesNetworkPolicy tells what a Kubernetes NetworkPolicy would do; it is evaluated and never"
              + " enforced.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "StagedKubernetesNetworkPolicySpec",
                  "StagedKubernetesNetworkPolicySpec is the spec of a Kubernetes NetworkPolicy with an action.",
                  with(NetworkPolicySchema.SPEC, STAGED_ACTION)),
              "The spec of the NetworkPolicy that it would be."));

  static final Struct NETWORK_SET =
      networkSet("NetworkSet", Kinds.NETWORK_SET, "the policies of its namespace");

  static final Struct GLOBAL_NETWORK_SET =
      networkSet("GlobalNetworkSet", Kinds.GLOBAL_NETWORK_SET, "policies");

  static final Struct HOST_ENDPOINT =
      MetaSchemas.kind(
          CALICO + "HostEndpoint",
          Kinds.HOST_ENDPOINT,
          "HostEndpoint is an interface of a node, or all of them, for policies to select by its labels.",
          TextChecks::dnsSubdomain,
          required(
              "spec",
              struct(
                  CALICO + "HostEndpointSpec",
                  "HostEndpointSpec tells which interface it is.",
                  required("node", text(TextChecks::dnsSubdomain).atMost(253), "The node."),
                  field(
                      "interfaceName",
                      text(TextChecks::interfaceName),
                      "The device; * for all of the node. This or expectedIPs has to be given."),
                  field(
                      "expectedIPs",
                      set(text(TextChecks::ipAddress)),
                      "Addresses by which the device is found, and by which rules match it."),
                  field(
                      "profiles",
                      list(text(TextChecks::dnsSubdomain)),
                      "Names of profiles, asked in this order where no policy decides."),
                  field(
                      "ports",
                      list(
                          struct(
                              CALICO + "EndpointPort",
                              "EndpointPort is a port by which rules may call the endpoint.",
                              required("name", text(TextChecks::calicoPortName), "The name."),
                              required(
                                  "protocol",
                                  oneOf("TCP", "UDP", "SCTP"),
                                  "The transport: TCP, UDP or SCTP."),
                              required("port", portNumber(), "The number."))),
                      "The named ports.")),
              "Which interface it is."));

  static final Struct PROFILE =
      MetaSchemas.kind(
          CALICO + "Profile",
          Kinds.PROFILE,
          "Profile has rules that are asked after all policies, and labels that its endpoints inherit.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "ProfileSpec",
                  "ProfileSpec is the rules and labels.",
                  field("ingress", CalicoRuleSchema.RULES, "Rules for traffic to the endpoints."),
                  field("egress", CalicoRuleSchema.RULES, "Rules for traffic from the endpoints."),
                  field(
                      "labelsToApply",
                      MetaSchemas.LABELS,
                      "Labels that the endpoints inherit; their own are stronger.")),
              "The rules and labels."));

  private CalicoPolicySchemas() {}

  private static Struct namespaced(
      String name, ResourceKind kind, String description, Field... more) {
    return policy(name, kind, description, List.of(more));
  }

  private static Struct global(String name, ResourceKind kind, String description, Field... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(
        field(
            "namespaceSelector",
            CalicoRuleSchema.selector(),
            "Restricts it to endpoints in namespaces whose labels match."));
    fields.add(
        field(
            "doNotTrack",
            flag(),
            "Whether it judges packets of host endpoints before connection tracking. Needs applyOnForward."));
    fields.add(
        field(
            "preDNAT",
            flag(),
            "Whether it judges packets to host endpoints before their destination is changed. Needs applyOnForward;"
                + " ingress only."));
    fields.add(
        field(
            "applyOnForward",
            flag(),
            "Whether it is for traffic that host endpoints forward, too."));
    fields.addAll(List.of(more));
    return policy(name, kind, description, fields);
  }

  private static Struct policy(
      String name, ResourceKind kind, String description, List<Field> more) {
    List<Field> fields = new ArrayList<>();
    fields.add(
        defaulted("tier", text(TextChecks::dnsLabel), Tier.DEFAULT, "The tier; it has to exist."));
    fields.add(
        field(
            "order",
            new Schema.Real(),
            "Policies of a tier are evaluated in ascending order; those without an order come last."));
    fields.add(
        field(
            "ingress",
            CalicoRuleSchema.RULES,
            "Rules for traffic to the endpoints; the first that decides counts."));
    fields.add(
        field(
            "egress",
            CalicoRuleSchema.RULES,
            "Rules for traffic from the endpoints; the first that decides counts."));
    fields.add(
        field(
            "selector",
            CalicoRuleSchema.selector(),
            "The endpoints that it is for, by their labels; empty for all."));
    fields.add(
        field(
            "types",
            set(oneOf("Ingress", "Egress")).notEmpty().atMost(2),
            "The directions in which it applies. Absent: Egress if there are egress rules, Ingress if there are ingress"
                + " rules or no egress rules."));
    fields.add(
        field(
            "serviceAccountSelector",
            CalicoRuleSchema.selector(),
            "Restricts it to endpoints that run as service accounts whose labels match."));
    fields.add(
        field(
            "performanceHints",
            set(oneOf("AssumeNeededOnEveryNode")),
            "AssumeNeededOnEveryNode: every node has the policy before it has an endpoint of it."));
    fields.addAll(more);
    return MetaSchemas.kind(
        CALICO + name,
        kind,
        name + " tells " + description,
        TextChecks::calicoPolicyName,
        field(
            "spec",
            struct(
                CALICO + name + "Spec",
                name + "Spec tells which endpoints it is for and what their traffic meets.",
                fields.toArray(Field[]::new)),
            "Which endpoints it is for and what their traffic meets."));
  }

  private static Struct networkSet(String name, ResourceKind kind, String whose) {
    return MetaSchemas.kind(
        CALICO + name,
        kind,
        name + " is addresses that the selectors of " + whose + " choose by the set's labels.",
        TextChecks::dnsSubdomain,
        field(
            "spec",
            struct(
                CALICO + name + "Spec",
                name + "Spec is the addresses.",
                field(
                    "nets",
                    set(text(TextChecks::net).atMost(48)),
                    "Addresses and ranges of them, of either family.")),
            "The addresses."));
  }

  private static Field status(String name) {
    return field(
        "status",
        struct(
            CALICO + name + "Status",
            name + "Status tells how it is.",
            field("conditions", listBy("type", MetaSchemas.CONDITION), "How it is.")),
        "How it is.");
  }

  private static Field[] with(Struct struct, Field more) {
    List<Field> fields = new ArrayList<>(struct.fields().values());
    fields.add(more);
    return fields.toArray(Field[]::new);
  }
}
