package io.ocicat.bgpwire;

import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.bgpwire.iana.NotificationSubcode;

/**
 * Something wrong with an attribute that a peer sent, for counters and logs.
 *
 * @param type as on the wire; 0 if the list of attributes itself is broken
 * @param subcode what RFC 4271 would have closed the session with
 * @param problem what was found, in words
 * @param attribute the octets of the attribute from its flags on, at most 64 of them
 */
public record AttributeError(
    int type, Reaction reaction, NotificationSubcode subcode, String problem, Bytes attribute) {

  /** Name of the attribute, or its number. */
  public String attributeName() {
    return type == 0
        ? "attributes"
        : AttributeType.of(type).map(AttributeType::text).orElse("attribute " + type);
  }

  /** As in {@code ORIGIN: value 7 is none of 0, 1, 2; treated as withdraw (40010107)}. */
  @Override
  public String toString() {
    String what =
        switch (reaction) {
          case DISCARD -> "attribute discarded";
          case WITHDRAW -> "treated as withdraw";
          case RESET -> "session reset";
        };
    return attributeName() + ": " + problem + "; " + what + " (" + attribute + ")";
  }
}
