package io.ocicat.model.columns;

import static io.ocicat.model.columns.Columns.AGE;
import static io.ocicat.model.columns.Columns.NAME;
import static io.ocicat.model.columns.Columns.field;
import static io.ocicat.model.columns.Columns.joined;
import static io.ocicat.model.columns.Columns.selector;
import static io.ocicat.model.columns.Columns.text;
import static io.ocicat.model.columns.Columns.wide;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The columns of the kinds that policy is made of. */
final class PolicyColumns {
  private static final Column TIER = field("Tier", "/spec/tier", "The tier.");
  private static final Column ORDER =
      text(
              "Order",
              "Where it comes; those without an order come last.",
              document -> plain(document.at("/spec/order")))
          .foundAt(".spec.order");
  private static final Column SELECTOR =
      field("Selector", "/spec/selector", "The endpoints that it is for.");
  private static final Column TYPES =
      wide(
          text("Types", "The directions in which it applies.", p -> joined(p.at("/spec/types")))
              .foundAt(".spec.types"));
  private static final Column STAGED_ACTION =
      field("Action", "/spec/stagedAction", "What enforcing it would do.");
  private static final Column NETS =
      text("Nets", "The addresses.", set -> joined(set.at("/spec/nets"))).foundAt(".spec.nets");

  private static final List<Column> POLICY = List.of(NAME, TIER, ORDER, SELECTOR, AGE, TYPES);
  private static final List<Column> STAGED_POLICY =
      List.of(NAME, TIER, ORDER, STAGED_ACTION, SELECTOR, AGE, TYPES);
  private static final List<Column> SET = List.of(NAME, NETS, AGE);

  private static final Map<ResourceKind, List<Column>> BY_KIND =
      Map.ofEntries(
          Map.entry(
              Kinds.ENDPOINT_SLICE,
              List.of(
                  NAME,
                  field("AddressType", "/addressType", "Of which kind its addresses are."),
                  text("Ports", "On which endpoints listen.", PolicyColumns::slicePorts),
                  text("Endpoints", "Who answers.", PolicyColumns::sliceEndpoints),
                  AGE)),
          Map.entry(
              Kinds.CLUSTER_NETWORK_POLICY,
              List.of(
                  NAME, TIER, field("Priority", "/spec/priority", "Low ones come first."), AGE)),
          Map.entry(
              Kinds.TIER,
              List.of(
                  NAME,
                  ORDER,
                  field(
                      "Default-Action",
                      "/spec/defaultAction",
                      "What becomes of traffic that no rule of the tier decides on."),
                  AGE)),
          Map.entry(
              Kinds.POLICY_INSPECTION,
              List.of(
                  NAME, field("Phase", "/status/phase", "Whether every node has answered."), AGE)),
          Map.entry(Kinds.CALICO_NETWORK_POLICY, POLICY),
          Map.entry(Kinds.GLOBAL_NETWORK_POLICY, POLICY),
          Map.entry(Kinds.STAGED_NETWORK_POLICY, STAGED_POLICY),
          Map.entry(Kinds.STAGED_GLOBAL_NETWORK_POLICY, STAGED_POLICY),
          Map.entry(
              Kinds.STAGED_KUBERNETES_NETWORK_POLICY,
              List.of(
                  NAME,
                  STAGED_ACTION,
                  text(
                      "Pod-Selector",
                      "The pods that it is for.",
                      policy -> selector(policy.at("/spec/podSelector"))),
                  AGE)),
          Map.entry(Kinds.NETWORK_SET, SET),
          Map.entry(Kinds.GLOBAL_NETWORK_SET, SET),
          Map.entry(
              Kinds.HOST_ENDPOINT,
              List.of(
                  NAME,
                  field("Node", "/spec/node", "The node."),
                  field("Interface", "/spec/interfaceName", "The device; * for all."),
                  text("IPs", "Its addresses.", each -> joined(each.at("/spec/expectedIPs")))
                      .foundAt(".spec.expectedIPs"),
                  AGE)));

  private PolicyColumns() {}

  /** The kind's columns. */
  static List<Column> of(ResourceKind kind) {
    return BY_KIND.getOrDefault(kind, RoutingColumns.of(kind));
  }

  /** A number without an exponent. */
  private static String plain(JsonNode number) {
    return number.isNumber()
        ? number.decimalValue().stripTrailingZeros().toPlainString()
        : number.asText();
  }

  private static String slicePorts(JsonNode slice) {
    List<String> ports = new ArrayList<>();
    slice.path("ports").forEach(port -> ports.add(port.path("port").asText("*")));
    return ports.isEmpty() ? "<unset>" : String.join(",", ports);
  }

  private static String sliceEndpoints(JsonNode slice) {
    List<String> addresses = new ArrayList<>();
    slice
        .path("endpoints")
        .forEach(endpoint -> endpoint.path("addresses").forEach(a -> addresses.add(a.asText())));
    return addresses.isEmpty() ? "<unset>" : String.join(",", addresses);
  }
}
