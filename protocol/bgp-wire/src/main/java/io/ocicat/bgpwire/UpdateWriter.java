package io.ocicat.bgpwire;

import java.nio.ByteBuffer;

/**
 * Fills buffers with UPDATEs, each as full as its limit allows. Not for more than one thread.
 *
 * <p>{@link #begin} names the buffer; {@link #announcing} or {@link #withdrawing} opens a run;
 * {@link #v4} or {@link #v6} add prefixes to it, over as many messages as it takes; {@link #finish}
 * closes the last message. When a method answers {@code false} the buffer has no room left and the
 * call changed nothing: finish, take another buffer, open the run again and repeat the call.
 */
public final class UpdateWriter {

  public UpdateWriter(SendTraits traits) {}

  /**
   * Encodes attributes for prefixes of {@code family}: NEXT_HOP for IPv4 unicast over an IPv4 next
   * hop, MP_REACH_NLRI otherwise (RFC 4760 §3, RFC 8950 §3).
   *
   * @throws IllegalArgumentException without a next hop, or with an IPv4 one for IPv6 prefixes
   */
  public EncodedAttributes encode(Family family, Attributes attributes) {
    return new EncodedAttributes(family);
  }

  /**
   * Whether at least one prefix of any length fits a message with these. If not, the routes are to
   * be withdrawn from the peer.
   */
  public boolean fits(EncodedAttributes attributes) {
    return true;
  }

  /** Goes on at the position of {@code out}. */
  public void begin(ByteBuffer out) {
    // Nothing yet.
  }

  /**
   * Prefixes that follow are announced with {@code attributes}.
   *
   * @throws IllegalArgumentException if not one prefix fits a message: see {@link #fits}
   */
  public void announcing(EncodedAttributes attributes) {
    // Nothing yet.
  }

  /** Prefixes that follow are withdrawn. */
  public void withdrawing(Family family) {
    // Nothing yet.
  }

  /**
   * @param pathId only sent where add-path was negotiated
   * @return {@code false} if the buffer is full; see above
   */
  public boolean v4(int address, int length, int pathId) {
    return true;
  }

  /**
   * @param pathId only sent where add-path was negotiated
   * @return {@code false} if the buffer is full; see above
   */
  public boolean v6(long high, long low, int length, int pathId) {
    return true;
  }

  /**
   * The End-of-RIB of a family (RFC 4724 §2); closes an open message.
   *
   * @return {@code false} if the buffer is full; see above
   */
  public boolean endOfRib(Family family) {
    return true;
  }

  /** Closes the open message, if there is one: the buffer is complete up to its position. */
  public void finish() {
    // Nothing yet.
  }
}
