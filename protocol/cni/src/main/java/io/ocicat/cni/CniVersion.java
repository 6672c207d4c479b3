package io.ocicat.cni;

import java.util.Optional;

/** Versions of the specification that are spoken, oldest first. */
public enum CniVersion {
  V0_3_0("0.3.0"),
  V0_3_1("0.3.1"),
  V0_4_0("0.4.0"),
  V1_0_0("1.0.0"),
  V1_1_0("1.1.0");

  /** The version to answer in when none was asked for. */
  public static final CniVersion NEWEST = V1_1_0;

  private final String text;

  CniVersion(String text) {
    this.text = text;
  }

  public static Optional<CniVersion> of(String text) {
    for (CniVersion version : values()) {
      if (version.text.equals(text)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  public boolean isAtLeast(CniVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
