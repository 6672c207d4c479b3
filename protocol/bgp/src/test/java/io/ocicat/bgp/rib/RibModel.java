package io.ocicat.bgp.rib;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The whole of the tables as maps of values, computed anew at each question. */
final class RibModel {
  static final int OUR_AS = 64512;
  static final int OUR_ID = 0x0a00_0001;
  static final int OUR_CLUSTER = 0x0a00_0063;
  static final int TAGGED = 64512 << 16 | 7;
  static final int NO_EXPORT = 0xffff_ff01;
  static final int NO_ADVERTISE = 0xffff_ff02;
  static final int GRACEFUL_SHUTDOWN = 0xffff_0000;
  static final int LLGR_STALE = 0xffff_0006;
  static final int NO_LLGR = 0xffff_0007;

  /** What a policy of the tests does, in the words of the model. */
  enum Filter {
    ACCEPT,
    REJECT,
    /** Rejects what is tagged; prefers everything else. */
    REJECT_TAGGED,
    /** Rejects long prefixes, tags short ones and lets the rest pass. */
    BY_LENGTH,
    /** Tags and prepends 65500 twice. */
    PREPEND;

    @Nullable ModelRoute apply(Cidr prefix, ModelRoute route) {
      return switch (this) {
        case ACCEPT -> route;
        case REJECT -> null;
        case REJECT_TAGGED -> route.communities().contains(TAGGED) ? null : route.localPref(200);
        case BY_LENGTH -> {
          if (prefix.prefixLength() >= 28) {
            yield null;
          }
          yield prefix.prefixLength() <= 20 ? route.community(TAGGED).med(77) : route;
        }
        case PREPEND -> route.prepend(65500).prepend(65500).community(TAGGED);
      };
    }
  }

  record Peer(
      String name,
      PeerType kind,
      long as,
      int identifier,
      IpAddress address,
      Filter importing,
      Filter exporting,
      NextHopMode nextHopMode,
      int sendPaths,
      boolean longLived) {
    Peer with(PeerType other) {
      return new Peer(
          name,
          other,
          as,
          identifier,
          address,
          importing,
          exporting,
          nextHopMode,
          sendPaths,
          longLived);
    }

    Peer with(Filter in, Filter out) {
      return new Peer(
          name, kind, as, identifier, address, in, out, nextHopMode, sendPaths, longLived);
    }
  }

  record Key(String peer, Cidr prefix, int pathId) {}

  record In(ModelRoute route, boolean stale) {}

  /** A path that came through import. */
  record Path(@Nullable Peer from, ModelRoute route, int pathId) {
    boolean external() {
      return from != null && !from.kind().internal();
    }

    int identifier() {
      return route.originator() != 0 ? route.originator() : from == null ? 0 : from.identifier();
    }

    long localPref() {
      return route.localPref() < 0 ? 100 : route.localPref();
    }

    long neighbourAs() {
      return route.asPath().isEmpty() ? 0 : route.asPath().getFirst();
    }
  }

  /** All neighbours ever, with the traits of their last session. */
  final Map<String, Peer> peers = new HashMap<>();

  final Map<String, Boolean> up = new HashMap<>();
  final Map<Key, In> adjRibIn = new HashMap<>();
  final Map<Cidr, ModelRoute> local = new HashMap<>();
  final Map<IpAddress, Reachability> nextHops = new HashMap<>();

  @Nullable ModelRoute accepted(Peer peer, Cidr prefix, ModelRoute received) {
    if (received.asPath().contains((long) OUR_AS)) {
      return null;
    }
    ModelRoute route = received;
    if (peer.kind().internal()) {
      if (received.originator() == OUR_ID || received.clusters().contains(OUR_CLUSTER)) {
        return null;
      }
    } else {
      if (received.asPath().isEmpty() || received.asPath().getFirst() != peer.as()) {
        return null;
      }
      if (received.communities().contains(GRACEFUL_SHUTDOWN)) {
        route = route.localPref(0);
      }
    }
    return peer.importing().apply(prefix, route);
  }

  List<Path> candidates(Cidr prefix) {
    List<Path> paths = new ArrayList<>();
    ModelRoute own = local.get(prefix);
    if (own != null) {
      paths.add(new Path(null, own, 0));
    }
    adjRibIn.forEach(
        (key, in) -> {
          if (key.prefix().equals(prefix)) {
            Peer peer = peers.get(key.peer());
            ModelRoute route = peer == null ? null : accepted(peer, prefix, in.route());
            if (route != null) {
              paths.add(new Path(peer, route, key.pathId()));
            }
          }
        });
    paths.removeIf(path -> path.from() != null && !reach(path).reachable());
    return paths;
  }

  private Reachability reach(Path path) {
    return path.from() == null
        ? Reachability.CONNECTED
        : nextHops.getOrDefault(path.route().nextHop(), Reachability.CONNECTED);
  }

  @Nullable Path best(Cidr prefix) {
    return best(candidates(prefix));
  }

  /** RFC 4271 §9.1.2 with RFC 4456 §9 and RFC 9494 §4.3, step by step. */
  private @Nullable Path best(List<Path> all) {
    List<Path> paths = new ArrayList<>(all);
    keep(paths, path -> path.from() == null ? 0 : 1);
    keep(paths, path -> path.route().communities().contains(LLGR_STALE) ? 1 : 0);
    keep(paths, path -> -path.localPref());
    keep(paths, path -> path.route().asPath().size());
    keep(paths, path -> path.route().origin());
    List<Path> before = List.copyOf(paths);
    paths.removeIf(
        path ->
            before.stream()
                .anyMatch(
                    other -> other.neighbourAs() == path.neighbourAs() && med(other) < med(path)));
    keep(paths, path -> path.external() ? 0 : 1);
    keep(paths, path -> reach(path).cost());
    keep(paths, path -> Integer.toUnsignedLong(path.identifier()));
    keep(paths, path -> path.route().clusters().size());
    paths.sort(
        Comparator.comparing(
            (Path path) -> path.from() == null ? null : path.from().address(),
            Comparator.nullsFirst(Comparator.naturalOrder())));
    if (paths.size() > 1) {
      Peer first = paths.getFirst().from();
      paths.removeIf(path -> !Objects.equals(path.from(), first));
      keep(paths, path -> Integer.toUnsignedLong(path.pathId()));
    }
    return paths.isEmpty() ? null : paths.getFirst();
  }

  private static long med(Path path) {
    return Math.max(0, path.route().med());
  }

  private static void keep(List<Path> paths, ToLongFunction<Path> lowest) {
    long least = paths.stream().mapToLong(lowest).min().orElse(0);
    paths.removeIf(path -> lowest.applyAsLong(path) != least);
  }

  /** What a neighbour must have been told of each prefix of a family (RFC 4271 §9.2). */
  Map<Cidr, List<ModelRoute>> adjRibOut(Peer to, IpFamily family, List<IpAddress> self) {
    Map<Cidr, List<ModelRoute>> out = new TreeMap<>();
    for (Cidr prefix : prefixes(p -> p.family() == family)) {
      List<Path> left = candidates(prefix);
      List<ModelRoute> sent = new ArrayList<>();
      for (int i = 0; i < to.sendPaths() && !left.isEmpty(); i++) {
        Path best = best(left);
        if (best == null) {
          break;
        }
        left.remove(best);
        ModelRoute route = exported(to, prefix, best, family, self);
        if (route != null) {
          sent.add(route);
        }
      }
      if (!sent.isEmpty()) {
        sent.sort(Comparator.comparing(ModelRoute::toString));
        out.put(prefix, sent);
      }
    }
    return out;
  }

  private @Nullable ModelRoute exported(
      Peer to, Cidr prefix, Path path, IpFamily family, List<IpAddress> self) {
    Peer from = path.from();
    ModelRoute route = path.route();
    if (from != null && from.name().equals(to.name())) {
      return null;
    }
    if (route.communities().contains(NO_ADVERTISE)
        || (route.communities().contains(NO_EXPORT) && !to.kind().internal())
        || (route.communities().contains(LLGR_STALE) && !to.longLived())) {
      return null;
    }
    boolean reflected = from != null && from.kind().internal() && to.kind().internal();
    if (from != null && from.kind() == PeerType.INTERNAL && to.kind() == PeerType.INTERNAL) {
      return null;
    }
    if (!to.kind().internal() && from != null) {
      route = route.med(-1);
    }
    route = to.exporting().apply(prefix, route);
    if (route == null) {
      return null;
    }
    boolean ours =
        from == null
            || to.nextHopMode() == NextHopMode.SELF
            || (to.nextHopMode() == NextHopMode.AUTO && !to.kind().internal());
    if (ours) {
      route =
          route.nextHop(self.stream().filter(a -> a.family() == family).findFirst().orElseThrow());
    }
    if (!to.kind().internal()) {
      return route.localPref(-1).withoutReflection().prepend(OUR_AS);
    }
    if (from != null && reflected) {
      if (route.originator() == 0) {
        route = route.originator(from.identifier());
      }
      route = route.cluster(OUR_CLUSTER);
    }
    return route.localPref() < 0 ? route.localPref(100) : route;
  }

  List<Cidr> prefixes(Predicate<Cidr> which) {
    List<Cidr> prefixes = new ArrayList<>(local.keySet());
    for (Key key : adjRibIn.keySet()) {
      if (!prefixes.contains(key.prefix())) {
        prefixes.add(key.prefix());
      }
    }
    prefixes.removeIf(which.negate());
    return prefixes;
  }
}
