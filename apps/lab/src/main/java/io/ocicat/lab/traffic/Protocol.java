package io.ocicat.lab.traffic;

import java.util.Locale;
import java.util.Optional;

/** What a probe speaks. */
public enum Protocol {
  TCP,
  UDP,
  SCTP,
  ICMP;

  /** The protocol of that name, in any case. */
  public static Optional<Protocol> named(String text) {
    for (Protocol protocol : values()) {
      if (protocol.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  /** In lower case, as the command line spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
