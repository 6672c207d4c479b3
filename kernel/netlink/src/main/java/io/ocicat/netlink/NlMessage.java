package io.ocicat.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A message from the kernel: a view of the datagram it came in. */
public final class NlMessage {

  private final NlHeader header;
  private final byte[] datagram;
  private final int start;
  private final int end;

  private NlMessage(NlHeader header, byte[] datagram, int start, int end) {
    this.header = header;
    this.datagram = datagram;
    this.start = start;
    this.end = end;
  }

  /**
   * A message with that payload, as the kernel would send it.
   *
   * @param header its length is set from the payload
   */
  public static NlMessage of(NlHeader header, byte[] payload) {
    NlHeader fitting =
        new NlHeader(
            NlHeader.SIZE_BYTES + payload.length,
            header.type(),
            header.flags(),
            header.sequence(),
            header.portId());
    return new NlMessage(fitting, payload, 0, payload.length);
  }

  /**
   * The messages of a datagram.
   *
   * @throws NetlinkDecodeException if a length does not fit
   */
  public static List<NlMessage> parse(byte[] datagram) {
    List<NlMessage> messages = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
    int position = 0;
    while (position + NlHeader.SIZE_BYTES <= datagram.length) {
      NlHeader header = NlHeader.decode(buffer.position(position));
      int length = header.lengthBytes();
      if (length < NlHeader.SIZE_BYTES || length > datagram.length - position) {
        throw new NetlinkDecodeException(
            "message says %d bytes where %d are left"
                .formatted(length, datagram.length - position));
      }
      messages.add(
          new NlMessage(header, datagram, position + NlHeader.SIZE_BYTES, position + length));
      position += AttributeWriter.align(length);
    }
    return messages;
  }

  public NlHeader header() {
    return header;
  }

  public int type() {
    return header.type();
  }

  /** The payload in host order; reading it does not change the message. */
  public ByteBuffer payload() {
    return ByteBuffer.wrap(datagram, start, end - start)
        .slice()
        .asReadOnlyBuffer()
        .order(ByteOrder.nativeOrder());
  }

  /** The payload, copied. */
  public byte[] payloadBytes() {
    return Arrays.copyOfRange(datagram, start, end);
  }

  /**
   * The attributes after a structure of that many bytes.
   *
   * @throws NetlinkDecodeException if the message is shorter than the structure
   */
  public AttributeReader attributes(int fixedHeaderBytes) {
    int from = start + AttributeWriter.align(fixedHeaderBytes);
    if (from > end) {
      throw new NetlinkDecodeException(
          "message of type %d has %d bytes, its header needs %d"
              .formatted(type(), end - start, fixedHeaderBytes));
    }
    return new AttributeReader(datagram, from, end);
  }

  /** Header and payload as one datagram. */
  public byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(AttributeWriter.align(NlHeader.SIZE_BYTES + end - start))
            .order(ByteOrder.nativeOrder());
    header.encode(out);
    return out.put(datagram, start, end - start).array();
  }

  @Override
  public String toString() {
    return header.toString();
  }
}
