package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which routes neighbours are told and believed ({@code projectcalico.org/v3} BGPFilter): rules,
 * the first of which that holds decides.
 */
public record BgpFilter(
    Metadata metadata,
    List<Rule> exportV4,
    List<Rule> importV4,
    List<Rule> exportV6,
    List<Rule> importV6) {

  /**
   * Holds for routes for which all that it names is so.
   *
   * @param field where it stands in the document
   * @param prefix what the route's prefix is compared with
   * @param fromNeighbours whether only routes learned from neighbours are meant
   * @param devices pattern of the device that the route leads to
   * @param external whether the neighbour has to be of another AS
   * @param community what the route carries
   * @param pathStart what the AS path begins with; empty for anything
   * @param priority the route's metric
   * @param accepts what becomes of the route
   * @param operations changes of a route that is accepted
   */
  public record Rule(
      String field,
      Optional<PrefixMatch> prefix,
      boolean fromNeighbours,
      Optional<String> devices,
      Optional<Boolean> external,
      Optional<RouteCommunity> community,
      List<AsNumber> pathStart,
      Optional<Integer> priority,
      boolean accepts,
      List<Operation> operations) {
    /** Copies the lists. */
    public Rule {
      pathStart = List.copyOf(pathStart);
      operations = List.copyOf(operations);
    }
  }

  /**
   * Compares a route's prefix.
   *
   * @param operator how
   * @param shortest the least length that the document gives
   * @param longest the greatest length that it gives
   */
  public record PrefixMatch(
      Cidr cidr, Operator operator, Optional<Integer> shortest, Optional<Integer> longest) {}

  /** How prefixes compare. */
  public enum Operator {
    /** The same. */
    EQUAL,
    /** Not the same. */
    NOT_EQUAL,
    /** The same or a part. */
    IN,
    /** Neither. */
    NOT_IN
  }

  /** A change of a route. */
  public sealed interface Operation {
    /** Adds a community. */
    record AddCommunity(RouteCommunity community) implements Operation {}

    /** Puts ASes before the path, the first of them first. */
    record Prepend(List<AsNumber> ases) implements Operation {
      /** Copies the list. */
      public Prepend {
        ases = List.copyOf(ases);
      }
    }

    /** Sets the metric; lower is better. */
    record SetPriority(int metric) implements Operation {}
  }

  /** Copies the lists. */
  public BgpFilter {
    exportV4 = List.copyOf(exportV4);
    importV4 = List.copyOf(importV4);
    exportV6 = List.copyOf(exportV6);
    importV6 = List.copyOf(importV6);
  }

  /**
   * Reads a document of kind BGPFilter.
   *
   * @throws UnreadableDocumentException if a part cannot be read
   */
  public static BgpFilter read(JsonNode document) {
    Fields spec = Fields.of(document).object("spec");
    return new BgpFilter(
        Metadata.read(document),
        rules(spec, "exportV4"),
        rules(spec, "importV4"),
        rules(spec, "exportV6"),
        rules(spec, "importV6"));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The rules for routes of this family to neighbours. */
  public List<Rule> exporting(IpFamily family) {
    return family == IpFamily.IPV4 ? exportV4 : exportV6;
  }

  /** The rules for routes of this family from neighbours. */
  public List<Rule> importing(IpFamily family) {
    return family == IpFamily.IPV4 ? importV4 : importV6;
  }

  private static List<Rule> rules(Fields spec, String direction) {
    List<Rule> rules = new ArrayList<>();
    for (Fields each : spec.items(direction)) {
      rules.add(
          new Rule(
              each.path(),
              each.has("cidr") ? Optional.of(prefix(each)) : Optional.empty(),
              each.text("source").equals("RemotePeers"),
              each.given("interface", text -> text),
              each.given("peerType", "eBGP"::equals),
              each.object("communities").items("values").stream()
                  .findFirst()
                  .map(value -> value.ownParsed(RouteCommunity::parse)),
              each.parsedAll("asPathPrefix", AsNumber::parse),
              each.given("priority", Integer::valueOf),
              accepts(each),
              each.items("operations").stream().map(BgpFilter::operation).toList()));
    }
    return rules;
  }

  private static boolean accepts(Fields rule) {
    return switch (rule.text("action")) {
      case "Accept" -> true;
      case "Reject" -> false;
      default -> throw rule.at("action").unreadable("not one of Accept, Reject");
    };
  }

  private static PrefixMatch prefix(Fields rule) {
    Fields length = rule.object("prefixLength");
    return new PrefixMatch(
        rule.cidr("cidr"),
        switch (rule.text("matchOperator")) {
          case "Equal" -> Operator.EQUAL;
          case "NotEqual" -> Operator.NOT_EQUAL;
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          default ->
              throw rule.at("matchOperator").unreadable("not one of Equal, NotEqual, In, NotIn");
        },
        length.given("min", Integer::valueOf),
        length.given("max", Integer::valueOf));
  }

  private static Operation operation(Fields operation) {
    if (operation.has("addCommunity")) {
      return new Operation.AddCommunity(
          operation.object("addCommunity").parsed("value", RouteCommunity::parse));
    }
    if (operation.has("prependASPath")) {
      return new Operation.Prepend(
          operation.object("prependASPath").parsedAll("prefix", AsNumber::parse));
    }
    if (operation.has("setPriority")) {
      return new Operation.SetPriority(operation.object("setPriority").number("value", 0));
    }
    throw operation.unreadable("not an operation");
  }
}
