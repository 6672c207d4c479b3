package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.WellKnownCommunity;
import java.util.Optional;

/**
 * A community of RFC 1997.
 *
 * @param value by convention an AS in the high 16 bits
 */
public record Community(int value) implements Comparable<Community> {

  public static Community of(WellKnownCommunity known) {
    return new Community(known.code());
  }

  /** Of {@code 65000:100}, a well-known name as {@code no-export}, or a plain number. */
  public static Optional<Community> parse(String text) {
    for (WellKnownCommunity known : WellKnownCommunity.values()) {
      if (known.text().equalsIgnoreCase(text)) {
        return Optional.of(of(known));
      }
    }
    int colon = text.indexOf(':');
    try {
      if (colon < 0) {
        return Optional.of(new Community(Integer.parseUnsignedInt(text)));
      }
      int high = Integer.parseUnsignedInt(text.substring(0, colon));
      int low = Integer.parseUnsignedInt(text.substring(colon + 1));
      return (high | low) >>> 16 != 0
          ? Optional.empty()
          : Optional.of(new Community((high << 16) | low));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Community other) {
    return Integer.compareUnsigned(value, other.value);
  }

  /** The well-known name, otherwise as in {@code 65000:100}. */
  @Override
  public String toString() {
    return WellKnownCommunity.of(value)
        .map(WellKnownCommunity::text)
        .orElseGet(() -> (value >>> 16) + ":" + (value & 0xffff));
  }
}
