package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.CapabilityCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The octets of capabilities, between code and length and the next capability. */
final class CapabilityCodec {

  private CapabilityCodec() {}

  /**
   * Empty if the value cannot be one of a capability that is understood here. What is only shown is
   * forgiven and becomes {@link Capability.Unknown}.
   */
  static Optional<Capability> decode(int code, Bytes value) {
    Capability unknown = new Capability.Unknown(code, value);
    CapabilityCode known = CapabilityCode.of(code).orElse(null);
    if (known == null) {
      return Optional.of(unknown);
    }
    ByteBuffer in = value.toBuffer();
    return switch (known) {
      case MULTIPROTOCOL ->
          value.length() == 4
              ? Optional.of(new Capability.Multiprotocol(wideFamily(in)))
              : Optional.empty();
      case ROUTE_REFRESH -> flag(value, new Capability.RouteRefresh());
      case EXTENDED_NEXT_HOP -> extendedNextHop(in);
      case EXTENDED_MESSAGE -> flag(value, new Capability.ExtendedMessage());
      case BGP_ROLE ->
          value.length() == 1 ? Optional.of(new Capability.BgpRole(value.at(0))) : Optional.empty();
      case GRACEFUL_RESTART -> gracefulRestart(in);
      case FOUR_OCTET_AS ->
          value.length() == 4
              ? Optional.of(new Capability.FourOctetAs(in.getInt()))
              : Optional.empty();
      case ADD_PATH -> addPath(in);
      case ENHANCED_ROUTE_REFRESH -> flag(value, new Capability.EnhancedRouteRefresh());
      case LONG_LIVED_GRACEFUL_RESTART -> longLived(in);
      case FQDN -> fqdn(value).or(() -> Optional.of(unknown));
      case SOFTWARE_VERSION -> softwareVersion(value).or(() -> Optional.of(unknown));
      case OUTBOUND_ROUTE_FILTERING,
          MULTIPLE_ROUTES,
          BGPSEC,
          MULTIPLE_LABELS,
          DYNAMIC_CAPABILITY_OLD,
          DYNAMIC_CAPABILITY,
          MULTISESSION,
          ROUTING_POLICY_DISTRIBUTION,
          BFD,
          PATHS_LIMIT,
          PRESTANDARD_ROUTE_REFRESH,
          PRESTANDARD_ROUTING_POLICY_DISTRIBUTION,
          PRESTANDARD_ORF,
          PRESTANDARD_MULTISESSION,
          PRESTANDARD_FQDN,
          PRESTANDARD_OPERATIONAL ->
          Optional.of(unknown);
    };
  }

  private static Optional<Capability> flag(Bytes value, Capability capability) {
    return value.isEmpty() ? Optional.of(capability) : Optional.empty();
  }

  /** AFI, a reserved octet, SAFI. */
  private static Family wideFamily(ByteBuffer in) {
    int afi = in.getShort() & 0xffff;
    in.get();
    return Family.of(afi, in.get() & 0xff);
  }

  private static Family family(ByteBuffer in) {
    return Family.of(in.getShort() & 0xffff, in.get() & 0xff);
  }

  private static Optional<Capability> extendedNextHop(ByteBuffer in) {
    if (in.remaining() % 6 != 0) {
      return Optional.empty();
    }
    List<Capability.ExtendedNextHop.Encoding> encodings = new ArrayList<>();
    while (in.hasRemaining()) {
      int afi = in.getShort() & 0xffff;
      int safi = in.getShort() & 0xffff;
      int nextHopAfi = in.getShort() & 0xffff;
      if (safi <= 0xff) {
        encodings.add(new Capability.ExtendedNextHop.Encoding(Family.of(afi, safi), nextHopAfi));
      }
    }
    return Optional.of(new Capability.ExtendedNextHop(encodings));
  }

  private static Optional<Capability> gracefulRestart(ByteBuffer in) {
    if (in.remaining() < 2 || (in.remaining() - 2) % 4 != 0) {
      return Optional.empty();
    }
    int head = in.getShort() & 0xffff;
    List<Capability.GracefulRestart.Forwarding> families = new ArrayList<>();
    while (in.hasRemaining()) {
      Family family = family(in);
      families.add(new Capability.GracefulRestart.Forwarding(family, (in.get() & 0x80) != 0));
    }
    return Optional.of(
        new Capability.GracefulRestart(
            (head & 0x8000) != 0, (head & 0x4000) != 0, head & 0x0fff, families));
  }

  private static Optional<Capability> addPath(ByteBuffer in) {
    if (in.remaining() % 4 != 0) {
      return Optional.empty();
    }
    List<Capability.AddPath.Direction> families = new ArrayList<>();
    while (in.hasRemaining()) {
      Family family = family(in);
      int direction = in.get() & 0xff;
      // RFC 7911 §4: any other value means that this family is ignored.
      if (direction >= 1 && direction <= 3) {
        families.add(
            new Capability.AddPath.Direction(family, (direction & 1) != 0, (direction & 2) != 0));
      }
    }
    return Optional.of(new Capability.AddPath(families));
  }

  private static Optional<Capability> longLived(ByteBuffer in) {
    if (in.remaining() % 7 != 0) {
      return Optional.empty();
    }
    List<Capability.LongLivedGracefulRestart.Staleness> families = new ArrayList<>();
    while (in.hasRemaining()) {
      Family family = family(in);
      int flagsAndTime = in.getInt();
      families.add(
          new Capability.LongLivedGracefulRestart.Staleness(
              family, flagsAndTime < 0, flagsAndTime & 0xffffff));
    }
    return Optional.of(new Capability.LongLivedGracefulRestart(families));
  }

  private static Optional<Capability> fqdn(Bytes value) {
    if (value.length() < 2 || value.at(0) > value.length() - 2) {
      return Optional.empty();
    }
    int hostEnd = 1 + value.at(0);
    if (hostEnd + 1 + value.at(hostEnd) != value.length()) {
      return Optional.empty();
    }
    byte[] octets = value.toArray();
    return Bytes.copyOf(octets, 1, hostEnd)
        .utf8()
        .flatMap(
            host ->
                Bytes.copyOf(octets, hostEnd + 1, octets.length)
                    .utf8()
                    .map(domain -> new Capability.Fqdn(host, domain)));
  }

  private static Optional<Capability> softwareVersion(Bytes value) {
    if (value.isEmpty() || value.at(0) != value.length() - 1) {
      return Optional.empty();
    }
    return Bytes.copyOf(value.toArray(), 1, value.length())
        .utf8()
        .map(Capability.SoftwareVersion::new);
  }

  /** Writes code, length and value. */
  static void encode(Capability capability, ByteBuffer out) {
    out.put((byte) capability.code()).put((byte) 0);
    int start = out.position();
    switch (capability) {
      case Capability.Multiprotocol(Family family) ->
          out.putShort((short) family.afi()).put((byte) 0).put((byte) family.safi());
      case Capability.RouteRefresh(),
          Capability.ExtendedMessage(),
          Capability.EnhancedRouteRefresh() -> {}
      case Capability.ExtendedNextHop c -> {
        for (Capability.ExtendedNextHop.Encoding e : c.encodings()) {
          out.putShort((short) e.family().afi())
              .putShort((short) e.family().safi())
              .putShort((short) e.nextHopAfi());
        }
      }
      case Capability.BgpRole(int role) -> out.put((byte) role);
      case Capability.GracefulRestart c -> {
        int bits = (c.restarting() ? 0x8000 : 0) | (c.notifications() ? 0x4000 : 0);
        out.putShort((short) (bits | c.restartTimeSeconds()));
        for (Capability.GracefulRestart.Forwarding f : c.families()) {
          family(f.family(), out).put((byte) (f.preserved() ? 0x80 : 0));
        }
      }
      case Capability.FourOctetAs(int asn) -> out.putInt(asn);
      case Capability.AddPath c -> {
        for (Capability.AddPath.Direction d : c.families()) {
          family(d.family(), out).put((byte) ((d.receives() ? 1 : 0) | (d.sends() ? 2 : 0)));
        }
      }
      case Capability.LongLivedGracefulRestart c -> {
        for (Capability.LongLivedGracefulRestart.Staleness s : c.families()) {
          family(s.family(), out).putInt((s.preserved() ? 0x80000000 : 0) | s.staleTimeSeconds());
        }
      }
      case Capability.Fqdn(String host, String domain) -> {
        text(host, 64, out);
        text(domain, 64, out);
      }
      case Capability.SoftwareVersion(String text) -> text(text, 64, out);
      case Capability.Unknown(_, Bytes value) -> value.writeTo(out);
    }
    int length = out.position() - start;
    if (length > 255) {
      throw new IllegalArgumentException(
          "capability " + capability.code() + " has " + length + " octets, at most 255 fit");
    }
    out.put(start - 1, (byte) length);
  }

  private static ByteBuffer family(Family family, ByteBuffer out) {
    return out.putShort((short) family.afi()).put((byte) family.safi());
  }

  /** A length and that many octets; both drafts ask for 64 at most. */
  private static void text(String text, int maximum, ByteBuffer out) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    byte[] kept = octets.length <= maximum ? octets : Arrays.copyOf(octets, maximum);
    out.put((byte) kept.length).put(kept);
  }
}
