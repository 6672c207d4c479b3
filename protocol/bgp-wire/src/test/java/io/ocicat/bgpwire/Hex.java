package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Messages from and to hexadecimal, as tests write them. */
final class Hex {

  private Hex() {}

  static final String MARKER = "ff".repeat(16);

  static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("[\\s:]", ""));
  }

  static String of(ByteBuffer buffer) {
    return Bytes.remaining(buffer).toString();
  }

  static String of(Message message) {
    return of(message.toBuffer());
  }

  /** Without spaces, in lower case. */
  static String normal(String hex) {
    return HexFormat.of().formatHex(octets(hex));
  }

  /** The body of the one message that {@code hex} is; its header has to be right. */
  static ByteBuffer body(MessageType type, String hex) {
    ByteBuffer in = ByteBuffer.wrap(octets(hex));
    Framing framing = new Framing();
    framing.allowExtendedMessages();
    if (framing.next(in) != Framing.Cut.MESSAGE || framing.type() != type || in.hasRemaining()) {
      throw new IllegalArgumentException("not one " + type + ": " + hex);
    }
    return framing.body();
  }

  /** The body of an UPDATE of its three parts. */
  static ByteBuffer update(String withdrawn, String attributes, String nlri) {
    byte[] first = octets(withdrawn);
    byte[] second = octets(attributes);
    byte[] third = octets(nlri);
    ByteBuffer out = ByteBuffer.allocate(4 + first.length + second.length + third.length);
    out.putShort((short) first.length).put(first);
    out.putShort((short) second.length).put(second).put(third);
    return out.flip();
  }

  /** An attribute with its length, in the long form if it is long. */
  static String attribute(int flags, int type, String value) {
    int length = octets(value).length;
    return length > 255
        ? "%02x%02x%04x".formatted(flags | 0x10, type, length) + value
        : "%02x%02x%02x".formatted(flags, type, length) + value;
  }
}
