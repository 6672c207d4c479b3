package io.ocicat.bgpwire;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.Ipv4Address;
import io.ocicat.inet.Ipv6Address;
import java.util.ArrayList;
import java.util.List;

/**
 * Prefixes as they came: a slice of a message that has been checked (RFC 4271 §4.3, RFC 4760 §5,
 * RFC 7911 §3). A handler may use it until it returns; it is used again for the next message.
 */
public final class Nlri {

  private byte[] octets = new byte[0];
  private int start;
  private int end;
  private boolean ipv6;
  private boolean addPath;
  private int count;

  Nlri() {}

  /**
   * Looks at a slice and counts its prefixes.
   *
   * @return the position of the first octet that is not right; -1 if all are
   */
  int set(byte[] octets, int start, int end, boolean ipv6, boolean addPath) {
    this.octets = octets;
    this.start = start;
    this.end = end;
    this.ipv6 = ipv6;
    this.addPath = addPath;
    this.count = 0;
    int maximum = ipv6 ? 128 : 32;
    int skip = addPath ? 4 : 0;
    int found = 0;
    int at = start;
    while (at < end) {
      int lengthAt = at + skip;
      if (lengthAt >= end) {
        return at;
      }
      int length = octets[lengthAt] & 0xff;
      int next = lengthAt + 1 + ((length + 7) >>> 3);
      if (length > maximum || next > end) {
        return at;
      }
      found++;
      at = next;
    }
    count = found;
    return -1;
  }

  /** Number of prefixes. */
  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** Calls {@code visitor} for each prefix, in the order of the message. */
  public void forEach(PrefixVisitor visitor) {
    if (count == 0) {
      return;
    }
    if (ipv6) {
      forEachV6(visitor);
    } else {
      forEachV4(visitor);
    }
  }

  private void forEachV4(PrefixVisitor visitor) {
    byte[] in = octets;
    int at = start;
    int stop = end;
    while (at < stop) {
      int pathId = 0;
      if (addPath) {
        pathId = Octets.int32(in, at);
        at += 4;
      }
      int length = in[at++] & 0xff;
      int address = 0;
      int size = (length + 7) >>> 3;
      for (int i = 0, shift = 24; i < size; i++, shift -= 8) {
        address |= (in[at + i] & 0xff) << shift;
      }
      at += size;
      visitor.v4(length == 0 ? 0 : address & (-1 << (32 - length)), length, pathId);
    }
  }

  private void forEachV6(PrefixVisitor visitor) {
    byte[] in = octets;
    int at = start;
    int stop = end;
    while (at < stop) {
      int pathId = 0;
      if (addPath) {
        pathId = Octets.int32(in, at);
        at += 4;
      }
      int length = in[at++] & 0xff;
      int size = (length + 7) >>> 3;
      long high = half(in, at, Math.min(size, 8));
      long low = size > 8 ? half(in, at + 8, size - 8) : 0;
      at += size;
      long highMask = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
      long lowMask = length <= 64 ? 0 : -1L << (128 - length);
      visitor.v6(high & highMask, low & lowMask, length, pathId);
    }
  }

  private static long half(byte[] in, int at, int size) {
    long value = 0;
    for (int i = 0, shift = 56; i < size; i++, shift -= 8) {
      value |= (in[at + i] & 0xffL) << shift;
    }
    return value;
  }

  /** For people and tests: path identifiers are left out. */
  public List<Cidr> toList() {
    List<Cidr> prefixes = new ArrayList<>(count);
    forEach(
        new PrefixVisitor() {
          @Override
          public void v4(int address, int length, int pathId) {
            prefixes.add(new Cidr(new Ipv4Address(address), length));
          }

          @Override
          public void v6(long high, long low, int length, int pathId) {
            prefixes.add(new Cidr(new Ipv6Address(high, low), length));
          }
        });
    return prefixes;
  }

  @Override
  public String toString() {
    return toList().toString();
  }
}
