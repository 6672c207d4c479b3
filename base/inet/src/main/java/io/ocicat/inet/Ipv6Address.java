package io.ocicat.inet;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An IPv6 address as two 64-bit halves, most significant first. */
public record Ipv6Address(long high, long low) implements IpAddress {

  static Optional<Ipv6Address> tryParse(String text) {
    int gap = text.indexOf("::");
    if (gap != text.lastIndexOf("::")) {
      return Optional.empty();
    }
    int[] groups = new int[8];
    if (gap < 0) {
      return readGroups(text, groups, 0) == 8 ? Optional.of(ofGroups(groups)) : Optional.empty();
    }
    int[] tail = new int[8];
    int before = readGroups(text.substring(0, gap), groups, 0);
    int after = readGroups(text.substring(gap + 2), tail, 0);
    if (before < 0 || after < 0 || before + after > 7) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, 8 - after, after);
    return Optional.of(ofGroups(groups));
  }

  /** Reads colon-separated groups, the last of which may be dotted decimal; -1 if malformed. */
  private static int readGroups(String text, int[] groups, int from) {
    if (text.isEmpty()) {
      return 0;
    }
    int count = from;
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (i == parts.length - 1 && part.indexOf('.') >= 0) {
        Optional<Ipv4Address> v4 = Ipv4Address.tryParse(part);
        if (v4.isEmpty() || count > 6) {
          return -1;
        }
        groups[count++] = v4.get().value() >>> 16;
        groups[count++] = v4.get().value() & 0xffff;
      } else {
        int group = group(part);
        if (group < 0 || count > 7) {
          return -1;
        }
        groups[count++] = group;
      }
    }
    return count;
  }

  private static int group(String part) {
    if (part.isEmpty() || part.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static Ipv6Address ofGroups(int[] g) {
    return new Ipv6Address(half(g, 0), half(g, 4));
  }

  private static long half(int[] g, int from) {
    return (long) g[from] << 48
        | (long) g[from + 1] << 32
        | (long) g[from + 2] << 16
        | (long) g[from + 3];
  }

  static IpAddress ofBytes(byte[] b) {
    ByteBuffer buffer = ByteBuffer.wrap(b);
    return new Ipv6Address(buffer.getLong(), buffer.getLong());
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV6;
  }

  @Override
  public byte[] toBytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  @Override
  public BigInteger toBigInteger() {
    return new BigInteger(1, toBytes());
  }

  @Override
  public Ipv6Address plus(long offset) {
    long newLow = low + offset;
    long carry = 0;
    if (offset > 0 && Long.compareUnsigned(newLow, low) < 0) {
      carry = 1;
    } else if (offset < 0 && Long.compareUnsigned(newLow, low) > 0) {
      carry = -1;
    }
    return new Ipv6Address(high + carry, newLow);
  }

  @Override
  public Ipv6Address masked(int prefixLength) {
    long highMask = prefixLength == 0 ? 0 : prefixLength >= 64 ? -1L : -1L << (64 - prefixLength);
    long lowMask = prefixLength <= 64 ? 0 : -1L << (128 - prefixLength);
    return new Ipv6Address(high & highMask, low & lowMask);
  }

  @Override
  public boolean bit(int index) {
    return ((index < 64 ? high >>> (63 - index) : low >>> (127 - index)) & 1) == 1;
  }

  @Override
  public boolean isLoopback() {
    return high == 0 && low == 1;
  }

  @Override
  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  @Override
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  @Override
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  private int groupAt(int index) {
    return (int) ((index < 4 ? high >>> (48 - 16 * index) : low >>> (112 - 16 * index)) & 0xffff);
  }

  /** Canonical text of RFC 5952 §4. */
  @Override
  public String toString() {
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int length = 0;
      while (i + length < 8 && groupAt(i + length) == 0) {
        length++;
      }
      if (length > bestLength) {
        bestStart = i;
        bestLength = length;
      }
      i += length;
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groupAt(i)));
      }
    }
    return text.toString();
  }
}
