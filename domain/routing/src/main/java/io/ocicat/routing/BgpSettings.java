package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.Node;
import io.ocicat.model.RouteCommunity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the BGPConfigurations say for one node: its own where it says something, else default. */
final class BgpSettings {
  private static final long USUAL_AS = 64_512;

  /** Something said, and where. */
  record Said<T>(T value, Reason reason) {}

  private final List<BgpConfiguration> ordered;

  private BgpSettings(List<BgpConfiguration> ordered) {
    this.ordered = ordered;
  }

  static BgpSettings of(List<BgpConfiguration> configurations, String node) {
    List<BgpConfiguration> ordered = new ArrayList<>();
    for (String name : List.of(FelixConfiguration.NODE_PREFIX + node, FelixConfiguration.DEFAULT)) {
      configurations.stream().filter(each -> each.name().equals(name)).forEach(ordered::add);
    }
    return new BgpSettings(List.copyOf(ordered));
  }

  <T> Optional<Said<T>> said(String field, Function<BgpConfiguration, Optional<T>> reading) {
    return ordered.stream()
        .flatMap(
            each ->
                reading.apply(each).map(value -> new Said<>(value, reason(each, field))).stream())
        .findFirst();
  }

  /** Of the object for all nodes alone. */
  boolean meshed() {
    return ordered.stream()
        .filter(each -> each.name().equals(FelixConfiguration.DEFAULT))
        .findFirst()
        .flatMap(BgpConfiguration::mesh)
        .orElse(true);
  }

  /** Why there is a mesh. */
  Reason meshReason() {
    return new Reason(
        "BGPConfiguration/" + FelixConfiguration.DEFAULT, "spec.nodeToNodeMeshEnabled");
  }

  /** The AS of a node: its own, else what these say. */
  Said<Long> asOf(Node node) {
    return NodeFacts.as(node)
        .map(as -> new Said<>(as.value(), NodeFacts.reason(node, NodeFacts.AS)))
        .or(
            () ->
                said("asNumber", BgpConfiguration::asNumber)
                    .map(said -> new Said<>(said.value().value(), said.reason())))
        .orElseGet(() -> new Said<>(USUAL_AS, new Reason("BGPConfiguration", "spec.asNumber")));
  }

  List<IpAddress> workloadPeering() {
    return ordered.stream()
        .map(BgpConfiguration::workloadPeering)
        .filter(list -> !list.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  List<String> ignoredInterfaces() {
    return said("ignoredInterfaces", BgpConfiguration::ignoredInterfaces)
        .map(Said::value)
        .orElse(List.of());
  }

  /** A community of a route, and why it carries it. */
  List<Said<RouteCommunity>> communitiesOf(Cidr prefix, List<Notice> notices) {
    List<Said<RouteCommunity>> all = new ArrayList<>();
    var said = said("prefixAdvertisements", BgpConfiguration::advertisements);
    if (said.isEmpty()) {
      return all;
    }
    List<BgpConfiguration.Advertisement> advertisements = said.get().value();
    for (int i = 0; i < advertisements.size(); i++) {
      if (advertisements.get(i).cidr().contains(prefix)) {
        String field = "spec.prefixAdvertisements[%d]".formatted(i);
        Reason reason = new Reason(said.get().reason().object(), field);
        for (String word : advertisements.get(i).communities()) {
          community(word)
              .ifPresentOrElse(
                  each -> all.add(new Said<>(each, reason)),
                  () ->
                      notices.add(new Notice(reason, "there is no community of the name " + word)));
        }
      }
    }
    return all;
  }

  private Optional<RouteCommunity> community(String word) {
    if (word.indexOf(':') >= 0) {
      return Optional.of(RouteCommunity.parse(word));
    }
    return ordered.stream()
        .map(BgpConfiguration::communities)
        .map((Map<String, RouteCommunity> byName) -> Optional.ofNullable(byName.get(word)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Reason reason(BgpConfiguration configuration, String field) {
    return new Reason("BGPConfiguration/" + configuration.name(), "spec." + field);
  }
}
