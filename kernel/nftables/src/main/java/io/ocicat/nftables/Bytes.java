package io.ocicat.nftables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes, compared as an unsigned number written in network order. */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Copies {@code value}. */
  public static Bytes of(byte... value) {
    return new Bytes(value.clone());
  }

  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /** The lowest 8 bits of {@code value}. */
  public static Bytes u8(int value) {
    return new Bytes(new byte[] {(byte) value});
  }

  /** The lowest 16 bits of {@code value} in network order, as ports are. */
  public static Bytes u16(int value) {
    return new Bytes(new byte[] {(byte) (value >>> 8), (byte) value});
  }

  /** {@code value} in the machine's byte order, as marks and conntrack states are. */
  public static Bytes hostU32(int value) {
    return new Bytes(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  /**
   * An interface name as the kernel compares it: padded with zeros to 16 bytes.
   *
   * @throws IllegalArgumentException for a name of more than 15 bytes
   */
  public static Bytes interfaceName(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    if (text.length == 0 || text.length > 15) {
      throw new IllegalArgumentException(
          "an interface name has 1 to 15 bytes, not " + text.length + ": '" + name + "'");
    }
    return new Bytes(Arrays.copyOf(text, 16));
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes from {@code start} (inclusive) to {@code end} (exclusive). */
  public Bytes slice(int start, int end) {
    return new Bytes(Arrays.copyOfRange(value, start, end));
  }

  /** This followed by {@code other}. */
  public Bytes plus(Bytes other) {
    byte[] joined = Arrays.copyOf(value, value.length + other.value.length);
    System.arraycopy(other.value, 0, joined, value.length, other.value.length);
    return new Bytes(joined);
  }

  /** This, filled up with zeros to a multiple of four bytes, as a register holds it. */
  public Bytes padded() {
    int length = (value.length + 3) & ~3;
    return length == value.length ? this : new Bytes(Arrays.copyOf(value, length));
  }

  /** Bitwise and with a value of the same length. */
  public Bytes and(Bytes mask) {
    byte[] result = value.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= mask.value[i];
    }
    return new Bytes(result);
  }

  /** Bitwise exclusive or with a value of the same length. */
  public Bytes xor(Bytes other) {
    byte[] result = value.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= other.value[i];
    }
    return new Bytes(result);
  }

  /** The next number; all ones have none and wrap to zero. */
  public Bytes next() {
    byte[] result = value.clone();
    for (int i = result.length - 1; i >= 0 && ++result[i] == 0; i--) {
      // the carry moves on to the next byte
    }
    return new Bytes(result);
  }

  /** The number before this; zero has none and wraps to all ones. */
  public Bytes previous() {
    byte[] result = value.clone();
    for (int i = result.length - 1; i >= 0 && result[i]-- == 0; i--) {
      // the borrow moves on to the next byte
    }
    return new Bytes(result);
  }

  public boolean isAllOnes() {
    for (byte b : value) {
      if (b != (byte) 0xff) {
        return false;
      }
    }
    return true;
  }

  public boolean isZero() {
    for (byte b : value) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  public int length() {
    return value.length;
  }

  /** The byte at {@code index} as a number from 0 to 255. */
  public int at(int index) {
    return value[index] & 0xff;
  }

  /** The first four bytes as a number in the machine's byte order. */
  public int toHostInt() {
    return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
  }

  /** A fresh array. */
  public byte[] toArray() {
    return value.clone();
  }

  /** The text up to the first zero byte. */
  public String toText() {
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return new String(value, 0, end, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object o) {
    return this == o || (o instanceof Bytes other && Arrays.equals(value, other.value));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
