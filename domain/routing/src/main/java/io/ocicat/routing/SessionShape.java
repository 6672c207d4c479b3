package io.ocicat.routing;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpFilter;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.IpPool;
import io.ocicat.model.Node;
import io.ocicat.model.SecretKey;
import io.ocicat.routing.Neighbour.Password;
import io.ocicat.routing.Neighbour.Place;
import io.ocicat.routing.Neighbour.RemoteAs;
import io.ocicat.routing.Neighbour.Sort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the sessions of a node are, once it is known where the neighbours are. */
final class SessionShape {
  private static final Duration USUAL_RESTART = Duration.ofMinutes(2);
  private static final Duration USUAL_HOLD = Duration.ofSeconds(90);
  private static final Duration USUAL_RETRY = Duration.ofSeconds(10);
  private static final int TTL_MAX = 255;

  private final RoutingInputs inputs;
  private final Node node;
  private final BgpSettings settings;
  private final List<Notice> notices;
  private final Map<String, BgpFilter> filters;

  SessionShape(RoutingInputs inputs, Node node, BgpSettings settings, List<Notice> notices) {
    this.inputs = inputs;
    this.node = node;
    this.settings = settings;
    this.notices = notices;
    this.filters =
        inputs.filters().stream()
            .collect(Collectors.toMap(BgpFilter::name, Function.identity(), (one, _) -> one));
  }

  Neighbour ofPeer(
      BgpPeer peer,
      Place place,
      Optional<Node> other,
      List<IpFamily> families,
      ChosenOptions options,
      Reason reason) {
    boolean waits = options.first("passive", BgpPeerOptions::passive).orElse(false);
    return build(
        peer,
        place,
        other,
        families,
        options,
        List.of(reason),
        source(peer, place),
        waits || place instanceof Place.Range);
  }

  Neighbour ofWorkload(
      BgpPeer peer,
      Place place,
      List<IpFamily> families,
      ChosenOptions options,
      List<Reason> reasons) {
    return build(peer, place, Optional.empty(), families, options, reasons, Optional.empty(), true);
  }

  private Neighbour build(
      BgpPeer peer,
      Place place,
      Optional<Node> other,
      List<IpFamily> families,
      ChosenOptions options,
      List<Reason> reasons,
      Optional<IpAddress> source,
      boolean passive) {
    long localAs =
        peer.localAs().map(as -> as.value()).orElseGet(() -> settings.asOf(node).value());
    RemoteAs remoteAs = remoteAs(peer, place, other, options);
    Neighbour neighbour =
        new Neighbour(
            nameOf(place),
            place,
            Neighbours.sortOf(peer),
            other.map(Node::name).orElse(""),
            localAs,
            remoteAs,
            new Neighbour.Transport(
                source,
                passive,
                password(peer.password(), Neighbours.reason(peer, "spec.password")),
                minimumTtl(peer, options),
                peer.reachableBy()),
            times(peer, options),
            restart(peer.restartTime(), options),
            exchange(place, families, options),
            new Neighbour.Routing(
                isClient(localAs, remoteAs, other), peer.nextHop(), peer.allowedLocalAs()),
            policies(peer),
            options.first("bfd", BgpPeerOptions::bfd),
            options.first("bmp", BgpPeerOptions::bmp),
            reasons);
    return withUsed(neighbour, reasons, options);
  }

  Neighbour ofMesh(
      Place place, Node other, IpFamily family, boolean passive, List<Reason> reasons) {
    ChosenOptions options = ChosenOptions.ofMesh(inputs.options(), node);
    long localAs = settings.asOf(node).value();
    RemoteAs remoteAs = new RemoteAs.Exactly(asOf(other));
    boolean waits = options.first("passive", BgpPeerOptions::passive).orElse(false);
    Neighbour neighbour =
        new Neighbour(
            nameOf(place),
            place,
            Sort.NODE_MESH,
            other.name(),
            localAs,
            remoteAs,
            new Neighbour.Transport(
                NodeFacts.address(node, family),
                passive || waits,
                meshPassword(),
                options.first("minimumTTL", BgpPeerOptions::minimumTtl).orElse(0),
                Optional.empty()),
            times(Optional.empty(), options),
            restart(
                settings
                    .said("nodeMeshMaxRestartTime", BgpConfiguration::meshRestartTime)
                    .map(BgpSettings.Said::value),
                options),
            exchange(place, List.of(family), options),
            new Neighbour.Routing(
                isClient(localAs, remoteAs, Optional.of(other)), BgpPeer.NextHop.AUTO, 0),
            policies(List.of()),
            options.first("bfd", BgpPeerOptions::bfd),
            options.first("bmp", BgpPeerOptions::bmp),
            reasons);
    return withUsed(neighbour, reasons, options);
  }

  private static Neighbour withUsed(
      Neighbour neighbour, List<Reason> reasons, ChosenOptions options) {
    Set<Reason> all = new LinkedHashSet<>(reasons);
    all.addAll(options.used());
    return neighbour.because(List.copyOf(all));
  }

  /** The same however a session comes about, so that it can change hands. */
  static String nameOf(Place place) {
    return switch (place) {
      case Place.At(IpAddress address, int port, String device) -> {
        String where = device.isEmpty() ? address.toString() : address + "%" + device;
        boolean isUsual = port == Neighbours.USUAL_PORT;
        yield isUsual
            ? where
            : (address.family() == IpFamily.IPV6 ? "[" + where + "]" : where) + ":" + port;
      }
      case Place.Range range -> "range " + range.cidr();
      case Place.On on -> "on " + on.device();
    };
  }

  private long asOf(Node other) {
    return BgpSettings.of(inputs.configurations(), other.name()).asOf(other).value();
  }

  private RemoteAs remoteAs(
      BgpPeer peer, Place place, Optional<Node> other, ChosenOptions options) {
    if (peer.asNumber().isPresent()) {
      return new RemoteAs.Exactly(peer.asNumber().get().value());
    }
    if (other.isPresent()) {
      return new RemoteAs.Exactly(asOf(other.get()));
    }
    Optional<String> word = options.first("remoteAS", BgpPeerOptions::remoteAs);
    if (word.isPresent()) {
      return switch (word.get()) {
        case "External" -> new RemoteAs.External();
        case "Internal" -> new RemoteAs.Internal();
        default -> new RemoteAs.Any();
      };
    }
    return place instanceof Place.At
        ? new RemoteAs.Exactly(settings.asOf(node).value())
        : new RemoteAs.Any();
  }

  /** Neighbours inside our AS are clients unless they reflect for the same cluster (RFC 4456). */
  private boolean isClient(long localAs, RemoteAs remoteAs, Optional<Node> other) {
    boolean internal =
        switch (remoteAs) {
          case RemoteAs.Exactly(long as) -> as == localAs;
          case RemoteAs.Internal _, RemoteAs.Any _ -> true;
          case RemoteAs.External _ -> false;
        };
    return internal
        && NodeFacts.isReflector(node)
        && !other.flatMap(NodeFacts::clusterId).equals(NodeFacts.clusterId(node));
  }

  private Optional<IpAddress> source(BgpPeer peer, Place place) {
    return peer.fromNodeAddress() && place instanceof Place.At at && !at.address().isLinkLocal()
        ? NodeFacts.address(node, at.address().family())
        : Optional.empty();
  }

  private Password meshPassword() {
    return settings
        .said("nodeMeshPassword", BgpConfiguration::meshPassword)
        .map(said -> password(Optional.of(said.value()), said.reason()))
        .orElseGet(Password.None::new);
  }

  private Password password(Optional<SecretKey> where, Reason reason) {
    if (where.isEmpty()) {
      return new Password.None();
    }
    String text = inputs.passwords().get(where.get());
    if (text == null) {
      notices.add(
          new Notice(
              reason,
              "key %s of Secret %s is not there: the session waits for it"
                  .formatted(where.get().key(), where.get().secret())));
      return new Password.Awaited(where.get());
    }
    return new Password.Known(text);
  }

  private int minimumTtl(BgpPeer peer, ChosenOptions options) {
    Optional<Integer> wished = options.first("minimumTTL", BgpPeerOptions::minimumTtl);
    if (peer.ttlSecurityHops() == 0) {
      return wished.orElse(0);
    }
    if (wished.isPresent()) {
      notices.add(
          new Notice(
              options.reasonOf("minimumTTL"),
              "is passed over for ttlSecurity of BGPPeer " + peer.name()));
    }
    return TTL_MAX + 1 - peer.ttlSecurityHops();
  }

  private Neighbour.Times times(BgpPeer peer, ChosenOptions options) {
    return times(
        peer.keepaliveTime()
            .map(
                each ->
                    new BgpSettings.Said<>(each, Neighbours.reason(peer, "spec.keepaliveTime"))),
        options);
  }

  private Neighbour.Times times(
      Optional<BgpSettings.Said<Duration>> ofPeer, ChosenOptions options) {
    Optional<Duration> wishedHold = options.first("holdTime", BgpPeerOptions::holdTime);
    Duration keepalive =
        options
            .first("keepaliveTime", BgpPeerOptions::keepaliveTime)
            .or(() -> ofPeer.map(BgpSettings.Said::value))
            .orElse(Duration.ZERO);
    Duration least = keepalive.multipliedBy(3);
    Duration hold = wishedHold.orElse(least.compareTo(USUAL_HOLD) > 0 ? least : USUAL_HOLD);
    if (!hold.isZero() && least.compareTo(hold) > 0) {
      notices.add(
          new Notice(
              ofPeer
                  .map(BgpSettings.Said::reason)
                  .orElseGet(() -> options.reasonOf("keepaliveTime")),
              "is more than a third of the hold time of %d s: a third is used"
                  .formatted(hold.toSeconds())));
      keepalive = Duration.ZERO;
    }
    return new Neighbour.Times(
        hold,
        keepalive,
        options.first("connectRetryTime", BgpPeerOptions::connectRetryTime).orElse(USUAL_RETRY));
  }

  private static Neighbour.Restart restart(Optional<Duration> ofPeer, ChosenOptions options) {
    Optional<BgpPeerOptions.Restart> wished =
        options.first("gracefulRestart", BgpPeerOptions::restart);
    return new Neighbour.Restart(
        wished.map(BgpPeerOptions.Restart::enabled).orElse(true),
        wished.flatMap(BgpPeerOptions.Restart::time).or(() -> ofPeer).orElse(USUAL_RESTART),
        wished.flatMap(BgpPeerOptions.Restart::longLivedTime).orElse(Duration.ZERO),
        wished.map(BgpPeerOptions.Restart::notification).orElse(true));
  }

  private static Neighbour.Exchange exchange(
      Place place, List<IpFamily> usual, ChosenOptions options) {
    List<IpFamily> wished = options.firstList("families", BgpPeerOptions::families);
    List<IpFamily> families = wished.isEmpty() ? usual : wished;
    boolean overV6 =
        switch (place) {
          case Place.At at -> at.address().family() == IpFamily.IPV6;
          case Place.Range range -> range.cidr().family() == IpFamily.IPV6;
          case Place.On _ -> true;
        };
    return new Neighbour.Exchange(
        families,
        options.first("addPath.receive", BgpPeerOptions::receivesPaths).orElse(false),
        options.first("addPath.send", BgpPeerOptions::sendsPaths).orElse(1),
        overV6 && families.contains(IpFamily.IPV4),
        options.first("maxPrefixes", BgpPeerOptions::maxPrefixes),
        options.first("role", BgpPeerOptions::role),
        options.first("roleRequired", BgpPeerOptions::roleRequired).orElse(false));
  }

  private Neighbour.Policies policies(BgpPeer peer) {
    List<BgpFilter> chosen = new ArrayList<>();
    for (int i = 0; i < peer.filters().size(); i++) {
      BgpFilter filter = filters.get(peer.filters().get(i));
      if (filter == null) {
        notices.add(
            new Notice(
                Neighbours.reason(peer, "spec.filters[%d]".formatted(i)),
                "there is no BGPFilter %s: passed over".formatted(peer.filters().get(i))));
      } else {
        chosen.add(filter);
      }
    }
    return policies(chosen);
  }

  private Neighbour.Policies policies(List<BgpFilter> chosen) {
    return new Neighbour.Policies(
        rules(chosen, f -> FilterTerms.importing(f, IpFamily.IPV4), List.of()),
        rules(chosen, f -> FilterTerms.importing(f, IpFamily.IPV6), List.of()),
        rules(chosen, f -> FilterTerms.exporting(f, IpFamily.IPV4), closed(IpFamily.IPV4)),
        rules(chosen, f -> FilterTerms.exporting(f, IpFamily.IPV6), closed(IpFamily.IPV6)));
  }

  private static RouteRules rules(
      List<BgpFilter> chosen, Function<BgpFilter, List<RouteTerm>> terms, List<RouteTerm> last) {
    List<RouteTerm> all = new ArrayList<>();
    chosen.forEach(filter -> all.addAll(terms.apply(filter)));
    all.addAll(last);
    return new RouteRules(all);
  }

  /** After all filters, as Calico has it: what a filter accepts is announced all the same. */
  private List<RouteTerm> closed(IpFamily family) {
    return inputs.pools().stream()
        .filter(pool -> pool.disableBgpExport() && pool.cidr().family() == family)
        .sorted(Comparator.comparing(IpPool::name))
        .map(
            pool ->
                new RouteTerm(
                    new Reason("IPPool/" + pool.name(), "spec.disableBGPExport"),
                    List.of(
                        new RouteMatch.Prefix(
                            pool.cidr(), pool.cidr().prefixLength(), family.bits(), true)),
                    List.of(),
                    false))
        .toList();
  }
}
