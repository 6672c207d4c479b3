package io.ocicat.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as documents of Kubernetes and Calico spell them, e.g. {@code 1m30s}. */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.TEN.pow(3),
          "µs", BigDecimal.TEN.pow(3),
          "ms", BigDecimal.TEN.pow(6),
          "s", BigDecimal.TEN.pow(9),
          "m", BigDecimal.TEN.pow(9).multiply(BigDecimal.valueOf(60)),
          "h", BigDecimal.TEN.pow(9).multiply(BigDecimal.valueOf(3600)));

  private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * Reads a length of time that is not negative.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < text.length() && part.find(end) && part.start() == end) {
      nanos =
          nanos.add(
              new BigDecimal(part.group(1))
                  .multiply(NANOS.getOrDefault(part.group(2), BigDecimal.ZERO)));
      end = part.end();
    }
    if (end == 0 || end < text.length() || nanos.compareTo(MOST_NANOS) > 0) {
      throw new IllegalArgumentException("must be a length of time like 30s, 1m30s or 500ms");
    }
    return Duration.ofNanos(nanos.longValue());
  }
}
