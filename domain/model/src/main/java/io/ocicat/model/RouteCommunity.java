package io.ocicat.model;

import java.util.Arrays;

/** A community, by which routers tell each other about a route. */
public sealed interface RouteCommunity {
  /**
   * RFC 1997.
   *
   * @param high the first 16 bits, an AS number by custom
   * @param low the other 16
   */
  record Standard(int high, int low) implements RouteCommunity {
    /** As documents spell it. */
    @Override
    public String toString() {
      return high + ":" + low;
    }
  }

  /**
   * RFC 8092, three numbers of 32 bits.
   *
   * @param administrator an AS number
   * @param first what it means is the administrator's
   * @param second also
   */
  record Large(long administrator, long first, long second) implements RouteCommunity {
    /** As documents spell it. */
    @Override
    public String toString() {
      return administrator + ":" + first + ":" + second;
    }
  }

  /**
   * Reads {@code aa:nn} or {@code aa:nn:mm}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static RouteCommunity parse(String text) {
    if (text.matches("[0-9]{1,10}(:[0-9]{1,10}){1,2}")) {
      long[] parts = Arrays.stream(text.split(":")).mapToLong(Long::parseLong).toArray();
      long most = parts.length == 2 ? 0xffffL : AsNumber.MOST;
      if (Arrays.stream(parts).allMatch(part -> part <= most)) {
        return parts.length == 2
            ? new Standard((int) parts[0], (int) parts[1])
            : new Large(parts[0], parts[1], parts[2]);
      }
    }
    throw new IllegalArgumentException(
        "must be a community like 65000:100 (each 0 to 65535) or 65000:100:200 (each 0 to"
            + " 4294967295)");
  }
}
