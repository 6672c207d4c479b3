package io.ocicat.netlink;

import io.ocicat.libc.CStruct;
import java.nio.ByteBuffer;

/**
 * {@code struct nlmsghdr}, {@code linux/netlink.h}.
 *
 * @param lengthBytes with this header, without padding
 */
public record NlHeader(int lengthBytes, int type, int flags, int sequence, int portId) {

  public static final CStruct STRUCT =
      CStruct.of("nlmsghdr", "linux/netlink.h")
          .u32("nlmsg_len")
          .u16("nlmsg_type")
          .u16("nlmsg_flags")
          .u32("nlmsg_seq")
          .u32("nlmsg_pid")
          .build();

  public static final CStruct STRUCT_ERROR =
      CStruct.of("nlmsgerr", "linux/netlink.h").u32("error").bytes("msg", 16, 4).build();

  /** Size of the structure. */
  public static final int SIZE_BYTES = 16;

  public static final int NLMSG_NOOP = 1;
  public static final int NLMSG_ERROR = 2;
  public static final int NLMSG_DONE = 3;
  public static final int NLMSG_OVERRUN = 4;

  /** The first message type that belongs to a family. */
  public static final int NLMSG_MIN_TYPE = 0x10;

  void encode(ByteBuffer out) {
    out.putInt(lengthBytes).putShort((short) type).putShort((short) flags);
    out.putInt(sequence).putInt(portId);
  }

  static NlHeader decode(ByteBuffer in) {
    return new NlHeader(
        in.getInt(), in.getShort() & 0xffff, in.getShort() & 0xffff, in.getInt(), in.getInt());
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public String toString() {
    return "type %d, %d bytes, flags %s, sequence %d"
        .formatted(type, lengthBytes, NlFlags.describe(flags), sequence);
  }
}
