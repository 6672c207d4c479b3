package io.ocicat.bgp.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;

/**
 * Prefixes inside a prefix with lengths in a range ("ge", "le").
 *
 * @param prefix the prefix they must be in
 * @param shortest least length
 * @param longest greatest length
 */
public record PrefixRange(Cidr prefix, int shortest, int longest) {
  public PrefixRange {
    if (shortest < 0 || shortest > longest || longest > prefix.family().bits()) {
      throw new IllegalArgumentException(
          "prefixes in " + prefix + " have no lengths from " + shortest + " to " + longest);
    }
  }

  /** The prefix itself only. */
  public static PrefixRange exactly(Cidr prefix) {
    return new PrefixRange(prefix, prefix.prefixLength(), prefix.prefixLength());
  }

  /** The prefix and everything in it. */
  public static PrefixRange in(Cidr prefix) {
    return new PrefixRange(prefix, prefix.prefixLength(), prefix.family().bits());
  }

  boolean contains(RouteFacts route) {
    int bits = prefix.prefixLength();
    if (route.length() < Math.max(shortest, bits)
        || route.length() > longest
        || route.family() != prefix.family()) {
      return false;
    }
    return switch (prefix.address()) {
      case Ipv4Address v4 -> same((long) v4.value() << 32, route.high(), bits);
      case Ipv6Address v6 ->
          same(v6.high(), route.high(), Math.min(bits, 64))
              && same(v6.low(), route.low(), Math.max(0, bits - 64));
    };
  }

  private static boolean same(long one, long other, int bits) {
    return bits == 0 || (one ^ other) >>> (64 - bits) == 0;
  }

  @Override
  public String toString() {
    IpFamily family = prefix.family();
    if (shortest == prefix.prefixLength() && longest == family.bits()) {
      return prefix + " or longer";
    }
    return shortest == longest && shortest == prefix.prefixLength()
        ? prefix.toString()
        : prefix + "{" + shortest + "," + longest + "}";
  }
}
