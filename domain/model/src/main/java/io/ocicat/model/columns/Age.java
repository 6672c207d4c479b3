package io.ocicat.model.columns;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Ages as kubectl shows them (apimachinery's {@code duration.HumanDuration}): two units while they
 * tell something.
 */
public final class Age {
  private static final String UNKNOWN = "<unknown>";

  private Age() {}

  /** The time from an RFC 3339 timestamp until now; {@code <unknown>} if it is none. */
  public static String since(String timestamp, Instant now) {
    try {
      return timestamp.isEmpty() ? UNKNOWN : of(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeParseException _) {
      return UNKNOWN;
    }
  }

  /**
   * The duration in at most two units; clocks that differ by less than two seconds are forgiven.
   */
  public static String of(Duration age) {
    long seconds = age.toSeconds();
    long minutes = age.toMinutes();
    long hours = age.toHours();
    long days = age.toDays();
    if (seconds < -1) {
      return "<invalid>";
    } else if (seconds < 120) {
      return Math.max(0, seconds) + "s";
    } else if (minutes < 10) {
      return pair(minutes, "m", seconds % 60, "s");
    } else if (hours < 3) {
      return minutes + "m";
    } else if (hours < 8) {
      return pair(hours, "h", minutes % 60, "m");
    } else if (hours < 48) {
      return hours + "h";
    } else if (days < 8) {
      return pair(days, "d", hours % 24, "h");
    } else if (days < 2 * 365) {
      return days + "d";
    } else if (days < 8 * 365) {
      return pair(days / 365, "y", days % 365, "d");
    }
    return days / 365 + "y";
  }

  private static String pair(long large, String largeUnit, long small, String smallUnit) {
    return large + largeUnit + (small == 0 ? "" : small + smallUnit);
  }
}
