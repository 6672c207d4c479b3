package io.ocicat.netlink;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A message to the kernel, with the words for it if it is refused. */
public final class NlRequest {

  private final String operation;
  private final int type;
  private final int flags;
  private final int fixedHeaderBytes;
  private final byte[] payload;

  /**
   * @param operation what it does on which object, for example {@code add route 10.0.0.1/32}
   * @param flags beyond {@code REQUEST}, which is always set; {@link NetlinkSocket} adds {@code
   *     ACK} and {@code DUMP} where its operation needs them
   */
  public NlRequest(String operation, int type, int flags, AttributeWriter body) {
    this(operation, type, flags | NlFlags.REQUEST, body.fixedHeaderBytes(), body.toBytes());
  }

  private NlRequest(String operation, int type, int flags, int fixedHeaderBytes, byte[] payload) {
    this.operation = operation;
    this.type = type;
    this.flags = flags;
    this.fixedHeaderBytes = fixedHeaderBytes;
    this.payload = payload;
  }

  public String operation() {
    return operation;
  }

  public int type() {
    return type;
  }

  public int flags() {
    return flags;
  }

  /** The same request with more flags. */
  public NlRequest with(int moreFlags) {
    return new NlRequest(operation, type, flags | moreFlags, fixedHeaderBytes, payload);
  }

  /** Header and payload without padding. */
  int lengthBytes() {
    return NlHeader.SIZE_BYTES + payload.length;
  }

  int fixedHeaderBytes() {
    return fixedHeaderBytes;
  }

  /** The family header and the attributes, copied. */
  public byte[] payloadBytes() {
    return Arrays.copyOf(payload, payload.length);
  }

  void encode(int sequence, ByteBuffer out) {
    int start = out.position();
    new NlHeader(lengthBytes(), type, flags, sequence, 0).encode(out);
    out.put(payload).position(start + AttributeWriter.align(lengthBytes()));
  }

  @Override
  public String toString() {
    return operation;
  }
}
