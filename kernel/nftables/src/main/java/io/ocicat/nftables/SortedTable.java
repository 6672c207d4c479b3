package io.ocicat.nftables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/**
 * An immutable collection of values in the order of a key that each value knows. A change makes a
 * new table by copying an array of references; values are shared, so that comparing two versions
 * costs one pointer comparison for each value that stayed, and nothing at all for what two versions
 * have in common at their start and end.
 *
 * @param <K> the key, unique in the table
 * @param <V> the value
 */
@SuppressWarnings("ReferenceEquality") // identity is the cheap first answer; equals decides
public final class SortedTable<K extends Comparable<? super K>, V> implements Iterable<V> {
  private final Function<V, K> keyOf;
  private final Object[] values;

  private SortedTable(Function<V, K> keyOf, Object[] values) {
    this.keyOf = keyOf;
    this.values = values;
  }

  public static <K extends Comparable<? super K>, V> SortedTable<K, V> empty(Function<V, K> keyOf) {
    return new SortedTable<>(keyOf, new Object[0]);
  }

  /**
   * @throws IllegalArgumentException if two values have the same key
   */
  public static <K extends Comparable<? super K>, V> SortedTable<K, V> of(
      Function<V, K> keyOf, Collection<? extends V> values) {
    List<V> sorted = new ArrayList<>(values);
    sorted.sort((a, b) -> keyOf.apply(a).compareTo(keyOf.apply(b)));
    for (int i = 1; i < sorted.size(); i++) {
      if (keyOf.apply(sorted.get(i - 1)).compareTo(keyOf.apply(sorted.get(i))) == 0) {
        throw new IllegalArgumentException(
            "twice the same key: " + sorted.get(i - 1) + " and " + sorted.get(i));
      }
    }
    return new SortedTable<>(keyOf, sorted.toArray());
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  /** The value at a position in the order of keys. */
  @SuppressWarnings("unchecked")
  public V at(int index) {
    return (V) values[index];
  }

  public Optional<V> find(K key) {
    int index = search(key);
    return index >= 0 ? Optional.of(at(index)) : Optional.empty();
  }

  public boolean contains(K key) {
    return search(key) >= 0;
  }

  /** The value with the greatest key that is not greater than {@code key}. */
  public Optional<V> floor(K key) {
    int index = search(key);
    int floor = index >= 0 ? index : -index - 2;
    return floor >= 0 ? Optional.of(at(floor)) : Optional.empty();
  }

  /** This with {@code value} added, or in place of the one with the same key. */
  public SortedTable<K, V> with(V value) {
    int index = search(keyOf.apply(value));
    if (index >= 0) {
      if (values[index] == value) {
        return this;
      }
      Object[] copy = values.clone();
      copy[index] = value;
      return new SortedTable<>(keyOf, copy);
    }
    int at = -index - 1;
    Object[] copy = new Object[values.length + 1];
    System.arraycopy(values, 0, copy, 0, at);
    copy[at] = value;
    System.arraycopy(values, at, copy, at + 1, values.length - at);
    return new SortedTable<>(keyOf, copy);
  }

  /** This without the value of that key; the same table if there is none. */
  public SortedTable<K, V> without(K key) {
    int index = search(key);
    if (index < 0) {
      return this;
    }
    Object[] copy = new Object[values.length - 1];
    System.arraycopy(values, 0, copy, 0, index);
    System.arraycopy(values, index + 1, copy, index, copy.length - index);
    return new SortedTable<>(keyOf, copy);
  }

  /** This with all of {@code added}, each also in place of one with the same key. */
  public SortedTable<K, V> withAll(Collection<? extends V> added) {
    return added.isEmpty() ? this : merge(of(keyOf, added), false);
  }

  /** This without the values whose keys are those of {@code removed}. */
  public SortedTable<K, V> withoutAll(Collection<? extends V> removed) {
    return removed.isEmpty() ? this : merge(of(keyOf, removed), true);
  }

  private SortedTable<K, V> merge(SortedTable<K, V> other, boolean remove) {
    List<Object> merged = new ArrayList<>(values.length + (remove ? 0 : other.values.length));
    int i = 0;
    int j = 0;
    while (i < values.length || j < other.values.length) {
      int order;
      if (i == values.length) {
        order = 1;
      } else if (j == other.values.length) {
        order = -1;
      } else {
        order = keyOf.apply(at(i)).compareTo(keyOf.apply(other.at(j)));
      }
      if (order < 0) {
        merged.add(values[i++]);
      } else {
        if (!remove) {
          merged.add(other.values[j]);
        }
        j++;
        if (order == 0) {
          i++;
        }
      }
    }
    return new SortedTable<>(keyOf, merged.toArray());
  }

  /** All values, in order; a view. */
  @SuppressWarnings("unchecked")
  public List<V> toList() {
    return (List<V>) Collections.unmodifiableList(Arrays.asList(values));
  }

  /**
   * What leads from {@code from} to {@code to}. Values are compared by identity first, then by
   * {@code equals}.
   */
  public static <K extends Comparable<? super K>, V> Delta<V> delta(
      SortedTable<K, V> from, SortedTable<K, V> to) {
    Delta<V> delta = new Delta<>(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    int start = 0;
    int fromEnd = from.values.length;
    int toEnd = to.values.length;
    while (start < fromEnd && start < toEnd && from.values[start] == to.values[start]) {
      start++;
    }
    while (fromEnd > start && toEnd > start && from.values[fromEnd - 1] == to.values[toEnd - 1]) {
      fromEnd--;
      toEnd--;
    }
    int i = start;
    int j = start;
    while (i < fromEnd || j < toEnd) {
      int order;
      if (i == fromEnd) {
        order = 1;
      } else if (j == toEnd) {
        order = -1;
      } else if (from.values[i] == to.values[j]) {
        order = 0;
      } else {
        order = from.keyOf.apply(from.at(i)).compareTo(to.keyOf.apply(to.at(j)));
      }
      if (order < 0) {
        delta.removed.add(from.at(i++));
      } else if (order > 0) {
        delta.added.add(to.at(j++));
      } else {
        V before = from.at(i++);
        V after = to.at(j++);
        if (before != after && !before.equals(after)) {
          delta.changed.add(new Change<>(before, after));
        }
      }
    }
    return delta;
  }

  private int search(K key) {
    int low = 0;
    int high = values.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = keyOf.apply(at(middle)).compareTo(key);
      if (order < 0) {
        low = middle + 1;
      } else if (order > 0) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }

  @Override
  public Iterator<V> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < values.length;
      }

      @Override
      public V next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return at(next++);
      }
    };
  }

  @Override
  public boolean equals(Object o) {
    return this == o
        || (o instanceof SortedTable<?, ?> other && Arrays.equals(values, other.values));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }

  /** One key whose value is another now. */
  public record Change<V>(V before, V after) {}

  /** What changed between two tables, each list in the order of keys. */
  public record Delta<V>(List<V> added, List<V> removed, List<Change<V>> changed) {
    public boolean isEmpty() {
      return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
  }
}
