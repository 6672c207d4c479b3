package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.bgpwire.iana.Origin;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The path attributes of a route, immutable, in one canonical run of octets: sorted by type,
 * lengths as short as can be, reserved flags 0, AS numbers of four octets (AS4_PATH merged in), the
 * next hop of either IP version as attribute 3 with 4, 16 or 32 octets, no NLRI. Equal by content,
 * with a hash that is computed once.
 *
 * <p>Towards a peer with 4-octet AS numbers this is already the wire form, all but the next hop of
 * prefixes that go in MP_REACH_NLRI. Unknown transitive attributes carry their Partial bit; unknown
 * non-transitive ones are not in here (RFC 4271 §5).
 */
public final class Attributes {

  private static final byte[] NONE = new byte[0];

  private final byte[] octets;
  private final int hash;
  private final long present;
  private final int med;
  private final int localPref;
  private final short asPathAt;
  private final short asPathLength;

  /**
   * @param octets canonical and checked; not copied
   */
  Attributes(byte[] octets) {
    this.octets = octets;
    this.hash = Long.hashCode(Octets.hash(0, octets, 0, octets.length));
    long found = 0;
    int medValue = 0;
    int localPrefValue = 0;
    int pathAt = 0;
    int pathLength = 0;
    for (int at = 0; at < octets.length; at = valueEnd(at)) {
      int type = octets[at + 1] & 0xff;
      found |= type < 64 ? 1L << type : 1L;
      if (type == 2) {
        pathAt = at;
        pathLength = new AsPath(octets, valueStart(at), valueEnd(at)).length();
      } else if (type == 4) {
        medValue = Octets.int32(octets, at + 3);
      } else if (type == 5) {
        localPrefValue = Octets.int32(octets, at + 3);
      }
    }
    this.present = found;
    this.med = medValue;
    this.localPref = localPrefValue;
    this.asPathAt = (short) pathAt;
    this.asPathLength = (short) pathLength;
  }

  /** ORIGIN IGP, an empty AS_PATH, and what is added to it. */
  public static AttributesBuilder builder() {
    return new AttributesBuilder();
  }

  /** A builder that starts with these. */
  public AttributesBuilder edit() {
    return new AttributesBuilder(this);
  }

  private int valueStart(int at) {
    return at + ((octets[at] & 0x10) == 0 ? 3 : 4);
  }

  private int valueEnd(int at) {
    return (octets[at] & 0x10) == 0
        ? at + 3 + (octets[at + 2] & 0xff)
        : at + 4 + Octets.int16(octets, at + 2);
  }

  /** Where the attribute starts, flags first; -1 if it is not there. */
  private int find(AttributeType type) {
    return find(type.code());
  }

  private int find(int type) {
    if ((present & (type < 64 ? 1L << type : 1L)) == 0) {
      return -1;
    }
    for (int at = 0; at < octets.length; at = valueEnd(at)) {
      if ((octets[at + 1] & 0xff) == type) {
        return at;
      }
    }
    return -1;
  }

  public boolean has(AttributeType type) {
    return find(type) >= 0;
  }

  /** The octets of an attribute without its header, of any type. */
  public Optional<Bytes> value(int type) {
    int at = find(type);
    return at < 0
        ? Optional.empty()
        : Optional.of(Bytes.copyOf(octets, valueStart(at), valueEnd(at)));
  }

  /** Size in octets. */
  public int size() {
    return octets.length;
  }

  byte[] octets() {
    return octets;
  }

  public Origin origin() {
    int at = find(AttributeType.ORIGIN);
    return at < 0 ? Origin.INCOMPLETE : Origin.of(octets[at + 3]).orElse(Origin.INCOMPLETE);
  }

  public AsPath asPath() {
    return (present & 1L << 2) == 0
        ? AsPath.EMPTY
        : new AsPath(octets, valueStart(pathAt()), valueEnd(pathAt()));
  }

  private int pathAt() {
    return asPathAt & 0xffff;
  }

  /** Of {@link AsPath#length()}, without cost. */
  public int asPathLength() {
    return asPathLength;
  }

  /** The very first AS number of the path; 0 if the path is empty. */
  public int firstAs() {
    return asPath().first();
  }

  /** Global or only address of the next hop; empty if these attributes have none yet. */
  public Optional<IpAddress> nextHop() {
    int at = find(AttributeType.NEXT_HOP);
    if (at < 0) {
      return Optional.empty();
    }
    return Optional.of(
        octets[at + 2] == 4
            ? new Ipv4Address(Octets.int32(octets, at + 3))
            : new Ipv6Address(Octets.int64(octets, at + 3), Octets.int64(octets, at + 11)));
  }

  /** The second address of an IPv6 next hop of 32 octets (RFC 2545 §3). */
  public Optional<Ipv6Address> linkLocalNextHop() {
    int at = find(AttributeType.NEXT_HOP);
    return at < 0 || octets[at + 2] != 32
        ? Optional.empty()
        : Optional.of(
            new Ipv6Address(Octets.int64(octets, at + 19), Octets.int64(octets, at + 27)));
  }

  public boolean hasMed() {
    return (present & 1L << 4) != 0;
  }

  /** MULTI_EXIT_DISC, 32 bits unsigned; 0 if it is not there. */
  public int med() {
    return med;
  }

  public boolean hasLocalPref() {
    return (present & 1L << 5) != 0;
  }

  /** LOCAL_PREF, 32 bits unsigned; 0 if it is not there. */
  public int localPref() {
    return localPref;
  }

  /** LOCAL_PREF, 32 bits unsigned, with a default. */
  public int localPrefOr(int otherwise) {
    return hasLocalPref() ? localPref : otherwise;
  }

  public boolean isAtomicAggregate() {
    return has(AttributeType.ATOMIC_AGGREGATE);
  }

  /**
   * Who aggregated (RFC 4271 §5.1.7).
   *
   * @param asn 32 bits unsigned
   */
  public record Aggregator(int asn, Ipv4Address address) {
    @Override
    public String toString() {
      return Asn.text(asn) + " " + address;
    }
  }

  public Optional<Aggregator> aggregator() {
    int at = find(AttributeType.AGGREGATOR);
    return at < 0
        ? Optional.empty()
        : Optional.of(
            new Aggregator(
                Octets.int32(octets, at + 3), new Ipv4Address(Octets.int32(octets, at + 7))));
  }

  public boolean hasCommunity(WellKnownCommunity community) {
    return hasCommunity(community.code());
  }

  public boolean hasCommunity(int community) {
    int at = find(AttributeType.COMMUNITIES);
    if (at < 0) {
      return false;
    }
    int end = valueEnd(at);
    for (int i = valueStart(at); i < end; i += 4) {
      if (Octets.int32(octets, i) == community) {
        return true;
      }
    }
    return false;
  }

  public boolean hasLargeCommunity(LargeCommunity community) {
    return has(AttributeType.LARGE_COMMUNITY) && largeCommunities().contains(community);
  }

  public boolean hasExtendedCommunity(ExtendedCommunity community) {
    return has(AttributeType.EXTENDED_COMMUNITIES) && extendedCommunities().contains(community);
  }

  /** In the order of the message. */
  public List<Community> communities() {
    int at = find(AttributeType.COMMUNITIES);
    List<Community> list = new ArrayList<>();
    for (int i = at < 0 ? 0 : valueStart(at); at >= 0 && i < valueEnd(at); i += 4) {
      list.add(new Community(Octets.int32(octets, i)));
    }
    return list;
  }

  /** In the order of the message. */
  public List<ExtendedCommunity> extendedCommunities() {
    int at = find(AttributeType.EXTENDED_COMMUNITIES);
    List<ExtendedCommunity> list = new ArrayList<>();
    for (int i = at < 0 ? 0 : valueStart(at); at >= 0 && i < valueEnd(at); i += 8) {
      list.add(new ExtendedCommunity(Octets.int64(octets, i)));
    }
    return list;
  }

  /** In the order of the message. */
  public List<LargeCommunity> largeCommunities() {
    int at = find(AttributeType.LARGE_COMMUNITY);
    List<LargeCommunity> list = new ArrayList<>();
    for (int i = at < 0 ? 0 : valueStart(at); at >= 0 && i < valueEnd(at); i += 12) {
      list.add(
          new LargeCommunity(
              Octets.int32(octets, i), Octets.int32(octets, i + 4), Octets.int32(octets, i + 8)));
    }
    return list;
  }

  /** Who brought the route into the AS, of a reflected one (RFC 4456 §8). */
  public Optional<Ipv4Address> originatorId() {
    int at = find(AttributeType.ORIGINATOR_ID);
    return at < 0 ? Optional.empty() : Optional.of(new Ipv4Address(Octets.int32(octets, at + 3)));
  }

  /** Clusters passed, the last first (RFC 4456 §8). */
  public List<Ipv4Address> clusterList() {
    int at = find(AttributeType.CLUSTER_LIST);
    List<Ipv4Address> list = new ArrayList<>();
    for (int i = at < 0 ? 0 : valueStart(at); at >= 0 && i < valueEnd(at); i += 4) {
      list.add(new Ipv4Address(Octets.int32(octets, i)));
    }
    return list;
  }

  public int clusterListLength() {
    int at = find(AttributeType.CLUSTER_LIST);
    return at < 0 ? 0 : (valueEnd(at) - valueStart(at)) / 4;
  }

  public boolean clusterListContains(int clusterId) {
    int at = find(AttributeType.CLUSTER_LIST);
    for (int i = at < 0 ? 0 : valueStart(at); at >= 0 && i < valueEnd(at); i += 4) {
      if (Octets.int32(octets, i) == clusterId) {
        return true;
      }
    }
    return false;
  }

  /** Only to Customer: the AS that said so (RFC 9234 §5). */
  public OptionalInt onlyToCustomer() {
    int at = find(AttributeType.ONLY_TO_CUSTOMER);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(Octets.int32(octets, at + 3));
  }

  /** The accumulated metric, if the attribute has such a TLV (RFC 7311 §3); unsigned. */
  public OptionalLong accumulatedIgpMetric() {
    int at = find(AttributeType.AIGP);
    int end = at < 0 ? 0 : valueEnd(at);
    for (int i = at < 0 ? 0 : valueStart(at); i + 3 <= end; ) {
      int length = Octets.int16(octets, i + 1);
      if (octets[i] == 1 && length == 11 && i + length <= end) {
        return OptionalLong.of(Octets.int64(octets, i + 3));
      }
      i += Math.max(3, length);
    }
    return OptionalLong.empty();
  }

  /**
   * An attribute as it stands here.
   *
   * @param flags as they would be sent, without the extended-length bit
   */
  public record Raw(int flags, int type, Bytes value) {}

  /** All, sorted by type. */
  public List<Raw> all() {
    List<Raw> list = new ArrayList<>();
    for (int at = 0; at < octets.length; at = valueEnd(at)) {
      list.add(
          new Raw(
              octets[at] & 0xe0,
              octets[at + 1] & 0xff,
              Bytes.copyOf(octets, valueStart(at), valueEnd(at))));
    }
    return list;
  }

  /** Those that no file of this room knows how to read. */
  public List<Raw> unknown() {
    return all().stream().filter(raw -> !AttributeRules.isKnown(raw.type())).toList();
  }

  /** The canonical octets, read-only. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(octets).asReadOnlyBuffer();
  }

  /**
   * What {@link #toBuffer()} gave, at some other time or place.
   *
   * @return empty if the octets are not canonical
   */
  public static Optional<Attributes> ofCanonical(ByteBuffer buffer) {
    byte[] octets = buffer.hasRemaining() ? Bytes.remaining(buffer).toArray() : NONE;
    return AttributeRules.isCanonical(octets)
        ? Optional.of(new Attributes(octets))
        : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Attributes a && hash == a.hash && Arrays.equals(octets, a.octets));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** One line in the words of routers. */
  @Override
  public String toString() {
    return AttributesText.of(this);
  }
}
