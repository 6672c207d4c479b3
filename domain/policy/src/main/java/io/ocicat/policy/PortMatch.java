package io.ocicat.policy;

import io.ocicat.model.Protocol;

/** One entry of a rule's {@code ports}. */
public sealed interface PortMatch {

  Protocol protocol();

  /** Destination ports from {@code first} to {@code last}, both included. */
  record Range(Protocol protocol, int first, int last) implements PortMatch {

    /** All of a protocol, with or without a port. */
    public static Range all(Protocol protocol) {
      return new Range(protocol, 0, 65535);
    }

    public static Range of(Protocol protocol, int port) {
      return new Range(protocol, port, port);
    }

    public Range {
      if (first < 0 || first > last || last > 65535) {
        throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
      }
    }
  }

  /** The destination pod's ports of that name. */
  record Named(Protocol protocol, String name) implements PortMatch {}
}
