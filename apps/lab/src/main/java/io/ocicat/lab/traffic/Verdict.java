package io.ocicat.lab.traffic;

import java.util.Locale;

/** What became of an attempt. */
public enum Verdict {
  /** It was answered. */
  ALLOWED,
  /** Nothing came back in time. */
  DROPPED,
  /** A reset, an abort or an ICMP error came back. */
  REFUSED;

  /** In lower case, as the command line prints it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
