package io.ocicat.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of an autonomous system (RFC 6793).
 *
 * @param value 1 to 4294967295
 */
public record AsNumber(long value) {
  /** The greatest there is. */
  public static final long MOST = 0xffff_ffffL;

  private static final Pattern DOTTED = Pattern.compile("([0-9]{1,5})\\.([0-9]{1,5})");
  private static final int HALF = 16;
  private static final long HALF_MOST = 0xffff;

  /** Requires a number that there is. */
  public AsNumber {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException("an AS number is 1 to 4294967295");
    }
  }

  /**
   * Reads a number in digits, or as two halves with a dot between them (RFC 5396): {@code 1.10} is
   * 65546.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static AsNumber parse(String text) {
    Matcher dotted = DOTTED.matcher(text);
    if (dotted.matches()) {
      long high = Long.parseLong(dotted.group(1));
      long low = Long.parseLong(dotted.group(2));
      if (high <= HALF_MOST && low <= HALF_MOST) {
        return new AsNumber((high << HALF) | low);
      }
    } else if (text.matches("[0-9]{1,10}")) {
      return new AsNumber(Long.parseLong(text));
    }
    throw new IllegalArgumentException("an AS number is 1 to 4294967295, or two halves like 1.10");
  }

  /** The digits. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
