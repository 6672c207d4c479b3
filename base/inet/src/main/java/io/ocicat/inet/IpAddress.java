package io.ocicat.inet;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address without zone.
 *
 * <p>Ordered by family, then numerically.
 */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

  IpFamily family();

  /** Network byte order, 4 or 16 bytes; a fresh array. */
  byte[] toBytes();

  /** The address as an unsigned number. */
  BigInteger toBigInteger();

  /** This address plus {@code offset} (may be negative), wrapping inside the family. */
  IpAddress plus(long offset);

  /** The address with all bits after the first {@code prefixLength} cleared. */
  IpAddress masked(int prefixLength);

  /** Bit {@code index}, counted from 0 at the most significant end. */
  boolean bit(int index);

  /** {@code true} for 127.0.0.0/8 and ::1. */
  boolean isLoopback();

  /** {@code true} for 169.254.0.0/16 and fe80::/10. */
  boolean isLinkLocal();

  /** {@code true} for 224.0.0.0/4 and ff00::/8. */
  boolean isMulticast();

  /** {@code true} for 0.0.0.0 and ::. */
  boolean isUnspecified();

  /** The prefix that holds just this address: /32 or /128. */
  default Cidr toHostCidr() {
    return new Cidr(this, family().bits());
  }

  /** The same address for the JDK's sockets. */
  default InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes was refused: " + this, e);
    }
  }

  /**
   * @throws IllegalArgumentException if {@code text} is not an address; the message quotes it
   */
  static IpAddress parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IP address: '" + text + "'"));
  }

  static Optional<IpAddress> tryParse(String text) {
    return text.indexOf(':') >= 0
        ? Ipv6Address.tryParse(text).map(a -> a)
        : Ipv4Address.tryParse(text).map(a -> a);
  }

  /**
   * @param bytes 4 or 16 bytes in network order
   * @throws IllegalArgumentException for any other length
   */
  static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> Ipv4Address.ofBytes(bytes);
      case 16 -> Ipv6Address.ofBytes(bytes);
      default ->
          throw new IllegalArgumentException(
              "an IP address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  /** The JDK already turns IPv4-mapped IPv6 addresses into IPv4. */
  static IpAddress of(InetAddress address) {
    return ofBytes(address.getAddress());
  }

  @Override
  default int compareTo(IpAddress other) {
    return switch (this) {
      case Ipv4Address a ->
          other instanceof Ipv4Address b ? Integer.compareUnsigned(a.value(), b.value()) : -1;
      case Ipv6Address a -> {
        if (!(other instanceof Ipv6Address b)) {
          yield 1;
        }
        int high = Long.compareUnsigned(a.high(), b.high());
        yield high != 0 ? high : Long.compareUnsigned(a.low(), b.low());
      }
    };
  }
}
