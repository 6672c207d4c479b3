package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.int32;
import static io.ocicat.model.schema.SchemaWords.int64;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.listBy;
import static io.ocicat.model.schema.SchemaWords.mapping;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.time;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Struct;
import java.util.List;

/** The kinds of {@code ocicat.io/v1}. */
final class OcicatSchemas {
  private static final String OCICAT = "io.ocicat.v1.";

  private static final Struct NODE =
      struct(
          OCICAT + "OcicatStatusNode",
          "OcicatStatusNode tells how one node is.",
          required("name", text(), "The node."),
          field("ready", flag(), "Whether its agent is connected and says that all is well."),
          field("connected", flag(), "Whether its agent is connected."),
          field(
              "policyGeneration",
              int64(),
              "The policy generation that its kernel is known to enforce."),
          field("version", text(), "The version of its agent."),
          field(
              "counters",
              mapping(_ -> List.of(), int64()),
              "What others changed in its kernel and the agent put right again, by kind."),
          field("problems", list(text()), "What its agent complains of."));

  static final Struct OCICAT_STATUS =
      MetaSchemas.kind(
          OCICAT + "OcicatStatus",
          Kinds.OCICAT_STATUS,
          "OcicatStatus tells how the network of the cluster is. There is one, named cluster, written by the"
              + " controller.",
          TextChecks::dnsSubdomain,
          field(
              "status",
              struct(
                  OCICAT + "OcicatStatusStatus",
                  "OcicatStatusStatus is what the controller that leads knows of the nodes.",
                  field(
                      "conditions",
                      listBy("type", MetaSchemas.CONDITION),
                      "The condition Ready tells whether every node is ready."),
                  field("controller", text(), "The pod of the controller that leads."),
                  field("version", text(), "Its version."),
                  field("heardAt", time(), "When it wrote this; it does so three times a minute."),
                  field(
                      "policyGeneration",
                      int64(),
                      "The generation that the controller has reached."),
                  field(
                      "enforcedGeneration",
                      int64(),
                      "The generation that every ready node enforces."),
                  field(
                      "enforcedVersions",
                      mapping(_ -> List.of(), text()),
                      "Up to which resourceVersion objects of a kind are enforced by every ready node, by the"
                          + " kind's plural name and group."),
                  field("nodeCount", int32(), "How many nodes there are."),
                  field("readyNodeCount", int32(), "How many of them are ready."),
                  field(
                      "nodes",
                      listBy("name", NODE),
                      "The nodes; of more than a hundred those that most is wrong with.")),
              "How the network is."));

  private OcicatSchemas() {}
}
