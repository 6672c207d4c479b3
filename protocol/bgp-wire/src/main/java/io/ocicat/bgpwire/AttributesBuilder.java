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
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Makes {@link Attributes}. Not for more than one thread. */
public final class AttributesBuilder {

  private static final int PARTIAL = 0x20;
  private static final int EXTENDED_LENGTH = 0x10;
  private static final int MAXIMUM_VALUE_LENGTH = 0xffff;

  private record Value(int flags, Bytes octets) {}

  private final TreeMap<Integer, Value> values = new TreeMap<>();

  AttributesBuilder() {
    origin(Origin.IGP);
    asPath(AsPath.EMPTY);
  }

  AttributesBuilder(Attributes from) {
    for (Attributes.Raw raw : from.all()) {
      values.put(raw.type(), new Value(raw.flags(), raw.value()));
    }
  }

  /** The same form with other content, as it goes to a 2-octet speaker. */
  static Bytes octetsOf(Collection<Attributes.Raw> all) {
    AttributesBuilder builder = new AttributesBuilder();
    builder.values.clear();
    all.forEach(raw -> builder.values.put(raw.type(), new Value(raw.flags(), raw.value())));
    return Bytes.wrap(builder.octets());
  }

  private AttributesBuilder set(AttributeType type, byte[] value) {
    if (value.length > MAXIMUM_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          type.text() + " of " + value.length + " octets; at most 65535 fit");
    }
    Value before = values.get(type.code());
    // RFC 4271 §5: Partial, once set, stays.
    int partial = before == null ? 0 : before.flags & PARTIAL;
    values.put(
        type.code(), new Value(AttributeRules.flags(type.code()) | partial, Bytes.copyOf(value)));
    return this;
  }

  private AttributesBuilder set(AttributeType type, int value) {
    return set(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  /** Leaves an attribute out. */
  public AttributesBuilder without(AttributeType type) {
    return without(type.code());
  }

  public AttributesBuilder without(int type) {
    values.remove(type);
    return this;
  }

  public AttributesBuilder origin(Origin origin) {
    return set(AttributeType.ORIGIN, new byte[] {(byte) origin.code()});
  }

  public AttributesBuilder asPath(AsPath path) {
    ByteBuffer out = ByteBuffer.allocate(path.size());
    path.writeTo(out);
    return set(AttributeType.AS_PATH, out.array());
  }

  /** {@code asn} in front, {@code times} times. */
  public AttributesBuilder prepend(int asn, int times) {
    int[] asns = new int[times];
    Arrays.fill(asns, asn);
    return asPath(path().prepend(asns));
  }

  private AsPath path() {
    Value value = values.get(AttributeType.AS_PATH.code());
    return value == null
        ? AsPath.EMPTY
        : new AsPath(value.octets.toArray(), 0, value.octets.length());
  }

  public AttributesBuilder nextHop(IpAddress address) {
    return set(AttributeType.NEXT_HOP, address.toBytes());
  }

  /** Both addresses of a next hop on a shared link (RFC 2545 §3). */
  public AttributesBuilder nextHop(Ipv6Address global, Ipv6Address linkLocal) {
    return set(
        AttributeType.NEXT_HOP,
        ByteBuffer.allocate(32).put(global.toBytes()).put(linkLocal.toBytes()).array());
  }

  /**
   * @param med 32 bits unsigned
   */
  public AttributesBuilder med(int med) {
    return set(AttributeType.MULTI_EXIT_DISC, med);
  }

  /**
   * @param preference 32 bits unsigned
   */
  public AttributesBuilder localPref(int preference) {
    return set(AttributeType.LOCAL_PREF, preference);
  }

  public AttributesBuilder atomicAggregate() {
    return set(AttributeType.ATOMIC_AGGREGATE, new byte[0]);
  }

  public AttributesBuilder aggregator(Attributes.Aggregator aggregator) {
    return set(
        AttributeType.AGGREGATOR,
        ByteBuffer.allocate(8)
            .putInt(aggregator.asn())
            .putInt(aggregator.address().value())
            .array());
  }

  /** Just these; an empty collection takes the attribute away. Repetitions are dropped. */
  public AttributesBuilder communities(Collection<Community> communities) {
    Set<Community> distinct = new LinkedHashSet<>(communities);
    ByteBuffer out = ByteBuffer.allocate(4 * distinct.size());
    distinct.forEach(c -> out.putInt(c.value()));
    return list(AttributeType.COMMUNITIES, out);
  }

  /** Adds one at the end unless it is there. */
  public AttributesBuilder addCommunity(Community community) {
    List<Community> list = new ArrayList<>(build().communities());
    list.add(community);
    return communities(list);
  }

  public AttributesBuilder addCommunity(WellKnownCommunity community) {
    return addCommunity(Community.of(community));
  }

  public AttributesBuilder removeCommunity(Community community) {
    List<Community> list = new ArrayList<>(build().communities());
    return list.remove(community) ? communities(list) : this;
  }

  /** Just these; an empty collection takes the attribute away. Repetitions are dropped. */
  public AttributesBuilder extendedCommunities(Collection<ExtendedCommunity> communities) {
    Set<ExtendedCommunity> distinct = new LinkedHashSet<>(communities);
    ByteBuffer out = ByteBuffer.allocate(8 * distinct.size());
    distinct.forEach(c -> out.putLong(c.value()));
    return list(AttributeType.EXTENDED_COMMUNITIES, out);
  }

  /** Just these; an empty collection takes the attribute away. Repetitions are dropped. */
  public AttributesBuilder largeCommunities(Collection<LargeCommunity> communities) {
    Set<LargeCommunity> distinct = new LinkedHashSet<>(communities);
    ByteBuffer out = ByteBuffer.allocate(12 * distinct.size());
    distinct.forEach(c -> out.putInt(c.global()).putInt(c.local1()).putInt(c.local2()));
    return list(AttributeType.LARGE_COMMUNITY, out);
  }

  /** Adds one at the end unless it is there. */
  public AttributesBuilder addLargeCommunity(LargeCommunity community) {
    List<LargeCommunity> list = new ArrayList<>(build().largeCommunities());
    list.add(community);
    return largeCommunities(list);
  }

  public AttributesBuilder originatorId(Ipv4Address id) {
    return set(AttributeType.ORIGINATOR_ID, id.value());
  }

  /** The last cluster passed comes first. */
  public AttributesBuilder clusterList(Collection<Ipv4Address> clusters) {
    ByteBuffer out = ByteBuffer.allocate(4 * clusters.size());
    clusters.forEach(c -> out.putInt(c.value()));
    return list(AttributeType.CLUSTER_LIST, out);
  }

  /** {@code id} in front, as a reflector does (RFC 4456 §8). */
  public AttributesBuilder prependCluster(Ipv4Address id) {
    List<Ipv4Address> list = new ArrayList<>(build().clusterList());
    list.addFirst(id);
    return clusterList(list);
  }

  /** Only to Customer (RFC 9234 §5). */
  public AttributesBuilder onlyToCustomer(int asn) {
    return set(AttributeType.ONLY_TO_CUSTOMER, asn);
  }

  private AttributesBuilder list(AttributeType type, ByteBuffer out) {
    return out.position() == 0 ? without(type) : set(type, Bytes.remaining(out.flip()).toArray());
  }

  /**
   * Any other attribute, as it is.
   *
   * @throws IllegalArgumentException if the type is known and the value is not one of it
   */
  public AttributesBuilder raw(Attributes.Raw raw) {
    values.put(raw.type(), new Value(raw.flags() & 0xe0, raw.value()));
    if (!AttributeRules.isCanonical(octets())) {
      values.remove(raw.type());
      throw new IllegalArgumentException("not a path attribute: " + raw);
    }
    return this;
  }

  public Attributes build() {
    return new Attributes(octets());
  }

  private byte[] octets() {
    int size = 0;
    for (Value value : values.values()) {
      size += value.octets.length() + (value.octets.length() > 255 ? 4 : 3);
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    values.forEach(
        (type, value) -> {
          int length = value.octets.length();
          if (length > 255) {
            out.put((byte) (value.flags | EXTENDED_LENGTH)).put(type.byteValue());
            out.putShort((short) length);
          } else {
            out.put((byte) value.flags).put(type.byteValue()).put((byte) length);
          }
          value.octets.writeTo(out);
        });
    return out.array();
  }
}
