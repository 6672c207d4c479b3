package io.ocicat.nftables;

import java.util.Locale;
import java.util.Optional;

/** What a base chain may do ({@code NFTA_CHAIN_TYPE}). */
public enum ChainType {
  FILTER,
  NAT,
  ROUTE;

  public static Optional<ChainType> of(String name) {
    for (ChainType type : values()) {
      if (type.toString().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
