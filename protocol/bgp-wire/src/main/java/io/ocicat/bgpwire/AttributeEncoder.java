package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Makes of canonical {@link Attributes} what a session is sent. */
final class AttributeEncoder {

  private static final int NEXT_HOP = 3;

  private AttributeEncoder() {}

  static EncodedAttributes encode(Family family, Attributes attributes, boolean fourOctetAs) {
    IpAddress nextHop =
        attributes
            .nextHop()
            .orElseThrow(() -> new IllegalArgumentException("no next hop in: " + attributes));
    boolean ipv4NextHop = nextHop instanceof Ipv4Address;
    if (family.isIpv6() && ipv4NextHop) {
      throw new IllegalArgumentException(
          "IPv6 prefixes cannot be sent over the next hop " + nextHop);
    }
    boolean inNlriField = ipv4NextHop && !family.isIpv6();
    byte[] head = inNlriField ? new byte[0] : reachHead(family, attributes);
    return new EncodedAttributes(family, head, others(attributes, inNlriField, fourOctetAs));
  }

  private static byte[] reachHead(Family family, Attributes attributes) {
    Bytes nextHop = attributes.value(NEXT_HOP).orElseThrow();
    ByteBuffer out = ByteBuffer.allocate(5 + nextHop.length());
    out.putShort((short) family.afi()).put((byte) family.safi()).put((byte) nextHop.length());
    nextHop.writeTo(out);
    return out.put((byte) 0).array();
  }

  private static byte[] others(Attributes attributes, boolean withNextHop, boolean fourOctetAs) {
    if (withNextHop && fourOctetAs) {
      return attributes.octets();
    }
    TreeMap<Integer, Attributes.Raw> all = new TreeMap<>();
    attributes.all().forEach(raw -> all.put(raw.type(), raw));
    if (!withNextHop) {
      all.remove(NEXT_HOP);
    }
    if (!fourOctetAs) {
      narrow(attributes, all);
    }
    return AttributesBuilder.octetsOf(all.values()).toArray();
  }

  /** For a 2-octet speaker (RFC 6793 §4.2.2): what does not fit goes along in AS4 attributes. */
  private static void narrow(Attributes attributes, Map<Integer, Attributes.Raw> all) {
    AsPath path = attributes.asPath();
    put(all, AttributeType.AS_PATH, Bytes.wrap(AsPaths.narrow(path)), 0);
    AsPath as4Path = path.withoutConfederations();
    if (!AsPaths.fitsTwoOctets(as4Path)) {
      put(all, AttributeType.AS4_PATH, Bytes.wrap(as4Path.toArray()), 0);
    }
    Attributes.Raw aggregator = all.get(AttributeType.AGGREGATOR.code());
    if (aggregator != null) {
      Attributes.Aggregator value = attributes.aggregator().orElseThrow();
      ByteBuffer two = ByteBuffer.allocate(6).putShort((short) Asn.inTwoOctets(value.asn()));
      two.putInt(value.address().value());
      int partial = aggregator.flags() & AttributeRules.PARTIAL;
      put(all, AttributeType.AGGREGATOR, Bytes.wrap(two.array()), partial);
      if (value.asn() >>> 16 != 0) {
        put(all, AttributeType.AS4_AGGREGATOR, aggregator.value(), 0);
      }
    }
  }

  private static void put(
      Map<Integer, Attributes.Raw> all, AttributeType type, Bytes value, int partial) {
    int flags = AttributeRules.flags(type.code()) | partial;
    all.put(type.code(), new Attributes.Raw(flags, type.code(), value));
  }
}
