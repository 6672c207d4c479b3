package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Fills buffers with UPDATEs, each as full as its limit allows. Not for more than one thread.
 *
 * <p>{@link #begin} names the buffer; {@link #announcing} or {@link #withdrawing} opens a run;
 * {@link #v4} or {@link #v6} add prefixes to it, over as many messages as it takes; {@link #finish}
 * closes the last message. When a method answers {@code false} the buffer has no room left and the
 * call changed nothing: finish, begin with another buffer (the run goes on) and repeat the call.
 *
 * <p>MP_REACH_NLRI and MP_UNREACH_NLRI are the first attribute (RFC 7606 §5.1) and never share a
 * message with classic prefixes.
 */
public final class UpdateWriter {

  private static final int EMPTY_LENGTH = Message.HEADER_LENGTH + 4;
  private static final int OPTIONAL_EXTENDED = 0x90;

  /** A message of less is not begun, so that few prefixes do not make many messages. */
  private static final int WORTHWHILE = Message.MAXIMUM_LENGTH;

  private enum Run {
    NONE,
    WITHDRAWN_FIELD,
    UNREACH,
    NLRI_FIELD,
    REACH
  }

  private final SendTraits traits;

  private ByteBuffer out = ByteBuffer.allocate(0);
  private Run run = Run.NONE;
  private Family family = Family.IPV4_UNICAST;
  private @Nullable EncodedAttributes attributes;
  private boolean addPath;

  private boolean open;
  private int start;

  /** Where prefixes of the open message begin and up to where they may go. */
  private int prefixes;

  private int limit;

  public UpdateWriter(SendTraits traits) {
    this.traits = traits;
  }

  /**
   * Encodes attributes for prefixes of {@code family}: NEXT_HOP for IPv4 unicast over an IPv4 next
   * hop, MP_REACH_NLRI otherwise (RFC 4760 §3, RFC 8950 §3). All attributes are sent: what a kind
   * of peer must not get, as LOCAL_PREF, is to be taken out before.
   *
   * @throws IllegalArgumentException without a next hop, or with an IPv4 one for IPv6 prefixes
   */
  public EncodedAttributes encode(Family family, Attributes attributes) {
    return AttributeEncoder.encode(family, attributes, traits.fourOctetAs());
  }

  /**
   * Whether at least one prefix of any length fits a message with these. If not, the routes are to
   * be withdrawn from the peer.
   */
  public boolean fits(EncodedAttributes encoded) {
    int longest = 1 + encoded.family().maximumPrefixLength() / 8 + 4;
    return EMPTY_LENGTH + encoded.size() + longest <= traits.maximumLength();
  }

  /**
   * Goes on at the position of {@code buffer}; an open run is kept.
   *
   * @param buffer with room for a whole message, better for many
   */
  public void begin(ByteBuffer buffer) {
    finish();
    out = buffer;
  }

  /**
   * Prefixes that follow are announced with {@code encoded}.
   *
   * @throws IllegalArgumentException if not one prefix fits a message: see {@link #fits}
   */
  public void announcing(EncodedAttributes encoded) {
    if (!fits(encoded)) {
      throw new IllegalArgumentException(
          "attributes of %d octets leave no room for a prefix in %d"
              .formatted(encoded.size(), traits.maximumLength()));
    }
    finish();
    attributes = encoded;
    family = encoded.family();
    addPath = traits.addPath().contains(family);
    run = encoded.isMultiprotocol() ? Run.REACH : Run.NLRI_FIELD;
  }

  /** Prefixes that follow are withdrawn. */
  public void withdrawing(Family withdrawnFamily) {
    finish();
    family = withdrawnFamily;
    addPath = traits.addPath().contains(family);
    run = family.equals(Family.IPV4_UNICAST) ? Run.WITHDRAWN_FIELD : Run.UNREACH;
  }

  /**
   * @param pathId only sent where add-path was negotiated
   * @return {@code false} if the buffer is full; see above
   */
  public boolean v4(int address, int length, int pathId) {
    if (family.isIpv6() || run == Run.NONE) {
      throw new IllegalStateException("an IPv4 prefix in a run of " + family);
    }
    int size = (length + 7) >>> 3;
    if (!room(1 + size + (addPath ? 4 : 0))) {
      return false;
    }
    if (addPath) {
      out.putInt(pathId);
    }
    out.put((byte) length);
    for (int i = 0, shift = 24; i < size; i++, shift -= 8) {
      out.put((byte) (address >>> shift));
    }
    return true;
  }

  /**
   * @param pathId only sent where add-path was negotiated
   * @return {@code false} if the buffer is full; see above
   */
  public boolean v6(long high, long low, int length, int pathId) {
    if (!family.isIpv6() || run == Run.NONE) {
      throw new IllegalStateException("an IPv6 prefix in a run of " + family);
    }
    int size = (length + 7) >>> 3;
    if (!room(1 + size + (addPath ? 4 : 0))) {
      return false;
    }
    if (addPath) {
      out.putInt(pathId);
    }
    out.put((byte) length);
    for (int i = 0, shift = 56; i < size; i++, shift -= 8) {
      out.put((byte) ((i < 8 ? high : low) >>> (shift & 63)));
    }
    return true;
  }

  /** Makes sure of an open message with room for {@code octets} more. */
  private boolean room(int octets) {
    if (open) {
      if (out.position() + octets <= limit) {
        return true;
      }
      finish();
    }
    int most = Math.min(traits.maximumLength(), out.remaining());
    if (most < WORTHWHILE) {
      return false;
    }
    EncodedAttributes encoded = attributes;
    int length = EMPTY_LENGTH + octets;
    if (encoded != null && announces()) {
      length += encoded.size();
    } else if (run == Run.UNREACH) {
      length += 7;
    }
    if (length > most) {
      return false;
    }
    openMessage(encoded, most);
    return true;
  }

  private boolean announces() {
    return run == Run.NLRI_FIELD || run == Run.REACH;
  }

  private void openMessage(@Nullable EncodedAttributes encoded, int most) {
    start = Headers.begin(out, MessageType.UPDATE);
    limit = start + most;
    open = true;
    out.putShort((short) 0);
    switch (run) {
      case NONE -> {}
      case WITHDRAWN_FIELD -> limit -= 2;
      case UNREACH -> {
        out.putShort((short) 0);
        out.put((byte) OPTIONAL_EXTENDED).put((byte) 15).putShort((short) 0);
        out.putShort((short) family.afi()).put((byte) family.safi());
      }
      case NLRI_FIELD -> {
        if (encoded != null) {
          out.putShort((short) encoded.others().length).put(encoded.others());
        }
      }
      case REACH -> {
        if (encoded != null) {
          out.putShort((short) 0);
          out.put((byte) OPTIONAL_EXTENDED).put((byte) 14).putShort((short) 0);
          out.put(encoded.reachHead());
          limit -= encoded.others().length;
        }
      }
    }
    prefixes = out.position();
  }

  /**
   * The End-of-RIB of a family (RFC 4724 §2); closes an open message and ends the run.
   *
   * @return {@code false} if the buffer is full; see above
   */
  public boolean endOfRib(Family ended) {
    finish();
    if (out.remaining() < EMPTY_LENGTH + 6) {
      return false;
    }
    run = Run.NONE;
    int at = Headers.begin(out, MessageType.UPDATE);
    if (ended.equals(Family.IPV4_UNICAST)) {
      out.putInt(0);
    } else {
      out.putShort((short) 0).putShort((short) 6).put((byte) 0x80).put((byte) 15).put((byte) 3);
      out.putShort((short) ended.afi()).put((byte) ended.safi());
    }
    Headers.end(out, at);
    return true;
  }

  /** Closes the open message, if there is one: the buffer is complete up to its position. */
  public void finish() {
    if (!open) {
      return;
    }
    open = false;
    int attributesLengthAt = start + Message.HEADER_LENGTH + 2;
    switch (run) {
      case NONE, NLRI_FIELD -> {}
      case WITHDRAWN_FIELD -> {
        out.putShort(start + Message.HEADER_LENGTH, (short) (out.position() - prefixes));
        out.putShort((short) 0);
      }
      case UNREACH -> {
        int value = attributesLengthAt + 6;
        out.putShort(value - 2, (short) (out.position() - value));
        out.putShort(attributesLengthAt, (short) (out.position() - attributesLengthAt - 2));
      }
      case REACH -> {
        int value = attributesLengthAt + 6;
        out.putShort(value - 2, (short) (out.position() - value));
        EncodedAttributes encoded = attributes;
        if (encoded != null) {
          out.put(encoded.others());
        }
        out.putShort(attributesLengthAt, (short) (out.position() - attributesLengthAt - 2));
      }
    }
    Headers.end(out, start);
  }
}
