package io.ocicat.bgpwire;

import io.ocicat.bgpwire.AttributeCache.Decoded;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads UPDATEs of one session (RFC 4271 §4.3, RFC 4760) with the error handling of RFC 7606. Not
 * for more than one thread.
 *
 * <p>The order is that of RFC 7606 §3: first everything is found by lengths alone, prefixes
 * included; whatever is wrong there leaves no choice but to close the session. Then attributes are
 * judged, one by one. The handler hears of a message only when nothing in it can close the session.
 */
public final class UpdateParser {

  private final ReceiveTraits traits;
  private final AttributeCache cache;
  private final AttributeDecoder decoder;
  private final int cacheTraits;
  private final boolean checksFirstAs;
  private final boolean ipv4Negotiated;
  private final boolean ipv4AddPath;

  private final AttributeBlock block = new AttributeBlock();
  private final Nlri withdrawn = new Nlri();
  private final Nlri announced = new Nlri();
  private final Nlri unreachable = new Nlri();
  private final Nlri reachable = new Nlri();
  private byte[] scratch = new byte[0];

  /** Families of the two multiprotocol attributes; {@code null} if there are no routes to take. */
  private @Nullable Family reachFamily;

  private @Nullable Family unreachFamily;

  /**
   * @param cache may be shared by all sessions of a thread
   */
  public UpdateParser(ReceiveTraits traits, AttributeCache cache) {
    this.traits = traits;
    this.cache = cache;
    this.decoder = new AttributeDecoder(traits.kind(), traits.fourOctetAs());
    int kind =
        switch (traits.kind()) {
          case INTERNAL -> 0;
          case EXTERNAL -> 2;
          case CONFEDERATION -> 4;
        };
    this.cacheTraits = kind + (traits.fourOctetAs() ? 1 : 0);
    this.checksFirstAs = traits.enforceFirstAs() && traits.kind() == PeerKind.EXTERNAL;
    this.ipv4Negotiated = traits.families().contains(Family.IPV4_UNICAST);
    this.ipv4AddPath = traits.addPath().contains(Family.IPV4_UNICAST);
  }

  /**
   * Reads one message.
   *
   * @param body the message without header, from position to limit; not moved. Heap buffers are
   *     read in place.
   * @return {@code null} if the session stays up, otherwise what to close it with
   */
  public @Nullable Notification parse(ByteBuffer body, UpdateHandler handler) {
    int length = body.remaining();
    if (body.hasArray()) {
      int start = body.arrayOffset() + body.position();
      return parse(body.array(), start, start + length, handler);
    }
    if (scratch.length < length) {
      scratch = new byte[Math.max(Message.MAXIMUM_LENGTH, length)];
    }
    body.get(body.position(), scratch, 0, length);
    return parse(scratch, 0, length, handler);
  }

  private @Nullable Notification parse(byte[] in, int start, int end, UpdateHandler handler) {
    if (end - start < 4) {
      return reset(NotificationSubcode.MALFORMED_ATTRIBUTE_LIST, Bytes.EMPTY);
    }
    int withdrawnEnd = start + 2 + Octets.int16(in, start);
    if (withdrawnEnd + 2 > end) {
      return reset(NotificationSubcode.MALFORMED_ATTRIBUTE_LIST, Bytes.EMPTY);
    }
    int attributes = withdrawnEnd + 2;
    int attributesEnd = attributes + Octets.int16(in, withdrawnEnd);
    if (attributesEnd > end) {
      return reset(NotificationSubcode.MALFORMED_ATTRIBUTE_LIST, Bytes.EMPTY);
    }
    int bad = withdrawn.set(in, start + 2, withdrawnEnd, false, ipv4AddPath);
    if (bad >= 0) {
      return reset(NotificationSubcode.INVALID_NETWORK_FIELD, shown(in, bad, withdrawnEnd));
    }
    bad = announced.set(in, attributesEnd, end, false, ipv4AddPath);
    if (bad >= 0) {
      return reset(NotificationSubcode.INVALID_NETWORK_FIELD, shown(in, bad, end));
    }
    block.locate(in, attributes, attributesEnd);
    Notification reset = locateMultiprotocol();
    return reset != null ? reset : judge(handler);
  }

  private static Notification reset(NotificationSubcode subcode, Bytes data) {
    return Notification.of(subcode, data);
  }

  private static Bytes shown(byte[] in, int from, int to) {
    return Bytes.copyOf(in, from, Math.min(to, from + 64));
  }

  private Notification resetAttribute(int at, int end) {
    return reset(NotificationSubcode.OPTIONAL_ATTRIBUTE_ERROR, shown(block.in, at, end));
  }

  /** RFC 7606 §3g, §5.3, §7.11, §7.12. */
  private @Nullable Notification locateMultiprotocol() {
    reachFamily = null;
    unreachFamily = null;
    if (block.repeated) {
      return reset(NotificationSubcode.MALFORMED_ATTRIBUTE_LIST, Bytes.EMPTY);
    }
    if (block.hasUnreach() && !locateUnreach()) {
      return resetAttribute(block.unreachAt, block.unreachEnd);
    }
    return block.hasReach() && !locateReach()
        ? resetAttribute(block.reachAt, block.reachEnd)
        : null;
  }

  private boolean locateUnreach() {
    int at = block.unreachValue;
    if (block.unreachEnd - at < 3) {
      return false;
    }
    Family family = Family.of(Octets.int16(block.in, at), block.in[at + 2] & 0xff);
    if (!takes(family)) {
      return true;
    }
    unreachFamily = family;
    boolean addPath = traits.addPath().contains(family);
    return unreachable.set(block.in, at + 3, block.unreachEnd, family.isIpv6(), addPath) < 0;
  }

  private boolean locateReach() {
    int at = block.reachValue;
    int end = block.reachEnd;
    if (end - at < 5) {
      return false;
    }
    Family family = Family.of(Octets.int16(block.in, at), block.in[at + 2] & 0xff);
    int nextHopLength = block.in[at + 3] & 0xff;
    // A reserved octet follows the next hop.
    int prefixes = at + 4 + nextHopLength + 1;
    if (prefixes > end) {
      return false;
    }
    if (!takes(family)) {
      return true;
    }
    boolean ipv6NextHop = nextHopLength == 16 || nextHopLength == 32;
    boolean expected =
        family.isIpv6()
            ? ipv6NextHop
            : nextHopLength == 4 || (ipv6NextHop && traits.extendedNextHop().contains(family));
    if (!expected) {
      return false;
    }
    reachFamily = family;
    block.nextHopAt = at + 4;
    block.nextHopLength = nextHopLength;
    boolean addPath = traits.addPath().contains(family);
    return reachable.set(block.in, prefixes, end, family.isIpv6(), addPath) < 0;
  }

  /** Routes of other families are ignored, as the peer was told (RFC 4760 §8). */
  private boolean takes(Family family) {
    return family.isSupported() && traits.families().contains(family);
  }

  private @Nullable Notification judge(UpdateHandler handler) {
    AttributeError flags = flagsFault();
    if (!block.hasOthers && announced.isEmpty()) {
      if (flags != null) {
        handler.malformed(flags);
      }
      withdrawOnly(handler);
      return null;
    }
    Decoded decoded = decoded();
    boolean reaches = !announced.isEmpty() || (reachFamily != null && !reachable.isEmpty());
    if (!reaches) {
      // RFC 7606 §5.2: with no route in sight, routes may have been lost.
      AttributeError strong = strongest(decoded.faults(), flags);
      if (strong != null && !ignoresReach()) {
        return reset(strong.subcode(), strong.attribute());
      }
    }
    for (AttributeError fault : decoded.faults()) {
      handler.malformed(fault);
    }
    if (flags != null) {
      handler.malformed(flags);
    }
    reportIgnored(handler);
    withdrawOnly(handler);
    boolean allWithdrawn = strongest(decoded.faults(), flags) != null;
    if (!announced.isEmpty() && ipv4Negotiated) {
      announce(
          handler,
          Family.IPV4_UNICAST,
          announced,
          allWithdrawn ? null : decoded.ipv4(),
          allWithdrawn ? null : decoded.ipv4Fault());
    }
    Family family = reachFamily;
    if (family != null && !reachable.isEmpty()) {
      announce(
          handler,
          family,
          reachable,
          allWithdrawn ? null : decoded.multiprotocol(),
          allWithdrawn ? null : decoded.multiprotocolFault());
    }
    return null;
  }

  /** MP_REACH_NLRI with prefixes that are not ours to read: then there are routes in sight. */
  private boolean ignoresReach() {
    return block.hasReach() && reachFamily == null;
  }

  private Decoded decoded() {
    if (block.truncated) {
      return decoder.decode(block);
    }
    Decoded decoded = cache.find(block, cacheTraits);
    if (decoded == null) {
      decoded = decoder.decode(block);
      cache.put(block, cacheTraits, decoded);
    }
    return decoded;
  }

  private static @Nullable AttributeError strongest(
      List<AttributeError> faults, @Nullable AttributeError flags) {
    for (AttributeError fault : faults) {
      if (fault.reaction() != Reaction.DISCARD) {
        return fault;
      }
    }
    return flags;
  }

  /** The flags of the two attributes that the decoder does not see. */
  private @Nullable AttributeError flagsFault() {
    if (block.hasReach() && !AttributeRules.flagsMatch(block.in[block.reachAt], 14)) {
      return flagsFault(14, block.reachAt, block.reachEnd);
    }
    if (block.hasUnreach() && !AttributeRules.flagsMatch(block.in[block.unreachAt], 15)) {
      return flagsFault(15, block.unreachAt, block.unreachEnd);
    }
    return null;
  }

  private AttributeError flagsFault(int type, int at, int end) {
    return new AttributeError(
        type,
        Reaction.WITHDRAW,
        NotificationSubcode.ATTRIBUTE_FLAGS_ERROR,
        "flags 0x%02x where 0x80 is expected".formatted(block.in[at] & 0xe0),
        shown(block.in, at, end));
  }

  private void reportIgnored(UpdateHandler handler) {
    if (block.hasReach() && reachFamily == null) {
      handler.malformed(notNegotiated(14, block.reachAt, block.reachEnd));
    }
    if (!announced.isEmpty() && !ipv4Negotiated) {
      handler.malformed(notNegotiated(0, block.start, block.start));
    }
  }

  private AttributeError notNegotiated(int type, int at, int end) {
    return new AttributeError(
        type,
        Reaction.DISCARD,
        NotificationSubcode.OPTIONAL_ATTRIBUTE_ERROR,
        "routes of a family that was not negotiated",
        shown(block.in, at, end));
  }

  private void withdrawOnly(UpdateHandler handler) {
    Family family = unreachFamily;
    if (!withdrawn.isEmpty() && ipv4Negotiated) {
      handler.withdraw(Family.IPV4_UNICAST, withdrawn);
    }
    if (family != null && !unreachable.isEmpty()) {
      handler.withdraw(family, unreachable);
    }
    // RFC 4724 §2: nothing at all, or an empty MP_UNREACH_NLRI alone.
    if (withdrawn.isEmpty() && announced.isEmpty() && !block.hasOthers) {
      if (!block.hasUnreach()) {
        handler.endOfRib(Family.IPV4_UNICAST);
      } else if (family != null && unreachable.isEmpty()) {
        handler.endOfRib(family);
      }
    }
  }

  private void announce(
      UpdateHandler handler,
      Family family,
      Nlri nlri,
      @Nullable Attributes attributes,
      @Nullable AttributeError fault) {
    if (fault != null) {
      handler.malformed(fault);
    }
    if (attributes != null && checksFirstAs && attributes.firstAs() != traits.peerAs()) {
      handler.malformed(foreignFirstAs(attributes));
      handler.withdraw(family, nlri);
    } else if (attributes != null) {
      handler.announce(family, attributes, nlri);
    } else {
      handler.withdraw(family, nlri);
    }
  }

  private AttributeError foreignFirstAs(Attributes attributes) {
    return new AttributeError(
        2,
        Reaction.WITHDRAW,
        NotificationSubcode.MALFORMED_AS_PATH,
        "begins with AS "
            + Asn.text(attributes.firstAs())
            + " where the peer is AS "
            + Asn.text(traits.peerAs()),
        attributes.value(2).orElse(Bytes.EMPTY));
  }
}
