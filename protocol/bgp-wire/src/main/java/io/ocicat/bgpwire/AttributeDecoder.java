package io.ocicat.bgpwire;

import io.ocicat.bgpwire.AttributeCache.Decoded;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes canonical {@link Attributes} of the octets that a peer sent. One for each parser; holds
 * only scratch memory between two messages.
 */
final class AttributeDecoder {

  private static final int NEXT_HOP = 3;
  private static final int MAXIMUM_SHOWN_OCTETS = 64;
  private static final int MAXIMUM_VALUE_LENGTH = 0xffff;

  private final PeerKind kind;
  private final boolean fourOctetAs;

  /** Accepted attributes, sorted by type; parallel arrays. */
  private int count;

  private int[] types = new int[16];
  private int[] flags = new int[16];
  private int[] starts = new int[16];
  private int[] lengths = new int[16];
  private byte[][] sources = new byte[16][];

  /** One bit for each type that was met. */
  private final long[] seen = new long[4];

  private List<AttributeError> faults = List.of();

  AttributeDecoder(PeerKind kind, boolean fourOctetAs) {
    this.kind = kind;
    this.fourOctetAs = fourOctetAs;
  }

  Decoded decode(AttributeBlock block) {
    count = 0;
    Arrays.fill(seen, 0);
    faults = List.of();
    readAll(block);
    if (block.truncated) {
      fault(
          new AttributeError(
              0,
              Reaction.WITHDRAW,
              NotificationSubcode.MALFORMED_ATTRIBUTE_LIST,
              "the last attribute does not end with the list",
              Bytes.EMPTY));
    }
    if (!fourOctetAs) {
      mergeFourOctetNumbers();
    }
    AttributeError missing = missing();
    if (missing != null || isWithdrawn()) {
      return new Decoded(null, null, faults, missing, missing);
    }
    return build(block);
  }

  private void readAll(AttributeBlock block) {
    byte[] in = block.in;
    int at = block.start;
    while (at < block.end) {
      boolean extended = (in[at] & AttributeRules.EXTENDED_LENGTH) != 0;
      int value = at + (extended ? 4 : 3);
      int length = extended ? Octets.int16(in, at + 2) : in[at + 2] & 0xff;
      int type = in[at + 1] & 0xff;
      if (type != 14 && type != 15) {
        read(in, at, type, value, length);
      }
      at = value + length;
    }
  }

  private void read(byte[] in, int at, int type, int value, int length) {
    int flag = in[at] & 0xe0;
    if ((seen[type >>> 6] & 1L << type) != 0) {
      AttributeRules.Fault twice = AttributeRules.discard("is there twice");
      fault(error(type, twice, in, at, value + length));
      return;
    }
    seen[type >>> 6] |= 1L << type;
    AttributeRules.Fault fault =
        AttributeRules.check(in, flag, type, value, length, kind, fourOctetAs);
    if (fault != null) {
      fault(error(type, fault, in, at, value + length));
      return;
    }
    boolean known = AttributeRules.isKnown(type);
    if (!known && (flag & AttributeRules.TRANSITIVE) == 0) {
      return;
    }
    if (type == 26 && kind == PeerKind.EXTERNAL) {
      // RFC 7311 §3.2: AIGP is off for external peers, as if it were not known.
      return;
    }
    add(type, known ? flag : flag | AttributeRules.PARTIAL, in, value, length);
  }

  private static AttributeError error(
      int type, AttributeRules.Fault fault, byte[] in, int from, int to) {
    return new AttributeError(
        type,
        fault.reaction(),
        fault.subcode(),
        fault.problem(),
        Bytes.copyOf(in, from, Math.min(to, from + MAXIMUM_SHOWN_OCTETS)));
  }

  private void fault(AttributeError error) {
    if (faults.isEmpty()) {
      faults = new ArrayList<>();
    }
    faults.add(error);
  }

  private boolean isWithdrawn() {
    for (AttributeError error : faults) {
      if (error.reaction() != Reaction.DISCARD) {
        return true;
      }
    }
    return false;
  }

  /** Puts it in its place; most peers send in order, so this seldom moves anything. */
  private void add(int type, int flag, byte[] source, int start, int length) {
    if (count == types.length) {
      int size = 2 * count;
      types = Arrays.copyOf(types, size);
      flags = Arrays.copyOf(flags, size);
      starts = Arrays.copyOf(starts, size);
      lengths = Arrays.copyOf(lengths, size);
      sources = Arrays.copyOf(sources, size);
    }
    int i = count++;
    for (; i > 0 && types[i - 1] > type; i--) {
      copy(i - 1, i);
    }
    types[i] = type;
    flags[i] = flag;
    sources[i] = source;
    starts[i] = start;
    lengths[i] = length;
  }

  private void copy(int from, int to) {
    types[to] = types[from];
    flags[to] = flags[from];
    sources[to] = sources[from];
    starts[to] = starts[from];
    lengths[to] = lengths[from];
  }

  private int indexOf(int type) {
    for (int i = 0; i < count; i++) {
      if (types[i] == type) {
        return i;
      }
    }
    return -1;
  }

  private void remove(int type) {
    int index = indexOf(type);
    if (index >= 0) {
      for (int i = index + 1; i < count; i++) {
        copy(i, i - 1);
      }
      count--;
    }
  }

  private void replace(int index, byte[] value) {
    sources[index] = value;
    starts[index] = 0;
    lengths[index] = value.length;
  }

  /** From a 2-octet speaker: RFC 6793 §4.2.3. */
  private void mergeFourOctetNumbers() {
    int aggregator = indexOf(7);
    int as4Aggregator = indexOf(18);
    boolean tailIsOurs = true;
    if (aggregator >= 0) {
      byte[] from = sources[aggregator];
      int at = starts[aggregator];
      int asn = Octets.int16(from, at);
      byte[] wide = new byte[8];
      Octets.putInt32(wide, 0, asn);
      System.arraycopy(from, at + 2, wide, 4, 4);
      if (as4Aggregator >= 0 && asn == Asn.TRANS) {
        System.arraycopy(sources[as4Aggregator], starts[as4Aggregator], wide, 0, 8);
      } else if (as4Aggregator >= 0) {
        // Some 2-octet speaker has aggregated since: what came with it is of the path before.
        tailIsOurs = false;
      }
      replace(aggregator, wide);
    }
    int path = indexOf(2);
    if (path >= 0) {
      byte[] wide = AsPaths.widen(sources[path], starts[path], starts[path] + lengths[path]);
      int as4Path = indexOf(17);
      if (as4Path >= 0 && tailIsOurs) {
        AsPath merged =
            AsPaths.merge(
                new AsPath(wide, 0, wide.length),
                new AsPath(sources[as4Path], starts[as4Path], starts[as4Path] + lengths[as4Path]));
        wide = merged.toArray();
      }
      replace(path, wide);
      if (wide.length > MAXIMUM_VALUE_LENGTH) {
        fault(
            new AttributeError(
                2,
                Reaction.WITHDRAW,
                NotificationSubcode.MALFORMED_AS_PATH,
                "does not fit an attribute with 4-octet numbers",
                Bytes.EMPTY));
      }
    }
    remove(17);
    remove(18);
  }

  /** RFC 7606 §3d; the next hop is judged where it is used. */
  private @Nullable AttributeError missing() {
    if (indexOf(1) < 0) {
      return missing(1, "is missing");
    }
    return indexOf(2) < 0 ? missing(2, "is missing") : null;
  }

  private static AttributeError missing(int type, String problem) {
    return new AttributeError(
        type,
        Reaction.WITHDRAW,
        NotificationSubcode.MISSING_WELL_KNOWN_ATTRIBUTE,
        problem,
        Bytes.EMPTY);
  }

  private Decoded build(AttributeBlock block) {
    Attributes ipv4 = null;
    AttributeError ipv4Fault = null;
    int nextHop = indexOf(NEXT_HOP);
    if (nextHop < 0) {
      ipv4Fault = missing(NEXT_HOP, "is missing");
    } else if (!AttributeRules.isUsableNextHop(sources[nextHop], starts[nextHop], 4)) {
      ipv4Fault =
          unusable(NEXT_HOP, Bytes.copyOf(sources[nextHop], starts[nextHop], starts[nextHop] + 4));
    } else {
      ipv4 = assemble();
    }
    Attributes multiprotocol = null;
    AttributeError multiprotocolFault = null;
    if (block.nextHopLength > 0) {
      int skipped = isLinkLocalAlone(block) ? 16 : 0;
      int at = block.nextHopAt + skipped;
      int length = block.nextHopLength - skipped;
      if (AttributeRules.isUsableNextHop(block.in, at, length)) {
        remove(NEXT_HOP);
        add(NEXT_HOP, AttributeRules.TRANSITIVE, block.in, at, withoutUseless(block, at, length));
        multiprotocol = assemble();
      } else {
        multiprotocolFault = unusable(14, Bytes.copyOf(block.in, at, at + length));
      }
    }
    return new Decoded(ipv4, multiprotocol, faults, ipv4Fault, multiprotocolFault);
  }

  /** BIRD on a link without global addresses sends :: for the first. */
  private static boolean isLinkLocalAlone(AttributeBlock block) {
    int at = block.nextHopAt;
    return block.nextHopLength == 32
        && Octets.int64(block.in, at) == 0
        && Octets.int64(block.in, at + 8) == 0
        && isLinkLocal(block.in, at + 16);
  }

  /**
   * A second address that is not link-local is no use and is left out (RFC 2545 §3): some send 0,
   * some the first address again.
   */
  private static int withoutUseless(AttributeBlock block, int at, int length) {
    return length == 32 && !isLinkLocal(block.in, at + 16) ? 16 : length;
  }

  private static boolean isLinkLocal(byte[] in, int at) {
    return (Octets.int16(in, at) & 0xffc0) == 0xfe80;
  }

  private static AttributeError unusable(int type, Bytes address) {
    return new AttributeError(
        type,
        Reaction.WITHDRAW,
        NotificationSubcode.INVALID_NEXT_HOP_ATTRIBUTE,
        "is no address to send to",
        address);
  }

  /** What was last decoded, without its next hop: for routes of our own in files. */
  Attributes withoutNextHop() {
    remove(NEXT_HOP);
    return assemble();
  }

  private Attributes assemble() {
    int size = 0;
    for (int i = 0; i < count; i++) {
      size += lengths[i] + (lengths[i] > 255 ? 4 : 3);
    }
    byte[] out = new byte[size];
    int at = 0;
    for (int i = 0; i < count; i++) {
      int length = lengths[i];
      out[at + 1] = (byte) types[i];
      if (length > 255) {
        out[at] = (byte) (flags[i] | AttributeRules.EXTENDED_LENGTH);
        Octets.putInt16(out, at + 2, length);
        at += 4;
      } else {
        out[at] = (byte) flags[i];
        out[at + 2] = (byte) length;
        at += 3;
      }
      System.arraycopy(sources[i], starts[i], out, at, length);
      at += length;
    }
    return new Attributes(out);
  }
}
