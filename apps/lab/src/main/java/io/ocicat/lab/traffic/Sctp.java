package io.ocicat.lab.traffic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The packets of SCTP's first round trip, RFC 9260 §3: INIT, INIT ACK and ABORT. */
final class Sctp {
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 4;
  private static final int INIT_BODY_BYTES = 16;
  private static final int INIT = 1;
  private static final int INIT_ACK = 2;
  private static final int ABORT = 6;
  private static final int STATE_COOKIE = 7;

  private Sctp() {}

  /** One packet with one chunk. */
  sealed interface Packet {
    /** The sender's port. */
    int sourcePort();

    /** The receiver's port. */
    int destinationPort();

    /** Opens an association; {@code initiateTag} is what the answer's header must carry. */
    record Init(int sourcePort, int destinationPort, int initiateTag) implements Packet {}

    /** Accepts one; the cookie carries what the responder has to say. */
    record InitAck(int sourcePort, int destinationPort, int verificationTag, String cookie)
        implements Packet {}

    /** Refuses one. */
    record Abort(int sourcePort, int destinationPort, int verificationTag) implements Packet {}
  }

  static byte[] encode(Packet packet) {
    return switch (packet) {
      case Packet.Init init -> {
        ByteBuffer bytes = begin(packet, 0, CHUNK_HEADER_BYTES + INIT_BODY_BYTES);
        chunk(bytes, INIT, CHUNK_HEADER_BYTES + INIT_BODY_BYTES);
        initBody(bytes, init.initiateTag());
        yield sealed(bytes);
      }
      case Packet.InitAck ack -> {
        byte[] cookie = ack.cookie().getBytes(StandardCharsets.UTF_8);
        int parameter = 4 + cookie.length;
        int padded = (parameter + 3) & ~3;
        int length = CHUNK_HEADER_BYTES + INIT_BODY_BYTES + parameter;
        ByteBuffer bytes =
            begin(packet, ack.verificationTag(), CHUNK_HEADER_BYTES + INIT_BODY_BYTES + padded);
        chunk(bytes, INIT_ACK, length);
        initBody(bytes, 1);
        bytes.putShort((short) STATE_COOKIE).putShort((short) parameter).put(cookie);
        yield sealed(bytes);
      }
      case Packet.Abort abort -> {
        ByteBuffer bytes = begin(packet, abort.verificationTag(), CHUNK_HEADER_BYTES);
        chunk(bytes, ABORT, CHUNK_HEADER_BYTES);
        yield sealed(bytes);
      }
    };
  }

  /** Empty for a packet that is damaged or none of ours. */
  static Optional<Packet> decode(byte[] packet) {
    if (packet.length < HEADER_BYTES + CHUNK_HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    int source = Short.toUnsignedInt(bytes.getShort(0));
    int destination = Short.toUnsignedInt(bytes.getShort(2));
    int tag = bytes.getInt(4);
    if (checksum(packet) != bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(8)) {
      return Optional.empty();
    }
    bytes.order(ByteOrder.BIG_ENDIAN);
    int type = bytes.get(HEADER_BYTES);
    int length = Short.toUnsignedInt(bytes.getShort(HEADER_BYTES + 2));
    int body = HEADER_BYTES + CHUNK_HEADER_BYTES;
    boolean initShaped =
        length >= CHUNK_HEADER_BYTES + INIT_BODY_BYTES && packet.length >= HEADER_BYTES + length;
    return switch (type) {
      case INIT ->
          initShaped
              ? Optional.of(new Packet.Init(source, destination, bytes.getInt(body)))
              : Optional.empty();
      case INIT_ACK ->
          initShaped
              ? Optional.of(
                  new Packet.InitAck(
                      source,
                      destination,
                      tag,
                      cookie(bytes, body + INIT_BODY_BYTES, HEADER_BYTES + length)))
              : Optional.empty();
      case ABORT -> Optional.of(new Packet.Abort(source, destination, tag));
      default -> Optional.empty();
    };
  }

  private static String cookie(ByteBuffer bytes, int from, int end) {
    int at = from;
    while (at + 4 <= end) {
      int type = Short.toUnsignedInt(bytes.getShort(at));
      int length = Short.toUnsignedInt(bytes.getShort(at + 2));
      if (length < 4 || at + length > end) {
        break;
      }
      if (type == STATE_COOKIE) {
        return StandardCharsets.UTF_8.decode(bytes.slice(at + 4, length - 4)).toString();
      }
      at += (length + 3) & ~3;
    }
    return "";
  }

  private static ByteBuffer begin(Packet packet, int verificationTag, int chunkBytes) {
    return ByteBuffer.allocate(HEADER_BYTES + chunkBytes)
        .putShort((short) packet.sourcePort())
        .putShort((short) packet.destinationPort())
        .putInt(verificationTag)
        .putInt(0);
  }

  private static void chunk(ByteBuffer bytes, int type, int length) {
    bytes.put((byte) type).put((byte) 0).putShort((short) length);
  }

  private static void initBody(ByteBuffer bytes, int initiateTag) {
    int receiverWindowBytes = 65536;
    bytes.putInt(initiateTag).putInt(receiverWindowBytes);
    bytes.putShort((short) 1).putShort((short) 1).putInt(1);
  }

  private static byte[] sealed(ByteBuffer bytes) {
    byte[] packet = new byte[bytes.capacity()];
    bytes.get(0, packet);
    // CRC32c goes in least significant byte first, RFC 9260 appendix A.
    ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).putInt(8, checksum(packet));
    return packet;
  }

  private static int checksum(byte[] packet) {
    CRC32C crc = new CRC32C();
    crc.update(packet, 0, 8);
    crc.update(new byte[4]);
    crc.update(packet, HEADER_BYTES, packet.length - HEADER_BYTES);
    return (int) crc.getValue();
  }
}
