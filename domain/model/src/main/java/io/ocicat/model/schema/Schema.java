package io.ocicat.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What a value in a document may be. */
public sealed interface Schema {

  /** Finds what is wrong with a text. */
  @FunctionalInterface
  interface TextCheck {
    /** The problems, as ends of a sentence that begins with the value; empty if there are none. */
    List<String> problems(String text);
  }

  /** Whether an object may hold fields that the schema does not name. */
  enum Extras {
    /** They are mistakes. */
    REFUSED,
    /** They are kept and not looked at. */
    KEPT
  }

  /** How lists merge when server-side apply or a strategic merge patch meets them. */
  sealed interface Merging {
    /** The whole list is one value. */
    record Atomic() implements Merging {}

    /** A set of scalars. */
    record AsSet() implements Merging {}

    /**
     * A map whose items are told apart by a field.
     *
     * @param key the field
     */
    record ByKey(String key) implements Merging {}
  }

  /**
   * An object with named fields.
   *
   * @param definition upstream's name of the type, e.g. {@code io.k8s.api.core.v1.PodSpec}; empty
   *     for a type that has none
   * @param description what the type is
   * @param fields by name, in the order in which they are explained
   * @param extras what becomes of other fields
   * @param count how many of the fields an object may have
   */
  record Struct(
      String definition,
      String description,
      SequencedMap<String, Field> fields,
      Extras extras,
      Count count)
      implements Schema {
    /** How many of the fields an object may have. */
    public enum Count {
      /** Any. */
      ANY,
      /** Exactly one. */
      ONE
    }

    /** The same type, whose objects have exactly one of the fields. */
    public Struct withOneField() {
      return new Struct(definition, description, fields, extras, Count.ONE);
    }

    /** The field of this name. */
    public Optional<Field> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    /** The same type with fields added, or replaced where the name is the same. */
    public Struct with(Field... more) {
      List<Field> all = new ArrayList<>(fields.values());
      all.addAll(List.of(more));
      return new Struct(definition, description, byName(all), extras, count);
    }
  }

  /**
   * A field of a {@link Struct}.
   *
   * @param name the name in documents
   * @param description what it means
   * @param schema what it may be
   * @param presence whether it has to be there
   */
  record Field(String name, String description, Schema schema, Presence presence) {
    /** Whether it has to be there. */
    public boolean isRequired() {
      return presence instanceof Presence.Required;
    }
  }

  /** Whether a field has to be there. */
  sealed interface Presence {
    /** It has to, and not be empty. */
    record Required() implements Presence {}

    /** It may be left out. */
    record Optional() implements Presence {}

    /**
     * Where it is left out, it is filled in.
     *
     * @param value with this
     */
    record Defaulted(JsonNode value) implements Presence {}
  }

  /**
   * An object with any keys.
   *
   * @param keys finds what is wrong with a key
   * @param values what the values may be
   */
  record Mapping(TextCheck keys, Schema values) implements Schema {}

  /**
   * A list.
   *
   * @param items what the items may be
   * @param merging how it merges
   * @param minItems the smallest length
   * @param maxItems the largest length
   */
  record Listing(Schema items, Merging merging, int minItems, int maxItems) implements Schema {
    /** The field by which a strategic merge patch tells items apart, if the list is such a map. */
    public Optional<String> mergeKey() {
      return merging instanceof Merging.ByKey(String key) ? Optional.of(key) : Optional.empty();
    }

    /** Whether a strategic merge patch merges the list instead of replacing it. */
    public boolean isMerged() {
      return !(merging instanceof Merging.Atomic);
    }

    /** The same list, of at most so many items. */
    public Listing atMost(int maxItems) {
      return new Listing(items, merging, minItems, maxItems);
    }

    /** The same list, which has an item. */
    public Listing notEmpty() {
      return new Listing(items, merging, 1, maxItems);
    }
  }

  /**
   * A text.
   *
   * @param allowed the values it may have; empty for any
   * @param format upstream's word for the form, e.g. {@code date-time}; empty for none
   * @param maxLength the largest number of characters
   * @param check finds what else is wrong
   */
  record Text(List<String> allowed, String format, int maxLength, TextCheck check)
      implements Schema {
    /** Copies the list. */
    public Text {
      allowed = List.copyOf(allowed);
    }

    /** The same, of at most so many characters. */
    public Text atMost(int maxLength) {
      return new Text(allowed, format, maxLength, check);
    }
  }

  /**
   * An integer.
   *
   * @param bits 32 or 64
   * @param min the smallest value
   * @param max the largest value
   */
  record Whole(int bits, long min, long max) implements Schema {}

  /** True or false. */
  record Flag() implements Schema {}

  /** A number, fractions allowed. */
  record Real() implements Schema {}

  /**
   * A port or a protocol: its number from 1, or its name.
   *
   * @param max the largest number
   * @param names the names that there are, which digits may stand for; empty if there are others
   * @param name finds what else is wrong with a name
   * @param pattern a regular expression that every right name matches, for servers that know no
   *     more
   */
  record NumberOrName(long max, List<String> names, TextCheck name, String pattern)
      implements Schema {
    /** Copies the list. */
    public NumberOrName {
      names = List.copyOf(names);
    }
  }

  /** Any JSON value, kept as it is. */
  record Anything() implements Schema {}

  /**
   * The schema of a path's next step: a field, a mapping's value or a list's item. Empty if nothing
   * is known.
   */
  default Optional<Schema> step(String name) {
    return switch (this) {
      case Struct struct -> struct.field(name).map(Field::schema);
      case Mapping mapping -> Optional.of(mapping.values());
      case Listing listing -> Optional.of(listing.items());
      case Text _, Whole _, Real _, Flag _, NumberOrName _, Anything _ -> Optional.empty();
    };
  }

  /** An unmodifiable view of fields by name, in their order. */
  static SequencedMap<String, Field> byName(List<Field> fields) {
    SequencedMap<String, Field> map = new LinkedHashMap<>();
    fields.forEach(field -> map.put(field.name(), field));
    return Collections.unmodifiableSequencedMap(map);
  }
}
