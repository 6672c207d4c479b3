package io.ocicat.nftables;

/** The state of a packet's connection, as one bit ({@code NF_CT_STATE_BIT}). */
public enum CtState {
  INVALID(1),
  ESTABLISHED(2),
  RELATED(4),
  NEW(8),
  UNTRACKED(64);

  private final int bit;

  CtState(int bit) {
    this.bit = bit;
  }

  public int bit() {
    return bit;
  }
}
