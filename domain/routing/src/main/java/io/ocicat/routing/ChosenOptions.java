package io.ocicat.routing;

import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.Node;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The BGPPeerOptions for the sessions of one BGPPeer, or of the mesh, at one node. */
final class ChosenOptions {
  private static final Comparator<BgpPeerOptions> ORDER =
      Comparator.comparingInt(BgpPeerOptions::order).thenComparing(BgpPeerOptions::name);

  private final List<BgpPeerOptions> ordered;
  private final Set<Reason> used = new LinkedHashSet<>();

  private ChosenOptions(List<BgpPeerOptions> ordered) {
    this.ordered = ordered;
  }

  static ChosenOptions of(List<BgpPeerOptions> all, Node node, BgpPeer peer) {
    return new ChosenOptions(
        all.stream()
            .filter(each -> each.sessions().at(node) && each.sessions().of(peer))
            .sorted(ORDER)
            .toList());
  }

  static ChosenOptions ofMesh(List<BgpPeerOptions> all, Node node) {
    return new ChosenOptions(
        all.stream()
            .filter(each -> each.sessions().at(node) && each.sessions().mesh())
            .sorted(ORDER)
            .toList());
  }

  /** What the first that says something says. */
  <T> Optional<T> first(String field, Function<BgpPeerOptions, Optional<T>> reading) {
    for (BgpPeerOptions each : ordered) {
      Optional<T> value = reading.apply(each);
      if (value.isPresent()) {
        used.add(reason(each, field));
        return value;
      }
    }
    return Optional.empty();
  }

  /** As {@link #first}, of fields for which an empty list says nothing. */
  <T> List<T> firstList(String field, Function<BgpPeerOptions, List<T>> reading) {
    return first(field, each -> Optional.of(reading.apply(each)).filter(list -> !list.isEmpty()))
        .orElse(List.of());
  }

  /** What has been used so far. */
  Set<Reason> used() {
    return used;
  }

  /** Where a field was used from, for a notice. */
  Reason reasonOf(String field) {
    return used.stream()
        .filter(each -> each.field().equals("spec." + field))
        .findFirst()
        .orElseGet(() -> new Reason("BGPPeerOptions", "spec." + field));
  }

  private static Reason reason(BgpPeerOptions options, String field) {
    return new Reason("BGPPeerOptions/" + options.name(), "spec." + field);
  }
}
