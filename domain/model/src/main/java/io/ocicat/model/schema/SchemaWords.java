package io.ocicat.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ocicat.model.AsNumber;
import io.ocicat.model.schema.Schema.Extras;
import io.ocicat.model.schema.Schema.Field;
import io.ocicat.model.schema.Schema.Flag;
import io.ocicat.model.schema.Schema.Listing;
import io.ocicat.model.schema.Schema.Mapping;
import io.ocicat.model.schema.Schema.Merging;
import io.ocicat.model.schema.Schema.NumberOrName;
import io.ocicat.model.schema.Schema.Presence;
import io.ocicat.model.schema.Schema.Struct;
import io.ocicat.model.schema.Schema.Text;
import io.ocicat.model.schema.Schema.TextCheck;
import io.ocicat.model.schema.Schema.Whole;
import java.util.List;

/** The words in which {@link Schemas} is written. */
final class SchemaWords {
  private static final TextCheck NO_CHECK = _ -> List.of();

  private static final int CIDR_MAX = 48;

  private SchemaWords() {}

  static Struct struct(String definition, String description, Field... fields) {
    return new Struct(
        definition, description, Schema.byName(List.of(fields)), Extras.REFUSED, Struct.Count.ANY);
  }

  static Struct openStruct(String definition, String description, Field... fields) {
    return new Struct(
        definition, description, Schema.byName(List.of(fields)), Extras.KEPT, Struct.Count.ANY);
  }

  static Field field(String name, Schema schema, String description) {
    return new Field(name, description, schema, new Presence.Optional());
  }

  static Field required(String name, Schema schema, String description) {
    return new Field(name, description, schema, new Presence.Required());
  }

  static Field defaulted(String name, Schema schema, JsonNode value, String description) {
    return new Field(name, description, schema, new Presence.Defaulted(value));
  }

  static Field defaulted(String name, Schema schema, String value, String description) {
    return defaulted(name, schema, TextNode.valueOf(value), description);
  }

  static Field defaulted(String name, Schema schema, int value, String description) {
    return defaulted(name, schema, IntNode.valueOf(value), description);
  }

  static Field off(String name, String description) {
    return defaulted(name, new Flag(), BooleanNode.FALSE, description);
  }

  static Text text() {
    return new Text(List.of(), "", Integer.MAX_VALUE, NO_CHECK);
  }

  static Text text(TextCheck check) {
    return new Text(List.of(), "", Integer.MAX_VALUE, check);
  }

  /** A prefix of either family; Kubernetes knows its form by the same word. */
  static Text cidr(TextCheck check) {
    return new Text(List.of(), "cidr", CIDR_MAX, check);
  }

  static Text oneOf(String... allowed) {
    return new Text(List.of(allowed), "", Integer.MAX_VALUE, NO_CHECK);
  }

  static Text time() {
    return new Text(List.of(), "date-time", Integer.MAX_VALUE, TextChecks::time);
  }

  static Whole int32() {
    return new Whole(32, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  static Whole int64() {
    return new Whole(64, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Whole upTo(int most) {
    return new Whole(32, 0, most);
  }

  static Whole between(int least, int most) {
    return new Whole(32, least, most);
  }

  static NumberOrName port(TextCheck name, String pattern) {
    return new NumberOrName(65535, List.of(), name, pattern);
  }

  /** A name, or a number up to 255 as such or in digits. */
  static NumberOrName byteOrOneOf(String... names) {
    return new NumberOrName(
        255, List.of(names), NO_CHECK, "^(" + String.join("|", names) + "|[0-9]{1,3})$");
  }

  /** The number of an autonomous system, as such or in text. */
  static NumberOrName asNumber() {
    return new NumberOrName(
        AsNumber.MOST,
        List.of(),
        RoutingChecks::asNumber,
        "^([0-9]{1,10}|[0-9]{1,5}[.][0-9]{1,5})$");
  }

  static Text duration() {
    return text(RoutingChecks::duration);
  }

  static Whole portNumber() {
    return new Whole(32, 1, 65535);
  }

  static Flag flag() {
    return new Flag();
  }

  static Listing list(Schema items) {
    return new Listing(items, new Merging.Atomic(), 0, Integer.MAX_VALUE);
  }

  static Listing set(Schema items) {
    return new Listing(items, new Merging.AsSet(), 0, Integer.MAX_VALUE);
  }

  static Listing listBy(String key, Schema items) {
    return new Listing(items, new Merging.ByKey(key), 0, Integer.MAX_VALUE);
  }

  static Mapping mapping(TextCheck keys, Schema values) {
    return new Mapping(keys, values);
  }

  static JsonNode texts(String... values) {
    var array = JsonNodeFactory.instance.arrayNode();
    List.of(values).forEach(array::add);
    return array;
  }
}
