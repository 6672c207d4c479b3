package io.ocicat.selector;

import java.util.Optional;

/** Labels as selectors see them: those of an object, or what it has of others besides its own. */
public interface LabelView {

  Optional<String> value(String key);

  default boolean has(String key) {
    return value(key).isPresent();
  }
}
