package io.ocicat.nftables;

/** What a counter has seen. */
public record Counts(long packets, long bytes) {
  public static final Counts ZERO = new Counts(0, 0);
}
