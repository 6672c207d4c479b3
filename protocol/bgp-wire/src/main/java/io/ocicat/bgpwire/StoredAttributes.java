package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.AttributeType;
import java.util.Optional;

/**
 * Attributes of a route in a file: without prefixes, with 4-octet AS numbers, and an IPv6 next hop
 * in an MP_REACH_NLRI that is cut short (RFC 6396 §4.3.4).
 */
public final class StoredAttributes {

  private StoredAttributes() {}

  /**
   * Whole MP_REACH_NLRI attributes are understood too, as some write them. A route of the
   * collector's own may have no next hop, or 0.
   *
   * @return empty if anything but a discarded attribute is wrong
   */
  public static Optional<Attributes> read(Bytes octets) {
    AttributeBlock block = new AttributeBlock();
    block.locate(octets.toArray(), 0, octets.length());
    if (block.truncated || block.repeated) {
      return Optional.empty();
    }
    if (block.hasReach()) {
      int length = block.reachEnd - block.reachValue;
      int at = block.reachValue;
      boolean cutShort = length > 0 && (block.in[at] & 0xff) == length - 1;
      int nextHop = cutShort ? at + 1 : at + 4;
      int size = cutShort ? length - 1 : length > 4 ? block.in[at + 3] & 0xff : 0;
      if ((size != 16 && size != 32) || nextHop + size > block.reachEnd) {
        return Optional.empty();
      }
      block.nextHopAt = nextHop;
      block.nextHopLength = size;
    }
    AttributeDecoder decoder = new AttributeDecoder(PeerKind.INTERNAL, true);
    AttributeCache.Decoded decoded = decoder.decode(block);
    Attributes ipv6 = decoded.multiprotocol();
    if (ipv6 != null) {
      return Optional.of(ipv6);
    }
    AttributeError fault = decoded.ipv4Fault();
    if (fault != null && fault.type() == AttributeType.NEXT_HOP.code() && !block.hasReach()) {
      return Optional.of(decoder.withoutNextHop());
    }
    return Optional.ofNullable(decoded.ipv4());
  }
}
