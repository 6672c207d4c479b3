package io.ocicat.bgpwire;

/**
 * Where things are in the path attributes of one message: found by lengths alone, before any
 * attribute is judged (RFC 7606 §3j, §4). Used again for each message.
 */
final class AttributeBlock {

  private static final int NOWHERE = -1;

  byte[] in = new byte[0];
  int start;

  /** End of the last attribute that is whole. */
  int end;

  /** Octets follow that are no whole attribute. */
  boolean truncated;

  /** Start of the header, or -1. */
  int reachAt;

  int reachValue;
  int reachEnd;
  int unreachAt;
  int unreachValue;
  int unreachEnd;

  /** MP_REACH_NLRI or MP_UNREACH_NLRI is there twice. */
  boolean repeated;

  /** Other attributes than MP_UNREACH_NLRI. */
  boolean hasOthers;

  /** Next hop in MP_REACH_NLRI; set by the parser, length 0 if there is none to be read. */
  int nextHopAt;

  int nextHopLength;

  private long hash;
  private boolean hashed;

  void locate(byte[] octets, int from, int to) {
    in = octets;
    start = from;
    reachAt = NOWHERE;
    unreachAt = NOWHERE;
    repeated = false;
    hasOthers = false;
    truncated = false;
    hashed = false;
    nextHopLength = 0;
    int at = from;
    while (at < to) {
      if (to - at < 3) {
        truncated = true;
        break;
      }
      boolean extended = (octets[at] & AttributeRules.EXTENDED_LENGTH) != 0;
      if (extended && to - at < 4) {
        truncated = true;
        break;
      }
      int value = at + (extended ? 4 : 3);
      int length = extended ? Octets.int16(octets, at + 2) : octets[at + 2] & 0xff;
      if (length > to - value) {
        truncated = true;
        break;
      }
      int next = value + length;
      int type = octets[at + 1];
      if (type == 14) {
        repeated |= reachAt != NOWHERE;
        reachAt = at;
        reachValue = value;
        reachEnd = next;
        hasOthers = true;
      } else if (type == 15) {
        repeated |= unreachAt != NOWHERE;
        unreachAt = at;
        unreachValue = value;
        unreachEnd = next;
      } else {
        hasOthers = true;
      }
      at = next;
    }
    end = at;
    hasOthers |= truncated;
  }

  boolean hasReach() {
    return reachAt != NOWHERE;
  }

  boolean hasUnreach() {
    return unreachAt != NOWHERE;
  }

  /*
   * The key of a cache: all octets but MP_UNREACH_NLRI, and of MP_REACH_NLRI only family and next
   * hop, which come last. The pieces between are cut at the two attributes, in either order.
   */

  private int firstCut() {
    if (reachAt == NOWHERE) {
      return unreachAt == NOWHERE ? end : unreachAt;
    }
    return unreachAt == NOWHERE ? reachAt : Math.min(reachAt, unreachAt);
  }

  private int firstCutEnd() {
    int cut = firstCut();
    return cut == end ? end : cut == reachAt ? reachEnd : unreachEnd;
  }

  private int secondCut() {
    return reachAt == NOWHERE || unreachAt == NOWHERE ? end : Math.max(reachAt, unreachAt);
  }

  private int secondCutEnd() {
    int cut = secondCut();
    return cut == end ? end : cut == reachAt ? reachEnd : unreachEnd;
  }

  private int headLength() {
    return nextHopLength == 0 ? 0 : nextHopAt + nextHopLength - reachValue;
  }

  long hash(int traits) {
    if (!hashed) {
      long h = Octets.hash(traits, in, start, firstCut());
      h = Octets.hash(h, in, firstCutEnd(), secondCut());
      h = Octets.hash(h, in, secondCutEnd(), end);
      hash = headLength() == 0 ? h : Octets.hash(h, in, reachValue, reachValue + headLength());
      hashed = true;
    }
    return hash;
  }

  /** Where in the key the head of MP_REACH_NLRI begins. */
  int nextHopCut() {
    return firstCut() - start + secondCut() - firstCutEnd() + end - secondCutEnd();
  }

  boolean matches(Bytes key, int cut) {
    int first = firstCut() - start;
    int second = secondCut() - firstCutEnd();
    int third = end - secondCutEnd();
    return cut == first + second + third
        && key.length() == cut + headLength()
        && key.matches(0, in, start, first)
        && key.matches(first, in, firstCutEnd(), second)
        && key.matches(first + second, in, secondCutEnd(), third)
        && key.matches(cut, in, reachValue, headLength());
  }

  Bytes key() {
    int first = firstCut() - start;
    int second = secondCut() - firstCutEnd();
    int third = end - secondCutEnd();
    byte[] key = new byte[first + second + third + headLength()];
    System.arraycopy(in, start, key, 0, first);
    System.arraycopy(in, firstCutEnd(), key, first, second);
    System.arraycopy(in, secondCutEnd(), key, first + second, third);
    if (headLength() > 0) {
      System.arraycopy(in, reachValue, key, first + second + third, headLength());
    }
    return Bytes.wrap(key);
  }
}
