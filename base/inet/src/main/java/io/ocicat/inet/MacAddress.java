package io.ocicat.inet;

/** A 48-bit MAC address in the low bits of a number. */
public record MacAddress(long value) {

  public MacAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException("a MAC address has 48 bits");
    }
  }

  /** Parses {@code aa:bb:cc:dd:ee:ff}. */
  public static MacAddress parse(String text) {
    String[] parts = text.split(":", -1);
    long value = 0;
    for (String part : parts) {
      if (parts.length != 6 || !part.matches("[0-9a-fA-F]{2}")) {
        throw new IllegalArgumentException("not a MAC address: '" + text + "'");
      }
      value = value << 8 | Integer.parseInt(part, 16);
    }
    return new MacAddress(value);
  }

  public static MacAddress ofBytes(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
    }
    long value = 0;
    for (byte b : bytes) {
      value = value << 8 | (b & 0xff);
    }
    return new MacAddress(value);
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (value >>> (40 - 8 * i));
    }
    return bytes;
  }

  /** fe80::/64 with the modified EUI-64 interface identifier of RFC 4291 appendix A. */
  public Ipv6Address toLinkLocal() {
    long oui = value >>> 24 ^ 0x020000;
    return new Ipv6Address(0xfe80L << 48, oui << 40 | 0xfffeL << 24 | (value & 0xffffff));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      if (shift < 40) {
        text.append(':');
      }
      String octet = Long.toHexString(value >>> shift & 0xff);
      text.append(octet.length() == 1 ? "0" : "").append(octet);
    }
    return text.toString();
  }
}
