package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.inet.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * OPEN (RFC 4271 §4.2).
 *
 * @param twoOctetAs the field My Autonomous System: {@link Asn#TRANS} if the number needs four
 * @param holdTimeSeconds proposed; 0 or at least 3
 * @param identifier not 0 (RFC 6286)
 * @param capabilities in the order of the message, repetitions included
 */
public record Open(
    int twoOctetAs, int holdTimeSeconds, Ipv4Address identifier, List<Capability> capabilities)
    implements Message {

  /** The one version of BGP. */
  public static final int VERSION = 4;

  private static final int CAPABILITIES_PARAMETER = 2;
  private static final int EXTENDED_LENGTH = 255;

  public Open {
    capabilities = List.copyOf(capabilities);
  }

  /** The sender's AS: of the capability if it is there, otherwise of the 2-octet field. */
  public int asn() {
    return capability(Capability.FourOctetAs.class)
        .map(Capability.FourOctetAs::asn)
        .orElse(twoOctetAs);
  }

  /** The first of its kind; RFC 5492 §4 expects those with one value at most once. */
  public <C extends Capability> Optional<C> capability(Class<C> kind) {
    return capabilities.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  public boolean has(Class<? extends Capability> kind) {
    return capability(kind).isPresent();
  }

  /** Families for which the sender has multiprotocol capabilities, in their order. */
  public List<Family> multiprotocolFamilies() {
    return capabilities.stream()
        .filter(Capability.Multiprotocol.class::isInstance)
        .map(c -> ((Capability.Multiprotocol) c).family())
        .distinct()
        .toList();
  }

  /**
   * Checks what can be judged without knowing the peer: version, AS 0 (RFC 7607), hold time,
   * identifier and the form of the parameters. AS and identifier against what is expected are the
   * session's.
   *
   * @param body the message without header, from position to limit; not moved
   */
  public static Received<Open> parse(ByteBuffer body) {
    ByteBuffer in = body.duplicate();
    if (in.remaining() < 10) {
      return bad(
          NotificationSubcode.BAD_MESSAGE_LENGTH, Bytes.ofShort(HEADER_LENGTH + in.remaining()));
    }
    int version = in.get() & 0xff;
    if (version != VERSION) {
      return bad(NotificationSubcode.UNSUPPORTED_VERSION_NUMBER, Bytes.ofShort(VERSION));
    }
    int twoOctetAs = in.getShort() & 0xffff;
    int holdTimeSeconds = in.getShort() & 0xffff;
    int identifier = in.getInt();
    List<Capability> capabilities = new ArrayList<>();
    Optional<Notification> refusal = parameters(in, capabilities);
    if (refusal.isPresent()) {
      return new Received.Bad<>(refusal.get());
    }
    Open open = new Open(twoOctetAs, holdTimeSeconds, new Ipv4Address(identifier), capabilities);
    if (twoOctetAs == 0 || open.asn() == 0) {
      return bad(NotificationSubcode.BAD_PEER_AS, Bytes.EMPTY);
    }
    if (holdTimeSeconds == 1 || holdTimeSeconds == 2) {
      return bad(NotificationSubcode.UNACCEPTABLE_HOLD_TIME, Bytes.EMPTY);
    }
    if (identifier == 0) {
      return bad(NotificationSubcode.BAD_BGP_IDENTIFIER, Bytes.EMPTY);
    }
    return new Received.Good<>(open);
  }

  private static Received<Open> bad(NotificationSubcode subcode, Bytes data) {
    return new Received.Bad<>(Notification.of(subcode, data));
  }

  private static Optional<Notification> malformed() {
    return Optional.of(Notification.of(NotificationSubcode.UNSPECIFIC_OPEN));
  }

  /** Optional parameters, with one-octet lengths or with those of RFC 9072 §2. */
  private static Optional<Notification> parameters(ByteBuffer in, List<Capability> into) {
    int length = in.get() & 0xff;
    // RFC 9072 §2: the type decides; a first length other than 0 should be 255 but need not be.
    boolean extended =
        length != 0 && in.hasRemaining() && (in.get(in.position()) & 0xff) == EXTENDED_LENGTH;
    if (extended) {
      if (in.remaining() < 3) {
        return malformed();
      }
      in.get();
      length = in.getShort() & 0xffff;
    }
    if (length != in.remaining()) {
      return malformed();
    }
    int lengthOctets = extended ? 2 : 1;
    while (in.hasRemaining()) {
      if (in.remaining() < 1 + lengthOctets) {
        return malformed();
      }
      int type = in.get() & 0xff;
      int size = extended ? in.getShort() & 0xffff : in.get() & 0xff;
      if (size > in.remaining()) {
        return malformed();
      }
      if (type != CAPABILITIES_PARAMETER) {
        return Optional.of(Notification.of(NotificationSubcode.UNSUPPORTED_OPTIONAL_PARAMETER));
      }
      ByteBuffer parameter = in.slice(in.position(), size);
      in.position(in.position() + size);
      if (!capabilities(parameter, into)) {
        return malformed();
      }
    }
    return Optional.empty();
  }

  private static boolean capabilities(ByteBuffer in, List<Capability> into) {
    while (in.hasRemaining()) {
      if (in.remaining() < 2) {
        return false;
      }
      int code = in.get() & 0xff;
      int length = in.get() & 0xff;
      if (length > in.remaining()) {
        return false;
      }
      Bytes value = Bytes.remaining(in.slice(in.position(), length));
      in.position(in.position() + length);
      Optional<Capability> capability = CapabilityCodec.decode(code, value);
      if (capability.isEmpty()) {
        return false;
      }
      into.add(capability.get());
    }
    return true;
  }

  /**
   * All capabilities go in one parameter (RFC 5492 §4); the extended form of RFC 9072 is used only
   * if they need more than 255 octets.
   *
   * @throws IllegalArgumentException if the whole is longer than an OPEN may be
   */
  @Override
  public void encode(ByteBuffer out) {
    ByteBuffer values = ByteBuffer.allocate(0x10000);
    capabilities.forEach(c -> CapabilityCodec.encode(c, values));
    values.flip();
    int length = values.remaining();
    if (HEADER_LENGTH + 16 + length > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "capabilities of " + length + " octets do not fit an OPEN message");
    }
    int start = Headers.begin(out, MessageType.OPEN);
    out.put((byte) VERSION).putShort((short) twoOctetAs).putShort((short) holdTimeSeconds);
    out.putInt(identifier.value());
    if (length == 0) {
      out.put((byte) 0);
    } else if (length + 2 <= 255) {
      out.put((byte) (length + 2)).put((byte) CAPABILITIES_PARAMETER).put((byte) length);
    } else {
      out.put((byte) EXTENDED_LENGTH).put((byte) EXTENDED_LENGTH).putShort((short) (length + 3));
      out.put((byte) CAPABILITIES_PARAMETER).putShort((short) length);
    }
    out.put(values);
    Headers.end(out, start);
  }
}
