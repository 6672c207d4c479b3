package io.ocicat.bfd;

import java.nio.ByteBuffer;

/**
 * A control packet without authentication, RFC 5880 section 4.1.
 *
 * @param diagnostic why the sender's session left Up last
 * @param poll whether an answer is asked for
 * @param isFinal whether it is an answer to a poll
 * @param independent whether the sender's BFD does not share the fate of its control plane (C)
 * @param demand whether the sender wants no periodic packets
 * @param detectMultiplier how many packets may be lost, 1 to 255
 * @param myDiscriminator the sender's name of the session, not 0
 * @param yourDiscriminator the receiver's, or 0 if it is not known
 * @param desiredMinTxMicros the interval at which the sender would like to send
 * @param requiredMinRxMicros the shortest interval at which it can receive; 0 to be sent none
 * @param requiredMinEchoRxMicros the same of echo packets; 0 for none
 */
public record BfdPacket(
    BfdDiagnostic diagnostic,
    BfdState state,
    boolean poll,
    boolean isFinal,
    boolean independent,
    boolean demand,
    int detectMultiplier,
    int myDiscriminator,
    int yourDiscriminator,
    long desiredMinTxMicros,
    long requiredMinRxMicros,
    long requiredMinEchoRxMicros) {

  /** Bytes of a packet without authentication. */
  public static final int BYTES = 24;

  private static final int VERSION = 1;
  private static final int POLL = 0x20;
  private static final int FINAL = 0x10;
  private static final int CONTROL_PLANE_INDEPENDENT = 0x08;
  private static final int AUTHENTICATION = 0x04;
  private static final int DEMAND = 0x02;
  private static final int MULTIPOINT = 0x01;

  /** What came in: a packet, or why it is none to look at. */
  public sealed interface Read {

    record Packet(BfdPacket packet) implements Read {}

    record Discarded(String reason) implements Read {}
  }

  /** The bytes on the wire. */
  public byte[] encode() {
    int flags =
        state.code() << 6
            | (poll ? POLL : 0)
            | (isFinal ? FINAL : 0)
            | (independent ? CONTROL_PLANE_INDEPENDENT : 0)
            | (demand ? DEMAND : 0);
    return ByteBuffer.allocate(BYTES)
        .put((byte) (VERSION << 5 | diagnostic.code()))
        .put((byte) flags)
        .put((byte) detectMultiplier)
        .put((byte) BYTES)
        .putInt(myDiscriminator)
        .putInt(yourDiscriminator)
        .putInt((int) desiredMinTxMicros)
        .putInt((int) requiredMinRxMicros)
        .putInt((int) requiredMinEchoRxMicros)
        .array();
  }

  /** Reads a datagram as section 6.8.6 says, as far as that needs no session. */
  public static Read read(byte[] datagram) {
    if (datagram.length < BYTES) {
      return new Read.Discarded("%d bytes are too short".formatted(datagram.length));
    }
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    int first = u8(bytes);
    int flags = u8(bytes);
    int multiplier = u8(bytes);
    int length = u8(bytes);
    if (first >> 5 != VERSION) {
      return new Read.Discarded("version " + (first >> 5));
    }
    if (length < BYTES || length > datagram.length) {
      return new Read.Discarded("length %d in %d bytes".formatted(length, datagram.length));
    }
    if (multiplier == 0) {
      return new Read.Discarded("detect multiplier 0");
    }
    if ((flags & MULTIPOINT) != 0) {
      return new Read.Discarded("multipoint");
    }
    if ((flags & AUTHENTICATION) != 0) {
      return new Read.Discarded("authentication, which is not in use here");
    }
    int mine = bytes.getInt();
    int yours = bytes.getInt();
    BfdState state = BfdState.of(flags >> 6);
    if (mine == 0) {
      return new Read.Discarded("my discriminator 0");
    }
    if (yours == 0 && state != BfdState.DOWN && state != BfdState.ADMIN_DOWN) {
      return new Read.Discarded("your discriminator 0 in state " + state);
    }
    return new Read.Packet(
        new BfdPacket(
            BfdDiagnostic.of(first & 0x1f),
            state,
            (flags & POLL) != 0,
            (flags & FINAL) != 0,
            (flags & CONTROL_PLANE_INDEPENDENT) != 0,
            (flags & DEMAND) != 0,
            multiplier,
            mine,
            yours,
            u32(bytes),
            u32(bytes),
            u32(bytes)));
  }

  private static int u8(ByteBuffer bytes) {
    return bytes.get() & 0xff;
  }

  private static long u32(ByteBuffer bytes) {
    return bytes.getInt() & 0xffff_ffffL;
  }
}
