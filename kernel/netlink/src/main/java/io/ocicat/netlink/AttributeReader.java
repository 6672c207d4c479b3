package io.ocicat.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a message or of a nested attribute, in the order they came.
 *
 * <p>Reading fails with {@link NetlinkDecodeException} where lengths do not fit; a type that the
 * reader does not know is the caller's to keep or to skip.
 */
public final class AttributeReader implements Iterable<AttributeReader.Attribute> {

  private final List<Attribute> attributes;

  /**
   * @param from offset of the first attribute in {@code bytes}
   * @param to offset after the last one
   * @throws NetlinkDecodeException if an attribute's length leaves the range
   */
  public AttributeReader(byte[] bytes, int from, int to) {
    this.attributes = parse(bytes, from, to);
  }

  public AttributeReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private static List<Attribute> parse(byte[] bytes, int from, int to) {
    List<Attribute> result = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int position = from;
    while (position + AttributeWriter.NLA_HEADER_BYTES <= to) {
      int length = buffer.getShort(position) & 0xffff;
      int type = buffer.getShort(position + 2) & 0xffff;
      if (length < AttributeWriter.NLA_HEADER_BYTES || length > to - position) {
        throw new NetlinkDecodeException(
            "attribute %d says %d bytes where %d are left"
                .formatted(type & AttributeWriter.NLA_TYPE_MASK, length, to - position));
      }
      result.add(new Attribute(bytes, position, length, type));
      position += AttributeWriter.align(length);
    }
    return result;
  }

  @Override
  public Iterator<Attribute> iterator() {
    return attributes.iterator();
  }

  /** The first attribute of that type. */
  public Optional<Attribute> find(int type) {
    for (Attribute attribute : attributes) {
      if (attribute.type() == type) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }

  /**
   * The first attribute of that type, which the format promises.
   *
   * @throws NetlinkDecodeException if it is missing
   */
  public Attribute require(int type) {
    return find(type)
        .orElseThrow(() -> new NetlinkDecodeException("attribute " + type + " is missing"));
  }

  public int size() {
    return attributes.size();
  }

  /** One attribute: a view of the bytes it came in. */
  public static final class Attribute {

    private final byte[] source;
    private final int start;
    private final int length;
    private final int rawType;

    private Attribute(byte[] source, int start, int length, int rawType) {
      this.source = source;
      this.start = start;
      this.length = length;
      this.rawType = rawType;
    }

    /** Without the flags for nesting and byte order. */
    public int type() {
      return rawType & AttributeWriter.NLA_TYPE_MASK;
    }

    /** With the flags. */
    int rawType() {
      return rawType;
    }

    int start() {
      return start;
    }

    public boolean isFlaggedNested() {
      return (rawType & AttributeWriter.NLA_F_NESTED) != 0;
    }

    /** Length of the content in bytes. */
    public int lengthBytes() {
      return length - AttributeWriter.NLA_HEADER_BYTES;
    }

    /** The content, copied. */
    public byte[] bytes() {
      return Arrays.copyOfRange(source, contentStart(), start + length);
    }

    public int u8() {
      return buffer(1).get() & 0xff;
    }

    public int u16() {
      return buffer(2).getShort() & 0xffff;
    }

    /** All 32 bits; negative in Java above 2^31. */
    public int u32() {
      return buffer(4).getInt();
    }

    public long u64() {
      return buffer(8).getLong();
    }

    public int beU16() {
      return buffer(2).order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
    }

    /** All 32 bits; negative in Java above 2^31. */
    public int beU32() {
      return buffer(4).order(ByteOrder.BIG_ENDIAN).getInt();
    }

    public long beU64() {
      return buffer(8).order(ByteOrder.BIG_ENDIAN).getLong();
    }

    /** UTF-8 up to the first zero byte or the end. */
    public String string() {
      int end = contentStart();
      while (end < start + length && source[end] != 0) {
        end++;
      }
      return new String(source, contentStart(), end - contentStart(), StandardCharsets.UTF_8);
    }

    /** The attributes inside. */
    public AttributeReader nested() {
      return nested(0);
    }

    /** The attributes inside, after a structure of that many bytes. */
    public AttributeReader nested(int fixedHeaderBytes) {
      return new AttributeReader(
          source, contentStart() + AttributeWriter.align(fixedHeaderBytes), start + length);
    }

    private int contentStart() {
      return start + AttributeWriter.NLA_HEADER_BYTES;
    }

    private ByteBuffer buffer(int wanted) {
      if (lengthBytes() < wanted) {
        throw new NetlinkDecodeException(
            "attribute %d has %d bytes, not %d".formatted(type(), lengthBytes(), wanted));
      }
      return ByteBuffer.wrap(source, contentStart(), wanted).order(ByteOrder.nativeOrder());
    }

    @Override
    public String toString() {
      return "attribute %d of %d bytes".formatted(type(), lengthBytes());
    }
  }
}
