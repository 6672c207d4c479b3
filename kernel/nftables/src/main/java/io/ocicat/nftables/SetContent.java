package io.ocicat.nftables;

import java.util.Collection;

/** A set or map and its elements in order. */
public record SetContent(NftSet set, SortedTable<Element, Element> elements) {
  private static final SortedTable<Element, Element> NOTHING = SortedTable.empty(e -> e);

  /** A set with nothing in it. */
  public static SetContent empty(NftSet set) {
    return new SetContent(set, NOTHING);
  }

  /**
   * @throws IllegalArgumentException if two elements have the same key
   */
  public static SetContent of(NftSet set, Collection<Element> elements) {
    return new SetContent(set, SortedTable.of(e -> e, elements));
  }

  public String name() {
    return set.name();
  }

  /** This with an element added, or in place of the one with the same key. */
  public SetContent with(Element element) {
    return new SetContent(set, elements.with(element));
  }

  /** This without the element of that key. */
  public SetContent without(Element element) {
    return new SetContent(set, elements.without(element));
  }
}
