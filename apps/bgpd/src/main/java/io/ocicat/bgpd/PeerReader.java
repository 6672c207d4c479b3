package io.ocicat.bgpd;

import io.ocicat.bgp.loop.Hops;
import io.ocicat.bgp.rib.FamilyTraits;
import io.ocicat.bgp.rib.MaxPrefixes;
import io.ocicat.bgp.rib.NextHopMode;
import io.ocicat.bgp.session.BfdSettings;
import io.ocicat.bgp.session.FamilyOffer;
import io.ocicat.bgp.session.GracefulRestart;
import io.ocicat.bgp.session.Offers;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgp.session.Routing;
import io.ocicat.bgp.session.Timers;
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.Role;
import io.ocicat.inet.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what one peer, or the peers of one range, have.
 *
 * <pre>
 *   as: 65002                 # or internal, or external
 *   localAs: 65001            # towards it
 *   port: 179
 *   source: 192.0.2.1
 *   passive: false
 *   password: secret          # or passwordFile; TCP MD5
 *   ttlSecurity: 1            # RFC 5082: hops to it, or
 *   ttl: 4                    # how far our packets go
 *   holdTime: 90              # seconds, as below
 *   keepaliveTime: 30
 *   connectRetryTime: 10
 *   delayOpenTime: 0
 *   idleHoldTime: 1.5         # after a first failure
 *   longestIdleHoldTime: 60   # after many
 *   sendHoldTime: 480
 *   families: [ipv4, ipv6]
 *   extendedNextHop: true
 *   extendedMessages: true
 *   routeRefresh: true
 *   enhancedRefresh: true     # RFC 7313
 *   addPath: {send: 4, receive: true}      # send: all
 *   maxPrefixes: {limit: 1000, warnPercent: 80, action: warn, restartTime: 60}
 *   gracefulRestart: {enabled: true, restartTime: 120, longLivedTime: 0}
 *   bfd: true                 # as it stands here, or with fields
 *   bfd: {transmit: 300, receive: 300, multiplier: 3, path: by-ttl, graceful: false}  # ms
 *   role: customer            # RFC 9234
 *   roleDemanded: false
 *   reflectorClient: false
 *   nextHop: auto             # self, keep
 *   allowOwnAs: 0
 *   enforceFirstAs: true
 *   import: all               # or none, or a policy's name; or {ipv4: …, ipv6: …}
 *   export: all
 *   shutdown: back at noon    # keeps the session down and tells why
 * </pre>
 */
final class PeerReader {

  private static final int MOST_KEY_BYTES = 80;

  private final Fields fields;
  private final Path folder;
  private final PolicyReader policies;
  private final boolean keepsForwarding;

  private enum LimitAction {
    WARN,
    RESET
  }

  /**
   * @param keepsForwarding our routes stay in use while we restart: they are in the kernel
   */
  PeerReader(Fields fields, Path folder, PolicyReader policies, boolean keepsForwarding) {
    this.fields = fields;
    this.folder = folder;
    this.policies = policies;
    this.keepsForwarding = keepsForwarding;
  }

  PeerSettings read(String name, PeerAddress address, long localAs) {
    PeerSettings settings =
        PeerSettings.of(
                name, address, fields.number("localAs", localAs, 1, 0xffff_ffffL), remoteAs())
            .transport(transport())
            .timers(timers())
            .routing(routing())
            .policies(policies.of(fields))
            .bfd(bfd());
    Optional<Fields> limit = fields.mapping("maxPrefixes");
    MaxPrefixes maximum = limit.map(PeerReader::maximum).orElse(MaxPrefixes.NONE);
    Duration restart =
        limit.map(l -> l.seconds("restartTime", Duration.ZERO)).orElse(Duration.ZERO);
    limit.ifPresent(Fields::done);
    settings = settings.offers(offers(maximum)).restartAfterMaximum(restart);
    return fields.has("shutdown") ? settings.disabled(fields.text("shutdown", "")) : settings;
  }

  private RemoteAs remoteAs() {
    if (fields.isWord("as", "internal")) {
      return new RemoteAs.Internal();
    }
    if (fields.isWord("as", "external")) {
      return new RemoteAs.External();
    }
    if (!fields.has("as")) {
      fields.problem("as", "missing; a number, internal or external");
      return new RemoteAs.External();
    }
    return new RemoteAs.Exactly(fields.number("as", 1, 1, 0xffff_ffffL));
  }

  private Transport transport() {
    Hops hops = Hops.UNLIMITED;
    int security = (int) fields.number("ttlSecurity", 0, 1, 254);
    int ttl = (int) fields.number("ttl", 0, 1, 255);
    if (security > 0 && ttl > 0) {
      fields.problem("ttl", "give this or ttlSecurity");
    } else if (security > 0) {
      hops = Hops.security(security);
    } else if (ttl > 0) {
      hops = Hops.atMost(ttl);
    }
    return new Transport(
        (int) fields.number("port", Transport.BGP_PORT, 1, 65535),
        fields.address("source").orElse(IpAddress.parse("0.0.0.0")),
        fields.flag("passive", false),
        password(),
        hops);
  }

  private String password() {
    String key = fields.text("password", "");
    String file = fields.text("passwordFile", "");
    if (!key.isEmpty() && !file.isEmpty()) {
      fields.problem("passwordFile", "give this or password");
    } else if (!file.isEmpty()) {
      try {
        key = Files.readString(folder.resolve(file)).strip();
      } catch (IOException e) {
        fields.problem("passwordFile", "cannot read %s: %s".formatted(folder.resolve(file), e));
      }
    }
    if (key.length() > MOST_KEY_BYTES) {
      fields.problem("password", "longer than %d bytes".formatted(MOST_KEY_BYTES));
    }
    return key;
  }

  private Timers timers() {
    int hold = (int) fields.number("holdTime", Timers.DEFAULT.holdSeconds(), 0, 65535);
    int keepalive = (int) fields.number("keepaliveTime", 0, 0, 21845);
    if (hold == 1 || hold == 2) {
      fields.problem("holdTime", "0 or at least 3, not " + hold);
      hold = 3;
    }
    if (hold > 0 && keepalive > hold / 3) {
      fields.problem("keepaliveTime", "more than a third of the hold time, " + hold);
      keepalive = 0;
    }
    return new Timers(
        hold,
        keepalive,
        fields.seconds("connectRetryTime", Timers.DEFAULT.connectRetry()),
        fields.seconds("delayOpenTime", Duration.ZERO),
        fields.seconds("sendHoldTime", Duration.ZERO),
        fields.seconds("idleHoldTime", Timers.DEFAULT.idleHold()),
        fields.seconds("longestIdleHoldTime", Timers.DEFAULT.longestIdleHold()));
  }

  private Offers offers(MaxPrefixes maximum) {
    List<Family> families =
        fields.has("families")
            ? fields.list("families", PeerReader::family, "ipv4 or ipv6")
            : List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
    if (families.isEmpty()) {
      fields.problem("families", "none");
    }
    FamilyOffer offer = paths(maximum);
    Map<Family, FamilyOffer> offered = new HashMap<>();
    families.forEach(family -> offered.put(family, offer));
    boolean refresh = fields.flag("routeRefresh", true);
    Offers offers =
        Offers.DEFAULT
            .families(offered)
            .switches(
                new Offers.Switches(
                    fields.flag("extendedNextHop", true),
                    fields.flag("extendedMessages", true),
                    refresh,
                    fields.flag("enhancedRefresh", refresh)))
            .graceful(graceful());
    Optional<Role> role = fields.word("role", Role.class);
    if (role.isPresent()) {
      offers = offers.role(role.get());
    }
    return fields.flag("roleDemanded", false) ? offers.demandingRole() : offers;
  }

  private static Optional<Family> family(String text) {
    return switch (text) {
      case "ipv4" -> Optional.of(Family.IPV4_UNICAST);
      case "ipv6" -> Optional.of(Family.IPV6_UNICAST);
      default -> Optional.empty();
    };
  }

  private FamilyOffer paths(MaxPrefixes maximum) {
    Optional<Fields> paths = fields.mapping("addPath");
    int send =
        paths
            .map(
                p ->
                    p.isWord("send", "all")
                        ? FamilyTraits.ALL_PATHS
                        : (int) p.number("send", 1, 1, 1000))
            .orElse(1);
    boolean receive = paths.map(p -> p.flag("receive", false)).orElse(false);
    paths.ifPresent(Fields::done);
    return new FamilyOffer(receive, send, maximum);
  }

  private static MaxPrefixes maximum(Fields limit) {
    return new MaxPrefixes(
        (int) limit.number("limit", 0, 1, Integer.MAX_VALUE),
        (int) limit.number("warnPercent", 0, 0, 100),
        limit.word("action", LimitAction.class).orElse(LimitAction.RESET) == LimitAction.RESET);
  }

  private GracefulRestart graceful() {
    Optional<Fields> mapping = fields.mapping("gracefulRestart");
    if (mapping.isEmpty()) {
      return new GracefulRestart(true, 120, keepsForwarding, true, 0);
    }
    Fields graceful = mapping.get();
    boolean enabled = graceful.flag("enabled", true);
    int restart =
        (int) graceful.number("restartTime", 120, 0, GracefulRestart.MOST_RESTART_SECONDS);
    boolean notification = graceful.flag("notification", true);
    int longLived =
        (int) graceful.number("longLivedTime", 0, 0, GracefulRestart.MOST_LONG_LIVED_SECONDS);
    graceful.done();
    return enabled
        ? new GracefulRestart(true, restart, keepsForwarding, notification, longLived)
        : GracefulRestart.OFF;
  }

  private BfdSettings bfd() {
    if (fields.isFlag("bfd")) {
      return fields.flag("bfd", false) ? BfdSettings.DEFAULT : BfdSettings.OFF;
    }
    Optional<Fields> mapping = fields.mapping("bfd");
    if (mapping.isEmpty()) {
      return BfdSettings.OFF;
    }
    Fields bfd = mapping.get();
    BfdSettings settings =
        new BfdSettings(
            bfd.flag("enabled", true),
            Duration.ofMillis(bfd.number("transmit", 300, 10, 3_600_000)),
            Duration.ofMillis(bfd.number("receive", 300, 10, 3_600_000)),
            (int) bfd.number("multiplier", 3, 1, 255),
            bfd.word("path", BfdSettings.Path.class).orElse(BfdSettings.Path.BY_TTL),
            bfd.flag("graceful", false));
    bfd.done();
    return settings;
  }

  private Routing routing() {
    return new Routing(
        fields.flag("reflectorClient", false),
        fields.word("nextHop", NextHopMode.class).orElse(NextHopMode.AUTO),
        (int) fields.number("allowOwnAs", 0, 0, 255),
        fields.flag("enforceFirstAs", true));
  }
}
