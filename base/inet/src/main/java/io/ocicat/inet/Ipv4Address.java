package io.ocicat.inet;

import java.math.BigInteger;
import java.util.Optional;

/** An IPv4 address as one 32-bit number, most significant octet first. */
public record Ipv4Address(int value) implements IpAddress {

  static Optional<Ipv4Address> tryParse(String text) {
    int value = 0;
    int octets = 0;
    int position = 0;
    while (octets < 4) {
      int end = text.indexOf('.', position);
      if ((end < 0) != (octets == 3)) {
        return Optional.empty();
      }
      int octet = octet(text, position, end < 0 ? text.length() : end);
      if (octet < 0) {
        return Optional.empty();
      }
      value = value << 8 | octet;
      octets++;
      position = end + 1;
    }
    return Optional.of(new Ipv4Address(value));
  }

  private static int octet(String text, int start, int end) {
    int length = end - start;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
      return -1;
    }
    int octet = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      octet = octet * 10 + (c - '0');
    }
    return octet <= 255 ? octet : -1;
  }

  static Ipv4Address ofBytes(byte[] b) {
    return new Ipv4Address(
        (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff));
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV4;
  }

  @Override
  public byte[] toBytes() {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  @Override
  public BigInteger toBigInteger() {
    return BigInteger.valueOf(Integer.toUnsignedLong(value));
  }

  @Override
  public Ipv4Address plus(long offset) {
    return new Ipv4Address((int) (value + offset));
  }

  @Override
  public Ipv4Address masked(int prefixLength) {
    return new Ipv4Address(prefixLength == 0 ? 0 : value & -1 << (32 - prefixLength));
  }

  @Override
  public boolean bit(int index) {
    return (value >>> (31 - index) & 1) == 1;
  }

  @Override
  public boolean isLoopback() {
    return value >>> 24 == 127;
  }

  @Override
  public boolean isLinkLocal() {
    return value >>> 16 == 0xa9fe;
  }

  @Override
  public boolean isMulticast() {
    return value >>> 28 == 0xe;
  }

  @Override
  public boolean isUnspecified() {
    return value == 0;
  }

  @Override
  public String toString() {
    return (value >>> 24)
        + "."
        + (value >>> 16 & 0xff)
        + "."
        + (value >>> 8 & 0xff)
        + "."
        + (value & 0xff);
  }
}
