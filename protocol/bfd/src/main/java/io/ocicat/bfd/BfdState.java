package io.ocicat.bfd;

/** States of a session, RFC 5880 section 4.1. */
public enum BfdState {
  ADMIN_DOWN(0),
  DOWN(1),
  INIT(2),
  UP(3);

  private final int code;

  BfdState(int code) {
    this.code = code;
  }

  /** Its two bits. */
  int code() {
    return code;
  }

  static BfdState of(int code) {
    for (BfdState each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("two bits are none of " + code);
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
