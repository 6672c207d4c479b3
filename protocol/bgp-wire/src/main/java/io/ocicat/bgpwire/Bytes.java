package io.ocicat.bgpwire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** An immutable run of octets; equal by content. */
public final class Bytes {

  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /** Takes the array; nobody else may keep it. */
  static Bytes wrap(byte[] octets) {
    return new Bytes(octets);
  }

  public static Bytes copyOf(byte[] octets) {
    return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
  }

  public static Bytes copyOf(byte[] octets, int from, int to) {
    return from == to ? EMPTY : new Bytes(Arrays.copyOfRange(octets, from, to));
  }

  /** What remains in {@code buffer}, which is not moved. */
  public static Bytes remaining(ByteBuffer buffer) {
    byte[] octets = new byte[buffer.remaining()];
    buffer.get(buffer.position(), octets);
    return octets.length == 0 ? EMPTY : new Bytes(octets);
  }

  /** Each value's low octet. */
  public static Bytes of(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return new Bytes(octets);
  }

  /** A 16-bit number, most significant octet first. */
  public static Bytes ofShort(int value) {
    return of(value >>> 8, value);
  }

  /**
   * @param hex pairs of hexadecimal digits, spaces allowed between them
   */
  public static Bytes ofHex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  public int length() {
    return octets.length;
  }

  public boolean isEmpty() {
    return octets.length == 0;
  }

  /** Whether the octets from {@code from} on are those of the slice. */
  boolean matches(int from, byte[] other, int otherFrom, int length) {
    return Octets.equal(octets, from, other, otherFrom, length);
  }

  /** The octet at {@code index} as a number from 0 to 255. */
  public int at(int index) {
    return octets[index] & 0xff;
  }

  /** A fresh array. */
  public byte[] toArray() {
    return octets.clone();
  }

  /** A read-only view. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(octets).asReadOnlyBuffer();
  }

  public void writeTo(ByteBuffer out) {
    out.put(octets);
  }

  /** The text that these octets are in UTF-8; empty if they are none. */
  public Optional<String> utf8() {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(toBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes b && Arrays.equals(octets, b.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** Lower-case hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(octets);
  }
}
