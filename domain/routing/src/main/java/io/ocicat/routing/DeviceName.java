package io.ocicat.routing;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of network devices, chosen by patterns. */
final class DeviceName {
  private DeviceName() {}

  /** {@code *} stands for any characters. */
  static boolean matches(String pattern, String device) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return device.matches(regex);
  }
}
