package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.CapabilityCode;
import io.ocicat.bgpwire.iana.Role;
import java.util.List;
import java.util.Optional;

/**
 * What an OPEN says of its sender (RFC 5492). Capabilities that are not known are kept as they
 * came.
 */
public sealed interface Capability {

  /** The code on the wire, see {@link CapabilityCode}. */
  int code();

  /** Multiprotocol extensions (RFC 4760 §8). */
  record Multiprotocol(Family family) implements Capability {
    @Override
    public int code() {
      return CapabilityCode.MULTIPROTOCOL.code();
    }
  }

  /** Route refresh (RFC 2918 §2). */
  record RouteRefresh() implements Capability {
    @Override
    public int code() {
      return CapabilityCode.ROUTE_REFRESH.code();
    }
  }

  /** Prefixes of one family over next hops of another (RFC 8950 §4). */
  record ExtendedNextHop(List<Encoding> encodings) implements Capability {

    /**
     * @param nextHopAfi 2 for IPv6
     */
    public record Encoding(Family family, int nextHopAfi) {}

    public ExtendedNextHop {
      encodings = List.copyOf(encodings);
    }

    /** IPv4 unicast over IPv6. */
    public static ExtendedNextHop ipv4OverIpv6() {
      return new ExtendedNextHop(List.of(new Encoding(Family.IPV4_UNICAST, 2)));
    }

    @Override
    public int code() {
      return CapabilityCode.EXTENDED_NEXT_HOP.code();
    }
  }

  /** Messages up to 65535 octets (RFC 8654 §3). */
  record ExtendedMessage() implements Capability {
    @Override
    public int code() {
      return CapabilityCode.EXTENDED_MESSAGE.code();
    }
  }

  /** What the sender is to its peer (RFC 9234 §4.1); numbers without a name are kept. */
  record BgpRole(int role) implements Capability {

    public BgpRole(Role role) {
      this(role.code());
    }

    public Optional<Role> known() {
      return Role.of(role);
    }

    @Override
    public int code() {
      return CapabilityCode.BGP_ROLE.code();
    }
  }

  /**
   * Graceful restart (RFC 4724 §3).
   *
   * @param restarting the R bit: the sender has restarted, do not wait for its End-of-RIB
   * @param notifications the N bit: also after NOTIFICATIONs and hold timers (RFC 8538 §2)
   * @param restartTimeSeconds until the session is back, at most 4095
   */
  record GracefulRestart(
      boolean restarting, boolean notifications, int restartTimeSeconds, List<Forwarding> families)
      implements Capability {

    /**
     * @param preserved the F bit: forwarding went on during the restart
     */
    public record Forwarding(Family family, boolean preserved) {}

    public GracefulRestart {
      families = List.copyOf(families);
      if (restartTimeSeconds < 0 || restartTimeSeconds > 4095) {
        throw new IllegalArgumentException(
            "restart time of " + restartTimeSeconds + " s does not fit 12 bits");
      }
    }

    @Override
    public int code() {
      return CapabilityCode.GRACEFUL_RESTART.code();
    }
  }

  /**
   * AS numbers of four octets (RFC 6793 §3).
   *
   * @param asn of the sender, 32 bits unsigned
   */
  record FourOctetAs(int asn) implements Capability {
    @Override
    public int code() {
      return CapabilityCode.FOUR_OCTET_AS.code();
    }

    @Override
    public String toString() {
      return "FourOctetAs[asn=" + Asn.text(asn) + "]";
    }
  }

  /** Several paths for a prefix (RFC 7911 §4). */
  record AddPath(List<Direction> families) implements Capability {

    /** What the sender of the capability wants to do in {@code family}. */
    public record Direction(Family family, boolean receives, boolean sends) {}

    public AddPath {
      families = List.copyOf(families);
    }

    @Override
    public int code() {
      return CapabilityCode.ADD_PATH.code();
    }
  }

  /** Route refresh with a beginning and an end (RFC 7313 §3.1). */
  record EnhancedRouteRefresh() implements Capability {
    @Override
    public int code() {
      return CapabilityCode.ENHANCED_ROUTE_REFRESH.code();
    }
  }

  /** Long-lived graceful restart (RFC 9494 §4.1). */
  record LongLivedGracefulRestart(List<Staleness> families) implements Capability {

    /**
     * @param staleTimeSeconds at most 16777215
     */
    public record Staleness(Family family, boolean preserved, int staleTimeSeconds) {
      public Staleness {
        if (staleTimeSeconds >>> 24 != 0) {
          throw new IllegalArgumentException(
              "stale time of " + staleTimeSeconds + " s does not fit 24 bits");
        }
      }
    }

    public LongLivedGracefulRestart {
      families = List.copyOf(families);
    }

    @Override
    public int code() {
      return CapabilityCode.LONG_LIVED_GRACEFUL_RESTART.code();
    }
  }

  /** Names to show (draft-walton-bgp-hostname-capability). */
  record Fqdn(String host, String domain) implements Capability {
    @Override
    public int code() {
      return CapabilityCode.FQDN.code();
    }
  }

  /** A version to show (draft-abraitis-bgp-version-capability). */
  record SoftwareVersion(String text) implements Capability {
    @Override
    public int code() {
      return CapabilityCode.SOFTWARE_VERSION.code();
    }
  }

  /** A capability that is not understood here, as it came. */
  record Unknown(int code, Bytes value) implements Capability {}
}
