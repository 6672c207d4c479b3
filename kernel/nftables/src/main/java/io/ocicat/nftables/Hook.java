package io.ocicat.nftables;

import java.util.Locale;
import java.util.Optional;

/** Where a base chain of an IP family sees packets ({@code enum nf_inet_hooks}). */
public enum Hook {
  PREROUTING(0),
  INPUT(1),
  FORWARD(2),
  OUTPUT(3),
  POSTROUTING(4),
  INGRESS(5);

  private final int code;

  Hook(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<Hook> of(int code) {
    return code >= 0 && code < values().length ? Optional.of(values()[code]) : Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
