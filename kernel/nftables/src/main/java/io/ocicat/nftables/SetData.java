package io.ocicat.nftables;

/** What an element of a set holds besides its key. */
public sealed interface SetData {
  /** Nothing: a plain set. */
  record None() implements SetData {}

  /** A verdict: a verdict map. */
  record Verdicts() implements SetData {}

  /** A value: a map. */
  record Values(DataType type) implements SetData {}

  /** A reference to a stateful object ({@code NFT_OBJECT_*}), kept when dumped. */
  record Objects(int type) implements SetData {}
}
