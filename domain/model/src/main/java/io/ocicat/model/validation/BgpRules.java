package io.ocicat.model.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.GoDuration;
import io.ocicat.model.Kinds;
import io.ocicat.model.PeerEndpoint;
import io.ocicat.model.ResourceKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules for the kinds that routing is made of. */
final class BgpRules {
  private static final Duration LEAST_HOLD = Duration.ofSeconds(3);
  private static final Duration MOST_HOLD = Duration.ofSeconds(65_535);
  private static final Duration MOST_RESTART = Duration.ofSeconds(4095);
  private static final Duration MOST_LONG_LIVED = Duration.ofSeconds((1 << 24) - 1);

  private BgpRules() {}

  /** Kinds that are none of routing's pass. */
  static void check(ResourceKind kind, Place root) {
    if (kind.equals(Kinds.BGP_CONFIGURATION)) {
      configuration(root);
    } else if (kind.equals(Kinds.BGP_PEER)) {
      peer(root.at("spec"));
    } else if (kind.equals(Kinds.BGP_FILTER)) {
      filter(root.at("spec"));
    } else if (kind.equals(Kinds.BGP_PEER_OPTIONS)) {
      options(root.at("spec"));
    }
  }

  private static void configuration(Place root) {
    String name = root.at("metadata").at("name").text();
    Place spec = root.at("spec");
    boolean isDefault = name.equals(FelixConfiguration.DEFAULT);
    if (!isDefault && !name.startsWith(FelixConfiguration.NODE_PREFIX)) {
      root.at("metadata")
          .at("name")
          .warning("has no effect: only default and node.NAME are honoured");
    }
    for (String field :
        List.of("nodeToNodeMeshEnabled", "nodeMeshPassword", "nodeMeshMaxRestartTime")) {
      if (!isDefault && spec.at(field).isPresent()) {
        spec.at(field).forbidden("can be set in the BGPConfiguration \"default\" alone");
      }
    }
    if (!spec.at("nodeToNodeMeshEnabled").value().asBoolean(true)) {
      for (String field : List.of("nodeMeshPassword", "nodeMeshMaxRestartTime")) {
        if (spec.at(field).isPresent()) {
          spec.at(field).forbidden("cannot be set while nodeToNodeMeshEnabled is false");
        }
      }
    }
    Set<String> names = new HashSet<>();
    for (Place community : spec.at("communities").items()) {
      if (!names.add(community.at("name").text())) {
        community.at("name").duplicate();
      }
    }
    if (!names.isEmpty() && spec.at("prefixAdvertisements").items().isEmpty()) {
      spec.at("communities").invalid("needs prefixAdvertisements, which say what carries them");
    }
    for (Place advertisement : spec.at("prefixAdvertisements").items()) {
      for (Place community : advertisement.at("communities").items()) {
        if (community.text().indexOf(':') < 0 && !names.contains(community.text())) {
          community.invalid("is neither a community nor the name of one in communities");
        }
      }
    }
    warnOfLogging(spec);
  }

  private static void warnOfLogging(Place spec) {
    if (spec.at("logSeverityScreen").isPresent()) {
      spec.at("logSeverityScreen").warning("accepted, and has no effect");
    }
  }

  private static void peer(Place spec) {
    apart(spec, "node", "nodeSelector");
    apart(spec, "peerIP", "peerSelector");
    apart(spec, "peerSelector", "asNumber");
    apart(spec, "keepOriginalNextHop", "nextHopMode");
    for (String selector : List.of("nodeSelector", "peerSelector", "localWorkloadSelector")) {
      CalicoSelectorRules.refuseGlobal(spec.at(selector));
    }
    if (isGiven(spec.at("localWorkloadSelector"))) {
      apart(spec, "localWorkloadSelector", "peerIP");
      apart(spec, "localWorkloadSelector", "peerSelector");
      if (!spec.at("asNumber").isPresent()) {
        spec.at("asNumber").missing("needed with localWorkloadSelector");
      }
    }
    Place reachableBy = spec.at("reachableBy");
    if (isGiven(reachableBy)) {
      Optional<IpAddress> by = IpAddress.tryParse(reachableBy.text());
      Optional<IpAddress> peer = endpoint(spec.at("peerIP").text());
      if (!isGiven(spec.at("peerIP"))) {
        reachableBy.forbidden("needs peerIP");
      } else if (by.isPresent() && peer.isPresent() && by.get().family() != peer.get().family()) {
        reachableBy.invalid("is of another family than peerIP " + peer.get());
      }
    }
    restart(spec.at("maxRestartTime"));
  }

  private static Optional<IpAddress> endpoint(String text) {
    try {
      return Optional.of(PeerEndpoint.parse(text).address());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void filter(Place spec) {
    for (String direction : List.of("exportV4", "importV4", "exportV6", "importV6")) {
      for (Place rule : spec.at(direction).items()) {
        rule(rule, direction.startsWith("import"));
      }
    }
  }

  private static void rule(Place rule, boolean importing) {
    boolean cidr = isGiven(rule.at("cidr"));
    if (cidr != isGiven(rule.at("matchOperator"))) {
      rule.at(cidr ? "matchOperator" : "cidr").missing("cidr and matchOperator need each other");
    }
    Place length = rule.at("prefixLength");
    if (length.isPresent() && !cidr) {
      length.forbidden("needs cidr");
    }
    JsonNode min = length.at("min").value();
    JsonNode max = length.at("max").value();
    if (min.isInt() && max.isInt() && min.intValue() > max.intValue()) {
      length.at("min").invalid("is greater than max, which is " + max);
    }
    if (rule.at("operations").isPresent() && rule.at("action").text().equals("Reject")) {
      rule.at("operations").forbidden("needs action Accept");
    }
    if (importing && rule.at("source").isPresent()) {
      rule.at("source").warning("always holds: what is imported comes from a neighbour");
    }
  }

  private static void options(Place spec) {
    boolean mesh = spec.at("mesh").value().asBoolean();
    if (spec.at("peers").items().isEmpty() && !isGiven(spec.at("peerSelector")) && !mesh) {
      spec.at("peers").missing("this, peerSelector or mesh has to say which sessions are meant");
    }
    for (String selector : List.of("nodeSelector", "peerSelector")) {
      CalicoSelectorRules.refuseGlobal(spec.at(selector));
    }
    for (String field : List.of("ranges", "interfaces", "remoteAS")) {
      if (mesh && spec.at(field).isPresent()) {
        spec.at(field).forbidden("cannot be set for sessions of the mesh");
      }
    }
    Place hold = spec.at("holdTime");
    Duration holds = duration(hold).orElse(Duration.ofSeconds(90));
    if ((!holds.isZero() && holds.compareTo(LEAST_HOLD) < 0) || holds.compareTo(MOST_HOLD) > 0) {
      hold.invalid("must be 0s, or from 3s to 65535s");
    }
    Place keepalive = spec.at("keepaliveTime");
    duration(keepalive)
        .filter(each -> !holds.isZero() && each.multipliedBy(3).compareTo(holds) > 0)
        .ifPresent(_ -> keepalive.invalid("must be at most a third of holdTime"));
    restart(spec.at("gracefulRestart").at("restartTime"));
    Place longLived = spec.at("gracefulRestart").at("longLivedTime");
    duration(longLived)
        .filter(each -> each.compareTo(MOST_LONG_LIVED) > 0)
        .ifPresent(_ -> longLived.invalid("must be at most 16777215s"));
    if (spec.at("roleRequired").value().asBoolean() && !isGiven(spec.at("role"))) {
      spec.at("roleRequired").forbidden("needs role");
    }
  }

  private static void restart(Place time) {
    duration(time)
        .filter(each -> each.compareTo(MOST_RESTART) > 0)
        .ifPresent(_ -> time.invalid("must be at most 4095s"));
  }

  private static Optional<Duration> duration(Place place) {
    try {
      return place.text().isEmpty()
          ? Optional.empty()
          : Optional.of(GoDuration.parse(place.text()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void apart(Place spec, String one, String other) {
    if (isGiven(spec.at(one)) && isGiven(spec.at(other))) {
      spec.at(one).forbidden("cannot be set together with " + other);
    }
  }

  /** False and the empty text are the same as nothing. */
  private static boolean isGiven(Place place) {
    return place.isPresent()
        && !(place.value().isTextual() && place.text().isEmpty())
        && !(place.value().isBoolean() && !place.value().booleanValue());
  }
}
