package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.SegmentType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An AS_PATH with numbers of four octets (RFC 4271 §4.3, RFC 6793). A view of octets that have been
 * checked; equal by content.
 */
public final class AsPath {

  public static final AsPath EMPTY = new AsPath(new byte[0], 0, 0);

  /**
   * A segment, as it was sent.
   *
   * @param asns 32 bits unsigned each
   */
  public record Segment(SegmentType type, List<Integer> asns) {
    public Segment {
      asns = List.copyOf(asns);
    }
  }

  private final byte[] octets;
  private final int start;
  private final int end;

  AsPath(byte[] octets, int start, int end) {
    this.octets = octets;
    this.start = start;
    this.end = end;
  }

  /** One AS_SEQUENCE, cut in segments of 255. */
  public static AsPath sequence(int... asns) {
    return EMPTY.prepend(asns);
  }

  public static AsPath of(List<Segment> segments) {
    int size = segments.stream().mapToInt(s -> 2 + 4 * s.asns().size()).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    for (Segment segment : segments) {
      int count = segment.asns().size();
      if (count < 1 || count > 255) {
        throw new IllegalArgumentException("an AS_PATH segment of " + count + " numbers");
      }
      out.put((byte) segment.type().code()).put((byte) count);
      segment.asns().forEach(out::putInt);
    }
    return new AsPath(out.array(), 0, size);
  }

  public boolean isEmpty() {
    return start == end;
  }

  /** Number of ASes as the decision process counts: a set is 1, confederations are 0. */
  public int length() {
    int length = 0;
    for (int at = start; at < end; at = after(at)) {
      length +=
          switch (octets[at]) {
            case 1 -> 1;
            case 2 -> octets[at + 1] & 0xff;
            default -> 0;
          };
    }
    return length;
  }

  private int after(int segment) {
    return segment + 2 + 4 * (octets[segment + 1] & 0xff);
  }

  /** The AS next to us: of the first AS_SEQUENCE outside of our confederation; 0 if none. */
  public int neighbour() {
    for (int at = start; at < end; at = after(at)) {
      if (octets[at] <= 2) {
        return octets[at] == 2 ? Octets.int32(octets, at + 2) : 0;
      }
    }
    return 0;
  }

  /** The very first number, whatever segment it is in; 0 in an empty path. */
  public int first() {
    return isEmpty() ? 0 : Octets.int32(octets, start + 2);
  }

  /** The AS that announced it: the last of a trailing AS_SEQUENCE; 0 if there is none. */
  public int origin() {
    int last = -1;
    for (int at = start; at < end; at = after(at)) {
      last = at;
    }
    return last >= 0 && octets[last] == 2 ? Octets.int32(octets, end - 4) : 0;
  }

  public boolean contains(int asn) {
    return count(asn) > 0;
  }

  /** How often {@code asn} is in any segment. */
  public int count(int asn) {
    int count = 0;
    for (int at = start; at < end; ) {
      int next = after(at);
      for (at += 2; at < next; at += 4) {
        if (Octets.int32(octets, at) == asn) {
          count++;
        }
      }
    }
    return count;
  }

  /** {@code true} if there is an AS_SET or AS_CONFED_SET (RFC 9774 wants none). */
  public boolean hasSet() {
    for (int at = start; at < end; at = after(at)) {
      if (octets[at] == 1 || octets[at] == 4) {
        return true;
      }
    }
    return false;
  }

  /** All numbers in order, those of sets included. */
  public int[] asns() {
    int[] asns = new int[(end - start) / 4];
    int count = 0;
    for (int at = start; at < end; ) {
      int next = after(at);
      for (at += 2; at < next; at += 4) {
        asns[count++] = Octets.int32(octets, at);
      }
    }
    return Arrays.copyOf(asns, count);
  }

  public List<Segment> segments() {
    List<Segment> segments = new ArrayList<>();
    for (int at = start; at < end; at = after(at)) {
      List<Integer> asns = new ArrayList<>();
      for (int number = at + 2; number < after(at); number += 4) {
        asns.add(Octets.int32(octets, number));
      }
      SegmentType type = SegmentType.of(octets[at] & 0xff).orElseThrow();
      segments.add(new Segment(type, asns));
    }
    return segments;
  }

  /** This path with {@code asns} in front, the first of them first (RFC 4271 §5.1.2). */
  public AsPath prepend(int... asns) {
    return prepend(SegmentType.AS_SEQUENCE, asns);
  }

  /** As {@link #prepend(int...)}, towards members of our confederation (RFC 5065 §4.1). */
  public AsPath prependConfederation(int... asns) {
    return prepend(SegmentType.AS_CONFED_SEQUENCE, asns);
  }

  private AsPath prepend(SegmentType type, int... asns) {
    AsPath path = this;
    for (int i = asns.length - 1; i >= 0; i--) {
      path = path.prependOne(type, asns[i]);
    }
    return path;
  }

  private AsPath prependOne(SegmentType type, int asn) {
    boolean joins = !isEmpty() && octets[start] == type.code() && octets[start + 1] != (byte) 255;
    int kept = end - start - (joins ? 2 : 0);
    ByteBuffer out = ByteBuffer.allocate(6 + kept);
    int count = joins ? (octets[start + 1] & 0xff) + 1 : 1;
    out.put((byte) type.code()).put((byte) count).putInt(asn).put(octets, end - kept, kept);
    return new AsPath(out.array(), 0, out.position());
  }

  /** Without leading and other confederation segments, as it leaves one (RFC 5065 §4.1). */
  public AsPath withoutConfederations() {
    return of(
        segments().stream()
            .filter(
                s ->
                    switch (s.type()) {
                      case AS_SET, AS_SEQUENCE -> true;
                      case AS_CONFED_SEQUENCE, AS_CONFED_SET -> false;
                    })
            .toList());
  }

  /** Each {@code asn} replaced by {@code by}, as {@code as-override} does. */
  public AsPath replace(int asn, int by) {
    byte[] copy = Arrays.copyOfRange(octets, start, end);
    for (int at = 0; at < copy.length; ) {
      int next = at + 2 + 4 * (copy[at + 1] & 0xff);
      for (at += 2; at < next; at += 4) {
        if (Octets.int32(copy, at) == asn) {
          Octets.putInt32(copy, at, by);
        }
      }
    }
    return new AsPath(copy, 0, copy.length);
  }

  /** Octets in the 4-octet form. */
  int size() {
    return end - start;
  }

  byte[] toArray() {
    return Arrays.copyOfRange(octets, start, end);
  }

  void writeTo(ByteBuffer out) {
    out.put(octets, start, end - start);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AsPath p && Arrays.equals(octets, start, end, p.octets, p.start, p.end);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(Octets.hash(0, octets, start, end));
  }

  /** As routers write it: {@code 65001 65002 {3,4} (65100 65101)}; empty for an empty path. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int at = start; at < end; at = after(at)) {
      text.append(text.isEmpty() ? "" : " ");
      switch (octets[at]) {
        case 1 -> list(text.append('{'), at, ",").append('}');
        case 3 -> list(text.append('('), at, " ").append(')');
        case 4 -> list(text.append('['), at, ",").append(']');
        default -> list(text, at, " ");
      }
    }
    return text.toString();
  }

  private StringBuilder list(StringBuilder text, int segment, String separator) {
    for (int at = segment + 2; at < after(segment); at += 4) {
      text.append(at == segment + 2 ? "" : separator).append(Asn.text(Octets.int32(octets, at)));
    }
    return text;
  }
}
