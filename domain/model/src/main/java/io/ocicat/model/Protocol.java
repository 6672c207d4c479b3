package io.ocicat.model;

import java.util.Optional;

/** A transport protocol with ports, as Kubernetes documents spell it. */
public enum Protocol {
  /** TCP, IP protocol 6. */
  TCP(6),
  /** UDP, IP protocol 17. */
  UDP(17),
  /** SCTP, IP protocol 132. */
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The protocol's number in the IP header. */
  public int number() {
    return number;
  }

  /** The protocol with this name, spelled in capitals. */
  public static Optional<Protocol> named(String name) {
    return switch (name) {
      case "TCP" -> Optional.of(TCP);
      case "UDP" -> Optional.of(UDP);
      case "SCTP" -> Optional.of(SCTP);
      default -> Optional.empty();
    };
  }
}
