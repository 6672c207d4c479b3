package io.ocicat.netlink;

import java.util.OptionalInt;

/**
 * What the kernel adds to an acknowledgement, {@code enum nlmsgerr_attrs}.
 *
 * @param message the kernel's sentence; empty if it has none
 * @param offset where in the request, from its {@code nlmsghdr}, the attribute at fault starts; -1
 *     if not told
 * @param missingType type of the attribute that the kernel misses; -1 if not told
 */
public record ExtAck(String message, int offset, int missingType) {

  public static final ExtAck NONE = new ExtAck("", -1, -1);

  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int NLMSGERR_ATTR_OFFS = 2;
  private static final int NLMSGERR_ATTR_MISS_TYPE = 5;

  static ExtAck of(AttributeReader attributes) {
    return new ExtAck(
        attributes.find(NLMSGERR_ATTR_MSG).map(AttributeReader.Attribute::string).orElse(""),
        attributes.find(NLMSGERR_ATTR_OFFS).map(AttributeReader.Attribute::u32).orElse(-1),
        attributes.find(NLMSGERR_ATTR_MISS_TYPE).map(AttributeReader.Attribute::u32).orElse(-1));
  }

  /** The attribute's place, if told. */
  public OptionalInt attributeOffset() {
    return offset < 0 ? OptionalInt.empty() : OptionalInt.of(offset);
  }
}
