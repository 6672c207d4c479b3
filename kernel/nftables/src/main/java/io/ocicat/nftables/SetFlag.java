package io.ocicat.nftables;

/** Properties of a set that do not follow from its types ({@code enum nft_set_flags}). */
public enum SetFlag {
  ANONYMOUS(0x1),
  CONSTANT(0x2),
  INTERVAL(0x4),
  TIMEOUT(0x10),
  EVAL(0x20);

  private final int code;

  SetFlag(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
