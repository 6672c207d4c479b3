package io.ocicat.bgpwire;

/** What a malformed attribute leads to (RFC 7606 §2), from the mildest to the strongest. */
public enum Reaction {
  /** The attribute is dropped, the rest of the message is used. */
  DISCARD,
  /** All routes of the message are treated as if they had been withdrawn. */
  WITHDRAW,
  /** The session is closed with a NOTIFICATION. */
  RESET
}
