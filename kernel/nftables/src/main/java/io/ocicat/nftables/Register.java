package io.ocicat.nftables;

/**
 * A place for four bytes in which expressions pass values on; longer values fill the following ones
 * too ({@code enum nft_registers}).
 *
 * @param slot 0 to 15
 */
public record Register(int slot) {
  /** The first; what nft uses unless it concatenates. */
  public static final Register R1 = new Register(0);

  public Register {
    if (slot < 0 || slot > 15) {
      throw new IllegalArgumentException("there are registers 0 to 15, not " + slot);
    }
  }

  /** The register behind a value of {@code lengthBytes} that starts here. */
  public Register after(int lengthBytes) {
    return new Register(slot + (lengthBytes + 3) / 4);
  }

  /** {@code NFT_REG_1} to {@code NFT_REG_4} where one fits, as the kernel dumps it. */
  int code() {
    return slot % 4 == 0 ? 1 + slot / 4 : 8 + slot;
  }

  static Register ofCode(int code) {
    return new Register(code < 8 ? (code - 1) * 4 : code - 8);
  }
}
