package io.ocicat.nft;

/**
 * One thing in which the kernel's table is not what it should be.
 *
 * @param object in nft's words, with the comment that names its pod or policy
 */
public record Drift(Kind kind, String object) {
  /** How it differs. */
  public enum Kind {
    MISSING,
    FOREIGN,
    DIFFERENT
  }

  @Override
  public String toString() {
    return switch (kind) {
      case MISSING -> "missing " + object;
      case FOREIGN -> "foreign " + object;
      case DIFFERENT -> "different " + object;
    };
  }
}
