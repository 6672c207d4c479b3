package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.selector.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a BGPPeer has no field for ({@code ocicat.io/v1} BGPPeerOptions). What is empty is left to
 * another object, or to the defaults.
 *
 * @param metadata the name
 * @param sessions which sessions it is for
 * @param order of several objects for a session, the lowest comes first
 * @param ranges whoever connects from these is a neighbour
 * @param mostFromRanges how many such neighbours at a time
 * @param interfaces the one neighbour on each of these devices
 * @param remoteAs {@code External}, {@code Internal} or {@code Any}
 * @param families the families of routes
 * @param passive whether we wait for the neighbour to connect
 * @param holdTime offered
 * @param keepaliveTime the time between keepalives
 * @param connectRetryTime after which connecting is tried anew
 * @param bfd watches the way to the neighbour
 * @param receivesPaths whether we take several paths of a prefix
 * @param sendsPaths how many we send
 * @param maxPrefixes how many prefixes the neighbour may send
 * @param minimumTtl packets of the neighbour with a lower one are dropped
 * @param role what we are to the neighbour
 * @param roleRequired whether the neighbour has to have a role
 * @param restart about routes of a neighbour that is away
 * @param bmp who is told all that the neighbour says
 */
public record BgpPeerOptions(
    Metadata metadata,
    Sessions sessions,
    int order,
    List<Cidr> ranges,
    Optional<Integer> mostFromRanges,
    List<String> interfaces,
    Optional<String> remoteAs,
    List<IpFamily> families,
    Optional<Boolean> passive,
    Optional<Duration> holdTime,
    Optional<Duration> keepaliveTime,
    Optional<Duration> connectRetryTime,
    Optional<Bfd> bfd,
    Optional<Boolean> receivesPaths,
    Optional<Integer> sendsPaths,
    Optional<MaxPrefixes> maxPrefixes,
    Optional<Integer> minimumTtl,
    Optional<Role> role,
    Optional<Boolean> roleRequired,
    Optional<Restart> restart,
    Optional<PeerEndpoint> bmp) {

  /**
   * Which sessions are meant.
   *
   * @param peers names of BGPPeers
   * @param peerSelector labels of BGPPeers
   * @param mesh those between nodes too
   * @param nodeSelector at which nodes
   */
  public record Sessions(
      List<String> peers,
      Optional<Selector> peerSelector,
      boolean mesh,
      Optional<Selector> nodeSelector) {
    /** Copies the list. */
    public Sessions {
      peers = List.copyOf(peers);
    }

    /** Whether it holds at this node. */
    public boolean at(Node node) {
      return nodeSelector.map(selector -> selector.matches(node.labels())).orElse(true);
    }

    /** Whether it is for the sessions of this BGPPeer. */
    public boolean of(BgpPeer peer) {
      return peers.contains(peer.name())
          || peerSelector.filter(selector -> selector.matches(peer.labels())).isPresent();
    }
  }

  /**
   * RFC 5880.
   *
   * @param transmit the time between our packets
   * @param receive the least time between the neighbour's
   * @param multiplier after how many lost packets it is gone
   */
  public record Bfd(Duration transmit, Duration receive, int multiplier) {}

  /**
   * How many prefixes a neighbour may send.
   *
   * @param ipv4 0 for no bound
   * @param ipv6 0 for no bound
   * @param warnPercent of the bound, from where there is a warning
   * @param action what happens at the bound
   * @param restartAfter when the session is tried again
   */
  public record MaxPrefixes(
      int ipv4, int ipv6, int warnPercent, AtMaximum action, Duration restartAfter) {}

  /** What happens at a bound. */
  public enum AtMaximum {
    /** A warning. */
    WARN,
    /** The session ends until somebody resets it. */
    IDLE,
    /** The session ends and is tried again. */
    RESTART
  }

  /** RFC 9234: what we are to the neighbour. */
  public enum Role {
    /** It is our customer. */
    PROVIDER,
    /** We serve routes. */
    ROUTE_SERVER,
    /** It serves routes. */
    ROUTE_SERVER_CLIENT,
    /** It is our provider. */
    CUSTOMER,
    /** Neither pays. */
    PEER
  }

  /**
   * About routes of a neighbour that is away.
   *
   * @param enabled whether they are kept at all
   * @param time how long
   * @param longLivedTime how long as a last resort after that
   * @param notification also after a notification
   */
  public record Restart(
      boolean enabled,
      Optional<Duration> time,
      Optional<Duration> longLivedTime,
      boolean notification) {}

  /** Copies the lists. */
  public BgpPeerOptions {
    ranges = List.copyOf(ranges);
    interfaces = List.copyOf(interfaces);
    families = List.copyOf(families);
  }

  /**
   * Reads a document of kind BGPPeerOptions.
   *
   * @throws UnreadableDocumentException if a part cannot be read
   */
  public static BgpPeerOptions read(JsonNode document) {
    Fields spec = Fields.of(document).object("spec");
    Fields paths = spec.object("addPath");
    return new BgpPeerOptions(
        Metadata.read(document),
        new Sessions(
            spec.words("peers"),
            spec.given("peerSelector", Selector::parse),
            spec.flag("mesh"),
            spec.given("nodeSelector", Selector::parse)),
        spec.number("order", 0),
        spec.cidrs("ranges"),
        spec.given("mostFromRanges", Integer::valueOf),
        spec.words("interfaces"),
        spec.given("remoteAS", text -> text),
        spec.words("families").stream()
            .map(word -> word.equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4)
            .distinct()
            .sorted()
            .toList(),
        spec.switched("passive"),
        spec.given("holdTime", GoDuration::parse),
        spec.given("keepaliveTime", GoDuration::parse),
        spec.given("connectRetryTime", GoDuration::parse),
        spec.has("bfd") ? Optional.of(bfd(spec.object("bfd"))) : Optional.empty(),
        paths.switched("receive"),
        paths.given("send", Integer::valueOf),
        spec.has("maxPrefixes")
            ? Optional.of(maxPrefixes(spec.object("maxPrefixes")))
            : Optional.empty(),
        spec.given("minimumTTL", Integer::valueOf),
        spec.given("role", BgpPeerOptions::role),
        spec.switched("roleRequired"),
        spec.has("gracefulRestart")
            ? Optional.of(restart(spec.object("gracefulRestart")))
            : Optional.empty(),
        spec.object("bmp")
            .given("address", IpAddress::parse)
            .map(address -> new PeerEndpoint(address, spec.object("bmp").number("port", 0))));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  private static Bfd bfd(Fields bfd) {
    Duration usual = Duration.ofMillis(300);
    return new Bfd(
        bfd.given("transmitInterval", GoDuration::parse).orElse(usual),
        bfd.given("receiveInterval", GoDuration::parse).orElse(usual),
        bfd.number("multiplier", 3));
  }

  private static MaxPrefixes maxPrefixes(Fields bound) {
    return new MaxPrefixes(
        bound.number("ipv4", 0),
        bound.number("ipv6", 0),
        bound.number("warnPercent", 75),
        switch (bound.text("action")) {
          case "Warn" -> AtMaximum.WARN;
          case "Idle" -> AtMaximum.IDLE;
          default -> AtMaximum.RESTART;
        },
        bound.given("restartAfter", GoDuration::parse).orElse(Duration.ofMinutes(5)));
  }

  private static Restart restart(Fields restart) {
    return new Restart(
        restart.switched("enabled").orElse(true),
        restart.given("restartTime", GoDuration::parse),
        restart.given("longLivedTime", GoDuration::parse),
        restart.switched("notification").orElse(true));
  }

  private static Role role(String word) {
    return switch (word) {
      case "Provider" -> Role.PROVIDER;
      case "RouteServer" -> Role.ROUTE_SERVER;
      case "RouteServerClient" -> Role.ROUTE_SERVER_CLIENT;
      case "Customer" -> Role.CUSTOMER;
      case "Peer" -> Role.PEER;
      default -> throw new IllegalArgumentException("not a role: " + word);
    };
  }
}
