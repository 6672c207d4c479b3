package io.ocicat.selector;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An object's labels, sorted by key; equal by content.
 *
 * <p>Keys and values are taken as they come: whoever reads a document validates them with {@link
 * LabelSyntax}.
 *
 * @param asMap unmodifiable, iterates in key order
 */
public record Labels(Map<String, String> asMap) implements LabelView {

  public static final Labels EMPTY = new Labels(Map.of());

  public Labels {
    asMap = Collections.unmodifiableSortedMap(new TreeMap<>(asMap));
  }

  public static Labels of(String key, String value) {
    return new Labels(Map.of(key, value));
  }

  @Override
  public Optional<String> value(String key) {
    return Optional.ofNullable(asMap.get(key));
  }

  @Override
  public boolean has(String key) {
    return asMap.containsKey(key);
  }

  public boolean isEmpty() {
    return asMap.isEmpty();
  }

  /** These labels with {@code key} set to {@code value}. */
  public Labels with(String key, String value) {
    Map<String, String> copy = new TreeMap<>(asMap);
    copy.put(key, value);
    return new Labels(copy);
  }

  /** These labels without {@code key}. */
  public Labels without(String key) {
    Map<String, String> copy = new TreeMap<>(asMap);
    copy.remove(key);
    return new Labels(copy);
  }

  /** {@code a=b,c=d}, as kubectl prints labels. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    asMap.forEach(
        (key, value) -> out.append(out.isEmpty() ? "" : ",").append(key).append('=').append(value));
    return out.toString();
  }
}
