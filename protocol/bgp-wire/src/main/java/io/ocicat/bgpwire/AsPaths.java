package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.SegmentType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** AS_PATHs in their two sizes (RFC 6793), as octets. */
final class AsPaths {

  private AsPaths() {}

  /**
   * Whether segments of known types and at least one number fill the slice (RFC 7606 §7.2).
   *
   * @param width of a number: 2 or 4
   */
  static boolean isWellFormed(byte[] octets, int from, int to, int width) {
    for (int at = from; at < to; ) {
      if (to - at < 2) {
        return false;
      }
      int type = octets[at];
      int count = octets[at + 1] & 0xff;
      at += 2 + width * count;
      if (type < 1 || type > 4 || count == 0 || at > to) {
        return false;
      }
    }
    return true;
  }

  /** Whether a well-formed path has the number 0 (RFC 7607). */
  static boolean hasZero(byte[] octets, int from, int to, int width) {
    for (int at = from; at < to; ) {
      int next = at + 2 + width * (octets[at + 1] & 0xff);
      for (at += 2; at < next; at += width) {
        int asn = width == 4 ? Octets.int32(octets, at) : Octets.int16(octets, at);
        if (asn == 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a well-formed path has segments of a confederation (RFC 5065). */
  static boolean hasConfederation(byte[] octets, int from, int to, int width) {
    for (int at = from; at < to; at += 2 + width * (octets[at + 1] & 0xff)) {
      if (octets[at] > 2) {
        return true;
      }
    }
    return false;
  }

  /** A well-formed path of 2-octet numbers with four octets each. */
  static byte[] widen(byte[] octets, int from, int to) {
    ByteBuffer out = ByteBuffer.allocate(2 * (to - from));
    for (int at = from; at < to; ) {
      int next = at + 2 + 2 * (octets[at + 1] & 0xff);
      out.put(octets, at, 2);
      for (at += 2; at < next; at += 2) {
        out.putInt(Octets.int16(octets, at));
      }
    }
    return Bytes.remaining(out.flip()).toArray();
  }

  /** A path with 2-octet numbers; those that do not fit become {@link Asn#TRANS}. */
  static byte[] narrow(AsPath path) {
    ByteBuffer out = ByteBuffer.allocate(path.size());
    for (AsPath.Segment segment : path.segments()) {
      out.put((byte) segment.type().code()).put((byte) segment.asns().size());
      segment.asns().forEach(asn -> out.putShort((short) Asn.inTwoOctets(asn)));
    }
    return Bytes.remaining(out.flip()).toArray();
  }

  static boolean fitsTwoOctets(AsPath path) {
    for (int asn : path.asns()) {
      if (asn >>> 16 != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The path that two speakers meant that had one of 2-octet speakers between them (RFC 6793
   * §4.2.3): what 2-octet speakers have put in front, then AS4_PATH.
   *
   * @param path AS_PATH, widened
   */
  static AsPath merge(AsPath path, AsPath as4Path) {
    AsPath tail = as4Path.withoutConfederations();
    int leading = path.length() - tail.length();
    if (leading < 0) {
      return path;
    }
    List<AsPath.Segment> merged = new ArrayList<>();
    for (AsPath.Segment segment : path.segments()) {
      boolean confederation =
          switch (segment.type()) {
            case AS_SET, AS_SEQUENCE -> false;
            case AS_CONFED_SEQUENCE, AS_CONFED_SET -> true;
          };
      if (confederation) {
        merged.add(segment);
      } else if (leading == 0) {
        break;
      } else if (segment.type() == SegmentType.AS_SET) {
        merged.add(segment);
        leading--;
      } else {
        int taken = Math.min(leading, segment.asns().size());
        merged.add(new AsPath.Segment(segment.type(), segment.asns().subList(0, taken)));
        leading -= taken;
      }
    }
    List<AsPath.Segment> rest = tail.segments();
    if (!rest.isEmpty()) {
      join(merged, rest.getFirst());
      merged.addAll(rest.subList(1, rest.size()));
    }
    return AsPath.of(merged);
  }

  /** Sequences that meet become one, so that the path is as it was before it was cut. */
  private static void join(List<AsPath.Segment> path, AsPath.Segment next) {
    if (!path.isEmpty()
        && path.getLast().type() == SegmentType.AS_SEQUENCE
        && next.type() == SegmentType.AS_SEQUENCE
        && path.getLast().asns().size() + next.asns().size() <= 255) {
      List<Integer> asns = new ArrayList<>(path.removeLast().asns());
      asns.addAll(next.asns());
      path.add(new AsPath.Segment(SegmentType.AS_SEQUENCE, asns));
    } else {
      path.add(next);
    }
  }
}
