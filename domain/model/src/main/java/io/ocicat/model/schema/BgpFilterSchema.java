package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.asNumber;
import static io.ocicat.model.schema.SchemaWords.between;
import static io.ocicat.model.schema.SchemaWords.cidr;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;
import static io.ocicat.model.schema.SchemaWords.upTo;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.TextCheck;

/** BGPFilter of {@code projectcalico.org/v3}. */
final class BgpFilterSchema {
  private static final String CALICO = "org.projectcalico.v3.";
  private static final int PRIORITY_MAX = Integer.MAX_VALUE - 1;
  private static final int MOST_OPERATIONS = 10;
  private static final int MOST_PREPENDED = 10;

  private static final Struct OPERATION =
      struct(
              CALICO + "BGPFilterOperation",
              "BGPFilterOperation changes a route that is accepted.",
              field(
                  "addCommunity",
                  struct(
                      CALICO + "BGPFilterAddCommunity",
                      "BGPFilterAddCommunity adds a community.",
                      required("value", text(RoutingChecks::community), "aa:nn or aa:nn:mm.")),
                  "Adds a community."),
              field(
                  "prependASPath",
                  struct(
                      CALICO + "BGPFilterPrependASPath",
                      "BGPFilterPrependASPath puts ASes before the path.",
                      required(
                          "prefix",
                          list(asNumber()).notEmpty().atMost(MOST_PREPENDED),
                          "The ASes; the first of them will stand first.")),
                  "Puts ASes before the path."),
              field(
                  "setPriority",
                  struct(
                      CALICO + "BGPFilterSetPriority",
                      "BGPFilterSetPriority sets how good a route is.",
                      required("value", between(1, PRIORITY_MAX), "The metric; lower is better.")),
                  "Sets how good the route is."))
          .withOneField();

  static final Struct BGP_FILTER =
      MetaSchemas.kind(
          CALICO + "BGPFilter",
          Kinds.BGP_FILTER,
          "BGPFilter says which routes neighbours are told and believed.",
          TextChecks::dnsSubdomain,
          field(
              "spec",
              struct(
                  CALICO + "BGPFilterSpec",
                  "BGPFilterSpec has rules by direction and family; the first that holds decides.",
                  field(
                      "exportV4",
                      list(rule("V4", RoutingChecks::ipv4Cidr, 32)),
                      "IPv4 routes for the neighbour."),
                  field(
                      "importV4",
                      list(rule("V4", RoutingChecks::ipv4Cidr, 32)),
                      "IPv4 routes from the neighbour."),
                  field(
                      "exportV6",
                      list(rule("V6", RoutingChecks::ipv6Cidr, 128)),
                      "IPv6 routes for the neighbour."),
                  field(
                      "importV6",
                      list(rule("V6", RoutingChecks::ipv6Cidr, 128)),
                      "IPv6 routes from the neighbour.")),
              "The rules."));

  private BgpFilterSchema() {}

  private static Struct rule(String family, TextCheck prefix, int bits) {
    return struct(
        CALICO + "BGPFilterRule" + family,
        "BGPFilterRule holds for routes for which all that it names is so.",
        field("cidr", cidr(prefix), "A prefix to compare with; needs matchOperator."),
        field(
            "matchOperator",
            oneOf("Equal", "NotEqual", "In", "NotIn"),
            "How the route's prefix has to compare; needs cidr."),
        field(
            "prefixLength",
            struct(
                CALICO + "BGPFilterPrefixLength" + family,
                "BGPFilterPrefixLength bounds the length of the route's prefix.",
                field("min", upTo(bits), "The least; that of cidr if absent."),
                field("max", upTo(bits), "The greatest; " + bits + " if absent.")),
            "Bounds for the length; needs cidr."),
        field(
            "source",
            oneOf("RemotePeers"),
            "RemotePeers: routes that were learned from neighbours."),
        field(
            "interface",
            text(RoutingChecks::devices),
            "The device that the route leads to; * for any characters."),
        field(
            "peerType",
            oneOf("eBGP", "iBGP"),
            "Whether the neighbour is of another AS or of ours."),
        field(
            "communities",
            struct(
                CALICO + "BGPFilterCommunityMatch",
                "BGPFilterCommunityMatch names a community.",
                required(
                    "values",
                    list(text(RoutingChecks::community)).notEmpty().atMost(1),
                    "One community, aa:nn or aa:nn:mm.")),
            "The community that the route carries."),
        field("asPathPrefix", list(asNumber()), "What the AS path begins with."),
        field("priority", between(1, PRIORITY_MAX), "The metric that the route has."),
        required("action", oneOf("Accept", "Reject"), "What becomes of the route."),
        field(
            "operations",
            list(OPERATION).notEmpty().atMost(MOST_OPERATIONS),
            "Changes, in their order; only with Accept."));
  }
}
