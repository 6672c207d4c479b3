package io.ocicat.rtnetlink;

import io.ocicat.netlink.AttributeReader;
import java.util.Arrays;
import java.util.HexFormat;

/** An attribute that a record has no component for, as it came. */
public final class RawAttribute {

  private final int type;
  private final byte[] content;

  public RawAttribute(int type, byte[] content) {
    this.type = type;
    this.content = content.clone();
  }

  static RawAttribute of(AttributeReader.Attribute attribute) {
    return new RawAttribute(attribute.type(), attribute.bytes());
  }

  public int type() {
    return type;
  }

  /** A fresh array. */
  public byte[] bytes() {
    return content.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawAttribute that
        && type == that.type
        && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return 31 * type + Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return type + "=" + HexFormat.of().formatHex(content);
  }
}
