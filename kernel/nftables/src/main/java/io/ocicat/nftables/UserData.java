package io.ocicat.nftables;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What nft(8) keeps beside an object and the kernel only hands back: type, length and value, one
 * byte each for the first two ({@code libnftnl/udata.h}).
 */
final class UserData {
  /** Of tables, chains, rules, elements and objects alike. */
  private static final int COMMENT = 0;

  private static final int SET_KEYBYTEORDER = 0;
  private static final int SET_DATABYTEORDER = 1;
  private static final int SET_DATA_INTERVAL = 6;
  private static final int SET_COMMENT = 7;

  private UserData() {}

  /** The comment of anything but a set. */
  static byte[] ofComment(String comment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, COMMENT, comment);
    return out.toByteArray();
  }

  static String comment(byte[] userData) {
    return text(userData, COMMENT);
  }

  /** What nft needs to print keys and values of a set in the right byte order. */
  static byte[] ofSet(NftSet set) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, SET_KEYBYTEORDER, order(set.key().byteOrder()));
    switch (set.data()) {
      case SetData.None _ -> {}
      case SetData.Values(DataType type) -> putData(out, order(type.byteOrder()));
      case SetData.Verdicts _, SetData.Objects _ -> putData(out, 0);
    }
    if (!set.comment().isEmpty()) {
      put(out, SET_COMMENT, set.comment());
    }
    return out.toByteArray();
  }

  private static void putData(ByteArrayOutputStream out, int order) {
    put(out, SET_DATABYTEORDER, order);
    put(out, SET_DATA_INTERVAL, 0);
  }

  static String setComment(byte[] userData) {
    return text(userData, SET_COMMENT);
  }

  /** {@code enum byteorder} of nft. */
  private static int order(DataType.ValueOrder order) {
    return switch (order) {
      case INVALID -> 0;
      case HOST -> 1;
      case NETWORK -> 2;
    };
  }

  private static void put(ByteArrayOutputStream out, int type, int value) {
    byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    out.write(type);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private static void put(ByteArrayOutputStream out, int type, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.write(type);
    out.write(bytes.length + 1);
    out.writeBytes(bytes);
    out.write(0);
  }

  private static String text(byte[] userData, int wantedType) {
    int position = 0;
    while (position + 2 <= userData.length) {
      int type = userData[position] & 0xff;
      int length = userData[position + 1] & 0xff;
      int start = position + 2;
      if (start + length > userData.length) {
        return "";
      }
      if (type == wantedType) {
        return Bytes.of(userData).slice(start, start + length).toText();
      }
      position = start + length;
    }
    return "";
  }
}
