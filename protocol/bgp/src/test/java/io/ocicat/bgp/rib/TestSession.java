package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.Change;
import io.ocicat.bgp.policy.Condition;
import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgp.policy.RoutePolicy;
import io.ocicat.bgp.policy.Term;
import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.AttributeCache;
import io.ocicat.bgpwire.AttributeError;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.EncodedAttributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Nlri;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.PeerKind;
import io.ocicat.bgpwire.PrefixVisitor;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.bgpwire.UpdateHandler;
import io.ocicat.bgpwire.UpdateParser;
import io.ocicat.bgpwire.UpdateWriter;
import io.ocicat.bgpwire.iana.Origin;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The other end of a session: sends and takes real UPDATEs and keeps what it was told. */
final class TestSession implements UpdateHandler {
  static final List<IpAddress> SELF =
      List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("2001:db8::1"));
  static final Set<Family> BOTH = Set.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

  /** What is held of a prefix by path identifier. */
  private record Item(Cidr prefix, int pathId) {}

  RibModel.Peer peer;
  final PeerRoutes routes;
  boolean woken;
  private boolean readAll = true;
  int updates;
  int announcements;
  long octets;
  final List<Family> endsOfRib = new ArrayList<>();
  final List<Integer> refreshes = new ArrayList<>();
  private final Map<Item, ModelRoute> held = new HashMap<>();
  private final UpdateParser parser;
  private final UpdateWriter writer;

  TestSession(Rib rib, RibModel.Peer peer, boolean keepStale, PeerEvents events) {
    this(rib, peer, traits(peer, keepStale, events));
  }

  TestSession(Rib rib, RibModel.Peer peer, PeerTraits traits) {
    this.peer = peer;
    Set<Family> addPath = peer.sendPaths() > 1 ? BOTH : Set.of();
    parser =
        new UpdateParser(
            new ReceiveTraits(
                peer.kind().internal() ? PeerKind.INTERNAL : PeerKind.EXTERNAL,
                true,
                RibModel.OUR_AS,
                true,
                BOTH,
                addPath,
                Set.of(Family.IPV4_UNICAST)),
            new AttributeCache(64));
    writer = new UpdateWriter(new SendTraits(true, 4096, BOTH));
    routes = rib.up(traits, () -> woken = true);
  }

  static PeerTraits traits(RibModel.Peer peer, boolean keepStale, PeerEvents events) {
    FamilyTraits family = new FamilyTraits(peer.sendPaths(), MaxPrefixes.NONE, keepStale, false);
    Set<Family> addPath = peer.sendPaths() > 1 ? BOTH : Set.of();
    return new PeerTraits(
        peer.name(),
        peer.kind(),
        RibModel.OUR_AS,
        (int) peer.as(),
        RibModel.OUR_ID,
        peer.identifier(),
        RibModel.OUR_CLUSTER,
        peer.address(),
        "",
        SELF,
        new ReceiveTraits(
            peer.kind().internal() ? PeerKind.INTERNAL : PeerKind.EXTERNAL,
            true,
            (int) peer.as(),
            true,
            BOTH,
            BOTH,
            Set.of()),
        new SendTraits(true, 4096, addPath),
        Map.of(Family.IPV4_UNICAST, family, Family.IPV6_UNICAST, family),
        new PeerOptions(peer.nextHopMode(), Relation.NONE, 0, true, false, peer.longLived(), true),
        policies(peer),
        events);
  }

  static RoutePolicies policies(RibModel.Peer peer) {
    return RoutePolicies.of(policy(peer.importing()), policy(peer.exporting()));
  }

  static RoutePolicy policy(RibModel.Filter filter) {
    Community tag = new Community(RibModel.TAGGED);
    return switch (filter) {
      case ACCEPT -> RoutePolicy.ACCEPT_ALL;
      case REJECT -> RoutePolicy.REJECT_ALL;
      case REJECT_TAGGED ->
          new RoutePolicy(
              "no tagged",
              List.of(
                  new Term(
                      "tagged",
                      List.of(new Condition.HasCommunity(tag)),
                      List.of(),
                      Term.Outcome.REJECT),
                  new Term(
                      "others",
                      List.of(),
                      List.of(new Change.SetLocalPref(200)),
                      Term.Outcome.ACCEPT)),
              false);
      case BY_LENGTH ->
          new RoutePolicy(
              "by length",
              List.of(
                  new Term(
                      "long",
                      List.of(new Condition.Lengths(28, 128)),
                      List.of(),
                      Term.Outcome.REJECT),
                  new Term(
                      "short",
                      List.of(new Condition.Lengths(0, 20)),
                      List.of(new Change.AddCommunities(List.of(tag)), new Change.SetMed(77)),
                      Term.Outcome.CONTINUE)),
              true);
      case PREPEND ->
          new RoutePolicy(
              "prepend",
              List.of(
                  new Term(
                      "all",
                      List.of(),
                      List.of(
                          new Change.Prepend(List.of(65500L, 65500L)),
                          new Change.AddCommunities(List.of(tag))),
                      Term.Outcome.ACCEPT)),
              false);
    };
  }

  /** Sends announcements of one route. */
  void announce(ModelRoute route, List<Cidr> prefixes, int pathId) {
    write(attributes(route), prefixes, pathId);
  }

  /** The model of this neighbour changed its policies. */
  void changed(RibModel.Peer now) {
    peer = now;
  }

  void withdraw(List<Cidr> prefixes, int pathId) {
    write(null, prefixes, pathId);
  }

  void sendEndOfRib(Family family) {
    ByteBuffer out = ByteBuffer.allocate(64);
    writer.begin(out);
    writer.endOfRib(family);
    writer.finish();
    if (deliver(out) != null) {
      throw new IllegalStateException("End-of-RIB was refused");
    }
  }

  /** Sends announcements of one route that may end the session. */
  @Nullable Notification offer(ModelRoute route, List<Cidr> prefixes) {
    return deliver(encode(attributes(route), prefixes, 0));
  }

  private void write(@Nullable Attributes attributes, List<Cidr> prefixes, int pathId) {
    Notification error = deliver(encode(attributes, prefixes, pathId));
    if (error != null) {
      throw new IllegalStateException("refused: " + error);
    }
  }

  private ByteBuffer encode(@Nullable Attributes attributes, List<Cidr> prefixes, int pathId) {
    Family family = Family.unicast(prefixes.getFirst().family());
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    writer.begin(out);
    if (attributes == null) {
      writer.withdrawing(family);
    } else {
      EncodedAttributes encoded = writer.encode(family, attributes);
      writer.announcing(encoded);
    }
    for (Cidr prefix : prefixes) {
      boolean fits =
          switch (prefix.address()) {
            case Ipv4Address v4 -> writer.v4(v4.value(), prefix.prefixLength(), pathId);
            case Ipv6Address v6 -> writer.v6(v6.high(), v6.low(), prefix.prefixLength(), pathId);
          };
      if (!fits) {
        throw new IllegalStateException("too many prefixes for the test's buffer");
      }
    }
    writer.finish();
    return out;
  }

  private @Nullable Notification deliver(ByteBuffer out) {
    out.flip();
    while (out.hasRemaining()) {
      int length = out.getShort(out.position() + 16) & 0xffff;
      ByteBuffer body = out.slice(out.position() + 19, length - 19);
      out.position(out.position() + length);
      Notification error = routes.update(body);
      if (error != null) {
        return error;
      }
    }
    return null;
  }

  /** There is something to read, as far as this end can know. */
  boolean mayRead() {
    return woken || !readAll;
  }

  /** Takes up to so many buffers; true if there are no more. */
  boolean take(int most) {
    readAll = false;
    for (int i = 0; i < most; i++) {
      ByteBuffer bytes = routes.next();
      if (bytes == null) {
        readAll = true;
        woken = false;
        return true;
      }
      octets += bytes.remaining();
      while (bytes.hasRemaining()) {
        int length = bytes.getShort(bytes.position() + 16) & 0xffff;
        ByteBuffer body = bytes.slice(bytes.position() + 19, length - 19);
        switch (bytes.get(bytes.position() + 18)) {
          case 2 -> {
            updates++;
            Notification error = parser.parse(body, this);
            if (error != null) {
              throw new IllegalStateException("cannot read what was sent: " + error);
            }
          }
          case 5 -> refreshes.add((int) body.get(2));
          default -> throw new IllegalStateException("not an UPDATE");
        }
        bytes.position(bytes.position() + length);
      }
    }
    return false;
  }

  @Override
  public void announce(Family family, Attributes attributes, Nlri nlri) {
    ModelRoute route = route(attributes);
    announcements += nlri.count();
    nlri.forEach(each((prefix, pathId) -> held.put(new Item(prefix, pathId), route)));
  }

  @Override
  public void withdraw(Family family, Nlri nlri) {
    nlri.forEach(each((prefix, pathId) -> held.remove(new Item(prefix, pathId))));
  }

  @Override
  public void endOfRib(Family family) {
    endsOfRib.add(family);
  }

  @Override
  public void malformed(AttributeError error) {
    throw new IllegalStateException(error.toString());
  }

  /** All that this neighbour holds of a family. */
  Map<Cidr, List<ModelRoute>> held(IpFamily family) {
    Map<Cidr, List<ModelRoute>> sorted = new TreeMap<>();
    held.forEach(
        (item, route) -> {
          if (item.prefix().family() == family) {
            sorted.computeIfAbsent(item.prefix(), p -> new ArrayList<>()).add(route);
          }
        });
    sorted.values().forEach(list -> list.sort(Comparator.comparing(ModelRoute::toString)));
    return sorted;
  }

  private interface Each {
    void on(Cidr prefix, int pathId);
  }

  private static PrefixVisitor each(Each each) {
    return new PrefixVisitor() {
      @Override
      public void v4(int address, int length, int pathId) {
        each.on(new Cidr(new Ipv4Address(address), length), pathId);
      }

      @Override
      public void v6(long high, long low, int length, int pathId) {
        each.on(new Cidr(new Ipv6Address(high, low), length), pathId);
      }
    };
  }

  static Attributes attributes(ModelRoute route) {
    AttributesBuilder builder =
        Attributes.builder()
            .origin(Origin.of(route.origin()).orElseThrow())
            .asPath(AsPath.sequence(route.asPath().stream().mapToInt(Long::intValue).toArray()))
            .nextHop(route.nextHop())
            .communities(route.communities().stream().map(Community::new).toList())
            .clusterList(route.clusters().stream().map(Ipv4Address::new).toList());
    if (route.med() >= 0) {
      builder.med((int) route.med());
    }
    if (route.localPref() >= 0) {
      builder.localPref((int) route.localPref());
    }
    if (route.originator() != 0) {
      builder.originatorId(new Ipv4Address(route.originator()));
    }
    return builder.build();
  }

  static ModelRoute route(Attributes attributes) {
    List<Long> path = new ArrayList<>();
    for (int as : attributes.asPath().asns()) {
      path.add(Integer.toUnsignedLong(as));
    }
    return new ModelRoute(
        attributes.origin().code(),
        path,
        attributes.nextHop().orElseThrow(),
        attributes.hasMed() ? Integer.toUnsignedLong(attributes.med()) : -1,
        attributes.hasLocalPref() ? Integer.toUnsignedLong(attributes.localPref()) : -1,
        attributes.communities().stream()
            .map(Community::value)
            .collect(Collectors.toCollection(TreeSet::new)),
        attributes.originatorId().map(Ipv4Address::value).orElse(0),
        attributes.clusterList().stream().map(Ipv4Address::value).toList());
  }
}
