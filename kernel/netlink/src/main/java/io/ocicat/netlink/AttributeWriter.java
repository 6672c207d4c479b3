package io.ocicat.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Builds a message's payload: the family's fixed header, then attributes ({@code struct nlattr},
 * {@code linux/netlink.h}), each padded to four bytes.
 *
 * <p>Numbers are in host order unless the method says big endian. Not for several threads.
 */
public final class AttributeWriter {

  static final int NLA_F_NESTED = 0x8000;
  static final int NLA_F_NET_BYTEORDER = 0x4000;
  static final int NLA_TYPE_MASK = 0x3fff;
  static final int NLA_HEADER_BYTES = 4;
  private static final int NLA_MAX_BYTES = 0xffff;

  private final int fixedHeaderBytes;
  private ByteBuffer buffer;

  /** Attributes without a header before them. */
  public AttributeWriter() {
    this(new byte[0]);
  }

  /**
   * @param fixedHeader for example an encoded {@code ifinfomsg} or {@code nfgenmsg}; padded to four
   *     bytes
   */
  public AttributeWriter(byte[] fixedHeader) {
    this.fixedHeaderBytes = align(fixedHeader.length);
    this.buffer =
        ByteBuffer.allocate(Math.max(256, 2 * fixedHeaderBytes)).order(ByteOrder.nativeOrder());
    buffer.put(fixedHeader).position(fixedHeaderBytes);
  }

  /** Length of the header before the attributes, with its padding. */
  public int fixedHeaderBytes() {
    return fixedHeaderBytes;
  }

  /** Bytes written so far. */
  public int sizeBytes() {
    return buffer.position();
  }

  /** What was written, a fresh array. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  void writeTo(ByteBuffer out) {
    out.put(buffer.array(), 0, buffer.position());
  }

  /** An attribute that says all by being there. */
  public AttributeWriter flag(int type) {
    header(type, 0);
    return this;
  }

  public AttributeWriter u8(int type, int value) {
    header(type, 1);
    buffer.put((byte) value);
    return pad();
  }

  public AttributeWriter u16(int type, int value) {
    header(type, 2);
    buffer.putShort((short) value);
    return pad();
  }

  public AttributeWriter u32(int type, int value) {
    header(type, 4);
    buffer.putInt(value);
    return this;
  }

  public AttributeWriter u64(int type, long value) {
    header(type, 8);
    buffer.putLong(value);
    return this;
  }

  public AttributeWriter beU16(int type, int value) {
    header(type, 2);
    buffer.order(ByteOrder.BIG_ENDIAN).putShort((short) value).order(ByteOrder.nativeOrder());
    return pad();
  }

  public AttributeWriter beU32(int type, int value) {
    header(type, 4);
    buffer.order(ByteOrder.BIG_ENDIAN).putInt(value).order(ByteOrder.nativeOrder());
    return this;
  }

  public AttributeWriter beU64(int type, long value) {
    header(type, 8);
    buffer.order(ByteOrder.BIG_ENDIAN).putLong(value).order(ByteOrder.nativeOrder());
    return this;
  }

  /** UTF-8 with a zero byte at the end. */
  public AttributeWriter string(int type, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    header(type, text.length + 1);
    buffer.put(text).put((byte) 0);
    return pad();
  }

  public AttributeWriter bytes(int type, byte[] value) {
    header(type, value.length);
    buffer.put(value);
    return pad();
  }

  /** Attributes inside an attribute, flagged {@code NLA_F_NESTED}. */
  public AttributeWriter nested(int type, Consumer<AttributeWriter> content) {
    return nested(type, new byte[0], content);
  }

  /**
   * As {@link #nested(int, Consumer)}, with a structure before the inner attributes, as {@code
   * VETH_INFO_PEER} has it.
   */
  public AttributeWriter nested(int type, byte[] fixedHeader, Consumer<AttributeWriter> content) {
    int start = begin(type);
    ensure(align(fixedHeader.length));
    int end = buffer.position() + align(fixedHeader.length);
    buffer.put(fixedHeader).position(end);
    content.accept(this);
    return end(start);
  }

  /**
   * Starts a nested attribute, to be ended by {@link #end}.
   *
   * @return its mark
   */
  public int begin(int type) {
    int start = buffer.position();
    header(type | NLA_F_NESTED, 0);
    return start;
  }

  /**
   * @param mark what {@link #begin} returned
   * @throws IllegalStateException if the attribute is longer than its 16-bit length can say
   */
  public AttributeWriter end(int mark) {
    int length = buffer.position() - mark;
    if (length > NLA_MAX_BYTES) {
      throw new IllegalStateException(
          "nested attribute of " + length + " bytes; at most 65535 fit, so it must be split");
    }
    buffer.putShort(mark, (short) length);
    return this;
  }

  /** Attributes as they came from {@link AttributeReader.Attribute}, for what is only passed on. */
  public AttributeWriter copy(AttributeReader.Attribute attribute) {
    return bytes(attribute.rawType(), attribute.bytes());
  }

  private void header(int type, int payloadBytes) {
    int length = NLA_HEADER_BYTES + payloadBytes;
    if (length > NLA_MAX_BYTES) {
      throw new IllegalStateException(
          "attribute %d of %d bytes; at most 65535 fit".formatted(type & NLA_TYPE_MASK, length));
    }
    ensure(align(length));
    buffer.putShort((short) length).putShort((short) type);
  }

  // Memory beyond the position is still zero, so padding is only a step.
  private AttributeWriter pad() {
    buffer.position(align(buffer.position()));
    return this;
  }

  private void ensure(int more) {
    if (buffer.remaining() < more) {
      int capacity = Math.max(2 * buffer.capacity(), buffer.position() + more);
      ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
      buffer = larger.put(buffer.flip());
    }
  }

  static int align(int length) {
    return length + 3 & ~3;
  }
}
