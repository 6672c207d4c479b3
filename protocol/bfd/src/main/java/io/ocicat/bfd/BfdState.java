package io.ocicat.bfd;

/** States of a session, RFC 5880 section 4.1. */
public enum BfdState {
  ADMIN_DOWN,
  DOWN,
  INIT,
  UP;

  /** Its two bits. */
  int code() {
    return ordinal();
  }

  static BfdState of(int code) {
    return values()[code];
  }

  /** As the RFC writes it. */
  @Override
  public String toString() {
    return switch (this) {
      case ADMIN_DOWN -> "AdminDown";
      case DOWN -> "Down";
      case INIT -> "Init";
      case UP -> "Up";
    };
  }
}
