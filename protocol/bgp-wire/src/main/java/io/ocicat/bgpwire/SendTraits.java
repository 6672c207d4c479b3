package io.ocicat.bgpwire;

import java.util.Set;

/**
 * What of a session decides how UPDATEs to it are written; sessions with equal traits can share
 * octets.
 *
 * @param fourOctetAs both sides have the capability (RFC 6793)
 * @param maximumLength of a message: {@link Message#MAXIMUM_LENGTH} or {@link
 *     Message#EXTENDED_MAXIMUM_LENGTH}
 * @param addPath families in which path identifiers are sent (RFC 7911)
 */
public record SendTraits(boolean fourOctetAs, int maximumLength, Set<Family> addPath) {

  public SendTraits {
    addPath = Set.copyOf(addPath);
    if (maximumLength < Message.MAXIMUM_LENGTH || maximumLength > Message.EXTENDED_MAXIMUM_LENGTH) {
      throw new IllegalArgumentException("messages of at most " + maximumLength + " octets");
    }
  }

  /** 4-octet AS numbers, messages of 4096 octets, no add-path. */
  public static SendTraits plain() {
    return new SendTraits(true, Message.MAXIMUM_LENGTH, Set.of());
  }
}
