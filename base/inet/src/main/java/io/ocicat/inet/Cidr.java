package io.ocicat.inet;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;

/**
 * A prefix in canonical form: no address bit is set after the prefix length.
 *
 * <p>Ordered by address, then from shorter to longer.
 */
public record Cidr(IpAddress address, int prefixLength) implements Comparable<Cidr> {

  private static final Comparator<Cidr> ORDER =
      Comparator.comparing(Cidr::address).thenComparingInt(Cidr::prefixLength);

  /**
   * @throws IllegalArgumentException if the length does not fit the family or host bits are set
   */
  public Cidr {
    if (prefixLength < 0 || prefixLength > address.family().bits()) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " does not fit " + address);
    }
    if (!address.masked(prefixLength).equals(address)) {
      throw new IllegalArgumentException(
          "%s/%d has host bits set; did you mean %s/%d?"
              .formatted(address, prefixLength, address.masked(prefixLength), prefixLength));
    }
  }

  /** The prefix of that length which contains {@code address}; host bits are cleared. */
  public static Cidr containing(IpAddress address, int prefixLength) {
    return new Cidr(address.masked(prefixLength), prefixLength);
  }

  /**
   * Strict: host bits must be zero and a length must be given.
   *
   * @throws IllegalArgumentException with a message that quotes {@code text}
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR: '" + text + "' (address/length)");
    }
    return new Cidr(IpAddress.parse(text.substring(0, slash)), length(text, slash));
  }

  /** As {@link #parse}, but clears host bits, as Kubernetes does for {@code ipBlock}. */
  public static Cidr parseLenient(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR: '" + text + "' (address/length)");
    }
    IpAddress address = IpAddress.parse(text.substring(0, slash));
    int length = length(text, slash);
    if (length > address.family().bits()) {
      throw new IllegalArgumentException("prefix length too long: '" + text + "'");
    }
    return containing(address, length);
  }

  public static Optional<Cidr> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int length(String text, int slash) {
    String digits = text.substring(slash + 1);
    boolean wellFormed =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && (digits.length() == 1 || digits.charAt(0) != '0');
    if (!wellFormed) {
      throw new IllegalArgumentException("not a prefix length: '" + digits + "' in '" + text + "'");
    }
    return Integer.parseInt(digits);
  }

  public IpFamily family() {
    return address.family();
  }

  public boolean contains(IpAddress other) {
    return other.family() == family() && other.masked(prefixLength).equals(address);
  }

  /** {@code true} if every address of {@code other} is in this prefix. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.address);
  }

  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /** {@code true} for /32 and /128. */
  public boolean isHost() {
    return prefixLength == family().bits();
  }

  /** Number of addresses: 2^(bits − prefixLength). */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(family().bits() - prefixLength);
  }

  /** The highest address. */
  public IpAddress last() {
    byte[] bytes = address.toBytes();
    for (int bit = prefixLength; bit < family().bits(); bit++) {
      bytes[bit / 8] |= (byte) (0x80 >>> (bit % 8));
    }
    return IpAddress.ofBytes(bytes);
  }

  @Override
  public int compareTo(Cidr other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
