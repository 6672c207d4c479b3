package io.ocicat.nftables;

import java.util.Optional;

/** What {@code ct} can load without a direction ({@code enum nft_ct_keys}); those we use. */
public enum CtKey {
  STATE(0),
  DIRECTION(1),
  STATUS(2),
  MARK(3),
  ZONE(17);

  private final int code;

  CtKey(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Optional<CtKey> of(int code) {
    for (CtKey key : values()) {
      if (key.code == code) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
