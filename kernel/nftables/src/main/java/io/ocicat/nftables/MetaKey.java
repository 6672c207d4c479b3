package io.ocicat.nftables;

import java.util.Optional;

/** What {@code meta} can load ({@code enum nft_meta_keys}); those we use. */
public enum MetaKey {
  LEN(0),
  PROTOCOL(1),
  PRIORITY(2),
  MARK(3),
  IIF(4),
  OIF(5),
  IIFNAME(6),
  OIFNAME(7),
  IIFTYPE(8),
  OIFTYPE(9),
  NFTRACE(12),
  NFPROTO(15),
  L4PROTO(16),
  PKTTYPE(19),
  IIFGROUP(21),
  OIFGROUP(22);

  private final int code;

  MetaKey(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<MetaKey> of(int code) {
    for (MetaKey key : values()) {
      if (key.code == code) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
