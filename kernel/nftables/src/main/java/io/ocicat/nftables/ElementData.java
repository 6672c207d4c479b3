package io.ocicat.nftables;

/** What one element holds besides its key. */
public sealed interface ElementData {
  record NoData() implements ElementData {}

  record VerdictData(Verdict verdict) implements ElementData {}

  record ValueData(Bytes value) implements ElementData {}

  record ObjectData(String name) implements ElementData {}

  ElementData NONE = new NoData();
}
