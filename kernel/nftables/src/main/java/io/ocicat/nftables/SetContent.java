package io.ocicat.nftables;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

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

  /** This with all these elements, each also in place of one with the same key. */
  public SetContent withAll(Collection<Element> added) {
    return new SetContent(set, elements.withAll(added));
  }

  /** This without the elements of those keys. */
  public SetContent withoutAll(Collection<Element> removed) {
    return new SetContent(set, elements.withoutAll(removed));
  }

  /** The element that holds {@code key}, alone or in an interval. */
  public Optional<Element> lookup(Bytes key) {
    if (!set.isInterval()) {
      return elements.find(Element.of(key));
    }
    if (!set.key().isConcatenation()) {
      byte[] ones = new byte[key.length()];
      Arrays.fill(ones, (byte) 0xff);
      return elements
          .floor(Element.interval(key, Bytes.of(ones)))
          .filter(e -> key.compareTo(e.last()) <= 0);
    }
    for (Element element : elements) {
      if (set.key().covers(element, key)) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  /** This without the element of that key. */
  public SetContent without(Element element) {
    return new SetContent(set, elements.without(element));
  }
}
