package io.ocicat.model.schema;

import static io.ocicat.model.schema.SchemaWords.between;
import static io.ocicat.model.schema.SchemaWords.cidr;
import static io.ocicat.model.schema.SchemaWords.duration;
import static io.ocicat.model.schema.SchemaWords.field;
import static io.ocicat.model.schema.SchemaWords.flag;
import static io.ocicat.model.schema.SchemaWords.int32;
import static io.ocicat.model.schema.SchemaWords.list;
import static io.ocicat.model.schema.SchemaWords.oneOf;
import static io.ocicat.model.schema.SchemaWords.portNumber;
import static io.ocicat.model.schema.SchemaWords.required;
import static io.ocicat.model.schema.SchemaWords.struct;
import static io.ocicat.model.schema.SchemaWords.text;

import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Struct;
import java.util.Arrays;
import java.util.stream.Stream;

/** BGPPeerOptions of {@code ocicat.io/v1}. */
final class BgpPeerOptionsSchema {
  private static final String OCICAT = "io.ocicat.v1.";
  private static final int MOST_RANGES = 100;
  private static final int MOST_NEIGHBOURS = 10_000;
  private static final int BFD_MULTIPLIER_MAX = 255;
  private static final int TTL_MAX = 255;

  private static final Field[] SESSIONS = {
    field("peers", list(text(TextChecks::dnsSubdomain)), "Names of the BGPPeers that this is for."),
    field("peerSelector", BgpSchemas.SELECTOR, "Labels of the BGPPeers that this is for."),
    field("mesh", flag(), "Whether it is for the sessions between nodes too; false if absent."),
    field("nodeSelector", BgpSchemas.SELECTOR, "The nodes at which it holds; all if absent."),
    field(
        "order",
        int32(),
        "Of several objects for a session, the lowest order decides, for each field that it has; 0"
            + " if absent. Of equal ones the first by name."),
    field(
        "ranges",
        list(cidr(TextChecks::strictCidr)).atMost(MOST_RANGES),
        "Whoever connects from these is a neighbour. For BGPPeers that do not say where the"
            + " neighbour is."),
    field(
        "mostFromRanges",
        between(1, MOST_NEIGHBOURS),
        "How many such neighbours at a time; 100 if absent."),
    field(
        "interfaces",
        list(text(TextChecks::interfaceName)),
        "The one neighbour on each of these devices, found by itself (unnumbered). For BGPPeers"
            + " that do not say where the neighbour is; with a link-local peerIP, the device that"
            + " it is on."),
    field(
        "remoteAS",
        oneOf("External", "Internal", "Any"),
        "Which AS neighbours may be of, where the BGPPeer has no asNumber."),
    field(
        "families",
        list(oneOf("IPv4", "IPv6")),
        "The families of routes; if absent that of the neighbour's address, both for ranges and"
            + " interfaces."),
    field("passive", flag(), "Whether we wait for the neighbour to connect; false if absent.")
  };

  private static final Field[] SETTINGS = {
    field("holdTime", duration(), "Offered hold time: 0s, or from 3s; 90s if absent."),
    field(
        "keepaliveTime",
        duration(),
        "The time between keepalives, at most a third of holdTime, which it is if absent."),
    field(
        "connectRetryTime",
        duration(),
        "After which time connecting is tried anew; 10s if absent."),
    field(
        "bfd",
        struct(
            OCICAT + "BGPPeerBFD",
            "BGPPeerBFD has the way to the neighbour watched (RFC 5880).",
            field("transmitInterval", duration(), "The time between our packets; 300ms if absent."),
            field(
                "receiveInterval",
                duration(),
                "The least time between the neighbour's; 300ms if absent."),
            field(
                "multiplier",
                between(1, BFD_MULTIPLIER_MAX),
                "After how many lost packets the neighbour is gone; 3 if absent.")),
        "Watches the way to the neighbour, and ends the session as soon as it is gone."),
    field(
        "addPath",
        struct(
            OCICAT + "BGPPeerAddPath",
            "BGPPeerAddPath is about several paths of a prefix (RFC 7911).",
            field("receive", flag(), "Whether we take them; false if absent."),
            field("send", between(1, 255), "How many we send; 1 if absent.")),
        "Several paths of a prefix."),
    field(
        "maxPrefixes",
        struct(
            OCICAT + "BGPPeerMaxPrefixes",
            "BGPPeerMaxPrefixes bounds how much a neighbour may send.",
            field("ipv4", between(1, Integer.MAX_VALUE), "IPv4 prefixes; no bound if absent."),
            field("ipv6", between(1, Integer.MAX_VALUE), "IPv6 prefixes; no bound if absent."),
            field(
                "warnPercent",
                between(1, 100),
                "Of the bound, from where there is a warning; 75 if absent."),
            field(
                "action",
                oneOf("Warn", "Idle", "Restart"),
                "What happens at the bound: a warning, the session ends, or it ends and is tried"
                    + " again after restartAfter; Restart if absent."),
            field("restartAfter", duration(), "5m if absent.")),
        "How many prefixes the neighbour may send."),
    field(
        "minimumTTL",
        between(1, TTL_MAX),
        "Packets of the neighbour with a lower TTL are dropped (RFC 5082). Not with the BGPPeer's"
            + " ttlSecurity."),
    field(
        "role",
        oneOf("Provider", "RouteServer", "RouteServerClient", "Customer", "Peer"),
        "What we are to the neighbour (RFC 9234)."),
    field("roleRequired", flag(), "Whether the neighbour has to have a role; false if absent."),
    field(
        "gracefulRestart",
        struct(
            OCICAT + "BGPPeerGracefulRestart",
            "BGPPeerGracefulRestart is about routes of a neighbour that is away.",
            field("enabled", flag(), "Whether they are kept at all; true if absent."),
            field(
                "restartTime",
                duration(),
                "How long (RFC 4724), up to 4095s; the BGPPeer's if absent."),
            field(
                "longLivedTime",
                duration(),
                "How long as a last resort after that (RFC 9494), up to 16777215s; not if absent."),
            field("notification", flag(), "Also after a notification (RFC 8538); true if absent.")),
        "Routes of a neighbour that is away."),
    field(
        "bmp",
        struct(
            OCICAT + "BGPPeerBMP",
            "BGPPeerBMP is a collector of what neighbours say.",
            required("address", text(TextChecks::ipAddress), "Its address."),
            required("port", portNumber(), "Its port.")),
        "Who is told all that the neighbour says (RFC 7854).")
  };

  static final Struct BGP_PEER_OPTIONS =
      MetaSchemas.kind(
          OCICAT + "BGPPeerOptions",
          Kinds.BGP_PEER_OPTIONS,
          "BGPPeerOptions is what a BGPPeer has no field for.",
          TextChecks::dnsSubdomain,
          required(
              "spec",
              struct(
                  OCICAT + "BGPPeerOptionsSpec",
                  "BGPPeerOptionsSpec says which sessions, and how they are.",
                  both()),
              "Which sessions, and how they are."));

  private BgpPeerOptionsSchema() {}

  private static Field[] both() {
    return Stream.of(SESSIONS, SETTINGS).flatMap(Arrays::stream).toArray(Field[]::new);
  }
}
