package io.ocicat.nftables;

/**
 * An element of a set or map: a single key, or all keys from {@code first} to {@code last}, both
 * included. In a concatenation each field has its own range.
 *
 * @param last equals {@code first} for a single key
 * @param comment for people, or empty
 */
public record Element(Bytes first, Bytes last, ElementData data, String comment)
    implements Comparable<Element> {
  public Element {
    if (first.length() != last.length() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException(
          "an interval's end must not be before its start: " + first + "-" + last);
    }
    Names.checkComment("element " + first, comment);
  }

  public static Element of(Bytes key) {
    return new Element(key, key, ElementData.NONE, "");
  }

  public static Element of(Bytes key, Verdict verdict) {
    return new Element(key, key, new ElementData.VerdictData(verdict), "");
  }

  public static Element of(Bytes key, Bytes value) {
    return new Element(key, key, new ElementData.ValueData(value), "");
  }

  public static Element interval(Bytes first, Bytes last) {
    return new Element(first, last, ElementData.NONE, "");
  }

  public static Element interval(Bytes first, Bytes last, Bytes value) {
    return new Element(first, last, new ElementData.ValueData(value), "");
  }

  public static Element interval(Bytes first, Bytes last, Verdict verdict) {
    return new Element(first, last, new ElementData.VerdictData(verdict), "");
  }

  public Element withComment(String comment) {
    return new Element(first, last, data, comment);
  }

  public boolean isSingle() {
    return first.equals(last);
  }

  /** Same key or interval, whatever the data. */
  public boolean sameKey(Element other) {
    return first.equals(other.first) && last.equals(other.last);
  }

  /** By keys only. */
  @Override
  public int compareTo(Element other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  @Override
  public String toString() {
    String keys = isSingle() ? first.toString() : first + "-" + last;
    return switch (data) {
      case ElementData.NoData() -> keys;
      case ElementData.VerdictData(Verdict verdict) -> keys + " : " + verdict;
      case ElementData.ValueData(Bytes value) -> keys + " : " + value;
      case ElementData.ObjectData(String name) -> keys + " : " + name;
    };
  }
}
