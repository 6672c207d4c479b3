package io.ocicat.policy;

import java.util.Optional;

/**
 * The protocols that a policy's ports can have, with their IANA numbers.
 *
 * @see <a href="https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml">Assigned
 *     Internet Protocol Numbers</a>
 */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public static Optional<Protocol> ofNumber(int number) {
    for (Protocol protocol : values()) {
      if (protocol.number == number) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  /** By the spelling in documents: {@code TCP}, {@code UDP}, {@code SCTP}. */
  public static Optional<Protocol> ofName(String name) {
    for (Protocol protocol : values()) {
      if (protocol.name().equals(name)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
