package io.ocicat.nftables;

import java.util.Locale;
import java.util.Optional;

/** The family of a table ({@code NFPROTO_*} in {@code linux/netfilter.h}). */
public enum NftFamily {
  INET(1),
  IP(2),
  ARP(3),
  NETDEV(5),
  BRIDGE(7),
  IP6(10);

  private final int code;

  NftFamily(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<NftFamily> of(int code) {
    for (NftFamily family : values()) {
      if (family.code == code) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
