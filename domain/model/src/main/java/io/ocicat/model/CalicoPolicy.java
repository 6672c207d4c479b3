package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.Selector;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A NetworkPolicy or GlobalNetworkPolicy of {@code projectcalico.org/v3}, or what a
 * StagedNetworkPolicy or StagedGlobalNetworkPolicy would be if it were enforced.
 *
 * <p>Reading never fails. If a part that tells which endpoints the policy is for cannot be read,
 * {@link #problems} says so and {@link #selector} matches nothing; a rule that cannot be read is
 * {@link CalicoRule.Unreadable}.
 *
 * @param metadata the name, and the namespace of those kinds that have one
 * @param tier the tier's name
 * @param order where it comes in its tier, low first; infinite where the document says nothing
 * @param selector the endpoints that it is for
 * @param namespaceSelector for global kinds, the namespaces that those endpoints are in; if given,
 *     endpoints in no namespace are not meant
 * @param serviceAccountSelector the service accounts that those endpoints run as
 * @param directions in which it is for them
 * @param ingress the rules for traffic to them
 * @param egress the rules for traffic from them
 * @param doNotTrack whether it judges packets before connection tracking; host endpoints only
 * @param preDnat whether it judges packets before destination addresses change; host endpoints only
 * @param applyOnForward whether it is for traffic that a host endpoint forwards, too
 * @param neededOnEveryNode whether nodes are to have it before they have an endpoint of it
 * @param problems what could not be read besides rules; empty if nothing
 */
public record CalicoPolicy(
    Metadata metadata,
    String tier,
    double order,
    Selector selector,
    SelectorField namespaceSelector,
    SelectorField serviceAccountSelector,
    Set<Direction> directions,
    List<CalicoRule> ingress,
    List<CalicoRule> egress,
    boolean doNotTrack,
    boolean preDnat,
    boolean applyOnForward,
    boolean neededOnEveryNode,
    List<String> problems) {
  private static final Selector NOTHING = new Selector.Not(new Selector.All());

  /** Copies the collections. */
  public CalicoPolicy {
    directions = Set.copyOf(directions);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    problems = List.copyOf(problems);
  }

  /** Reads a document of one of the four kinds. */
  public static CalicoPolicy read(JsonNode document) {
    Metadata metadata = Metadata.read(document);
    Fields spec = Fields.of(document).at("spec");
    String namespace = metadata.namespace();
    List<String> problems = new ArrayList<>();
    SelectorField selector = selector(spec, "selector", problems);
    SelectorField namespaces = selector(spec, "namespaceSelector", problems);
    SelectorField accounts = selector(spec, "serviceAccountSelector", problems);
    String tier = read(() -> spec.word("tier"), "", problems);
    double order = read(() -> spec.orderOrLast("order"), Double.POSITIVE_INFINITY, problems);
    List<CalicoRule> ingress = CalicoRules.read(spec, "ingress", namespace);
    List<CalicoRule> egress = CalicoRules.read(spec, "egress", namespace);
    Set<Direction> directions =
        read(() -> directions(spec, ingress, egress), EnumSet.allOf(Direction.class), problems);
    return new CalicoPolicy(
        metadata,
        tier.isEmpty() ? Tier.DEFAULT : tier,
        order,
        problems.isEmpty() ? selector.orAll() : NOTHING,
        namespaces,
        accounts,
        directions,
        ingress,
        egress,
        spec.flag("doNotTrack"),
        spec.flag("preDNAT"),
        spec.flag("applyOnForward"),
        spec.texts("performanceHints").contains("AssumeNeededOnEveryNode"),
        problems);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The namespace; empty for global kinds. */
  public String namespace() {
    return metadata.namespace();
  }

  /** Whether it is for traffic in this direction. */
  public boolean appliesTo(Direction direction) {
    return directions.contains(direction);
  }

  /**
   * The rules for one direction; they mean something only if it {@linkplain #appliesTo applies}.
   */
  public List<CalicoRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  private static Set<Direction> directions(
      Fields spec, List<CalicoRule> ingress, List<CalicoRule> egress) {
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    for (Fields type : spec.items("types")) {
      switch (type.ownWord()) {
        case "Ingress" -> directions.add(Direction.INGRESS);
        case "Egress" -> directions.add(Direction.EGRESS);
        default -> throw type.unreadable("not Ingress or Egress");
      }
    }
    if (directions.isEmpty()) {
      if (!egress.isEmpty()) {
        directions.add(Direction.EGRESS);
      }
      if (egress.isEmpty() || !ingress.isEmpty()) {
        directions.add(Direction.INGRESS);
      }
    }
    return directions;
  }

  private static SelectorField selector(Fields spec, String field, List<String> problems) {
    return read(() -> spec.selectorField(field), new SelectorField.NotGiven(), problems);
  }

  private static <T> T read(Supplier<T> reader, T otherwise, List<String> problems) {
    try {
      return reader.get();
    } catch (UnreadableDocumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return otherwise;
    }
  }
}
