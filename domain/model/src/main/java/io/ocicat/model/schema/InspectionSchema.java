package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.int64;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Struct;

/** The kind {@code PolicyInspection} of {@code ocicat.io/v1}. */
final class InspectionSchema {
  private static final String OCICAT = "io.ocicat.v1.";

  private static final Field KIND =
      required(
          "kind",
          text(),
          "The kind of the policy; that of Calico's NetworkPolicy is NetworkPolicy.projectcalico.org.");
  private static final Field NAMESPACE =
      field("namespace", text(), "The namespace of the policy; empty for kinds without one.");
  private static final Field NAME = required("name", text(), "The name of the policy.");

  private static final Struct POLICY =
      struct(
          OCICAT + "PolicyInspectionPolicy",
          "PolicyInspectionPolicy names a policy.",
          KIND,
          NAMESPACE,
          NAME);

  private static final Struct COUNTER =
      struct(
          OCICAT + "PolicyInspectionCounter",
          "PolicyInspectionCounter tells how often a rule matched on a node, since that node's agent last wrote"
              + " the rule.",
          KIND,
          NAMESPACE,
          NAME,
          required("direction", oneOf("ingress", "egress"), "The direction of the rule."),
          field(
              "rule",
              text(),
              "The field path of the rule in the policy; empty for what no rule of the policy allowed."),
          required("packets", int64(), "Packets of new connections that matched."),
          required("bytes", int64(), "Their bytes."));

  private static final Struct NODE =
      struct(
          OCICAT + "PolicyInspectionNode",
          "PolicyInspectionNode is what one node found.",
          required("name", text(), "The node."),
          field("generation", int64(), "The policy generation that it compared its kernel with."),
          field("verified", flag(), "Whether nftables is what that generation asks for."),
          field("differences", list(text()), "In what it is not; the first twenty of them."),
          field("differenceCount", int64(), "How many differences there are."),
          field(
              "repaired",
              int64(),
              "How many differences in nftables the agent has found and put right since it began."),
          field("lastRepaired", list(text()), "The last of those, each with the time."),
          field("counters", list(COUNTER), "How often the rules of the policies named matched."));

  static final Struct POLICY_INSPECTION =
      MetaSchemas.kind(
          OCICAT + "PolicyInspection",
          Kinds.POLICY_INSPECTION,
          "PolicyInspection asks nodes to read nftables back and to compare it with what policy asks for. The"
              + " controller writes the answers into the status, and deletes the object ten minutes later.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  OCICAT + "PolicyInspectionSpec",
                  "PolicyInspectionSpec is what is asked.",
                  field("policies", list(POLICY), "Policies whose counters are wanted."),
                  field("nodes", list(text()), "The nodes to ask; all if none is named.")),
              "What is asked."),
          field(
              "status",
              struct(
                  OCICAT + "PolicyInspectionStatus",
                  "PolicyInspectionStatus is what the nodes answered.",
                  field("observedGeneration", int64(), "The generation of the spec that was read."),
                  field(
                      "phase",
                      oneOf("Running", "Complete"),
                      "Whether every node that was asked has answered."),
                  field("waitingFor", list(text()), "The nodes that have not."),
                  field("nodes", listBy("name", NODE), "The answers.")),
              "What the nodes answered."));

  private InspectionSchema() {}
}
