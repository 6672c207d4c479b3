package io.ocicat.nftables;

/** What happens to a packet that comes to the end of a base chain. */
public enum ChainPolicy {
  DROP(0),
  ACCEPT(1);

  private final int code;

  ChainPolicy(int code) {
    this.code = code;
  }

  /** The numeric verdict of netfilter. */
  public int code() {
    return code;
  }
}
