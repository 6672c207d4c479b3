package io.ocicat.controller.api.openapi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A protobuf message being written, by field number (<a
 * href="https://protobuf.dev/programming-guides/encoding/">the wire format</a>). Only the two wire
 * types that the OpenAPI messages need.
 */
final class ProtoMessage {

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  void text(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  void flag(int field, boolean value) {
    varint(((long) field << 3) | VARINT);
    varint(value ? 1 : 0);
  }

  void integer(int field, long value) {
    varint(((long) field << 3) | VARINT);
    varint(value);
  }

  void message(int field, ProtoMessage value) {
    bytes(field, value.out.toByteArray());
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private void bytes(int field, byte[] value) {
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(value.length);
    out.writeBytes(value);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
