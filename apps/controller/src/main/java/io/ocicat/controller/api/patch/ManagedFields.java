package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.schema.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who set which field of an object: {@code metadata.managedFields}. Kept only for objects that
 * somebody has applied to the server side; what such an object held before belongs to {@link
 * #BEFORE_FIRST_APPLY}, as upstream has it.
 */
public final class ManagedFields {

  static final String BEFORE_FIRST_APPLY = "before-first-apply";

  private static final String FIELD = "managedFields";

  private final String apiVersion;
  private final List<Entry> entries;

  private ManagedFields(String apiVersion, List<Entry> entries) {
    this.apiVersion = apiVersion;
    this.entries = entries;
  }

  /** Who writes, and how. */
  public record Writer(String manager, boolean applies, boolean status) {}

  /** What a writer owns. */
  private record Entry(Writer writer, String time, SortedSet<FieldPath> paths) {

    private Entry with(SortedSet<FieldPath> newPaths, String now) {
      return newPaths.equals(paths) ? this : new Entry(writer, now, newPaths);
    }
  }

  /** Whether ownership of the document's fields is kept. */
  public static boolean areKept(ObjectNode document) {
    return !document.path("metadata").path(FIELD).isEmpty();
  }

  static ManagedFields of(ObjectNode document, Schema.Struct schema, String now) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode json : document.path("metadata").path(FIELD)) {
      entries.add(
          new Entry(
              new Writer(
                  json.path("manager").asText(),
                  json.path("operation").asText().equals("Apply"),
                  json.path("subresource").asText().equals("status")),
              json.path("time").asText(),
              FieldPaths.fromJson(json.path("fieldsV1"))));
    }
    if (entries.isEmpty()) {
      SortedSet<FieldPath> all = FieldPaths.of(document, schema);
      if (!all.isEmpty()) {
        entries.add(new Entry(new Writer(BEFORE_FIRST_APPLY, false, false), now, all));
      }
    }
    return new ManagedFields(document.path("apiVersion").asText(), entries);
  }

  /**
   * Gives the writer what it has changed, and takes it from all others; in place, in {@code after}.
   * Does nothing if ownership is not kept.
   */
  public static void follow(
      ObjectNode before, ObjectNode after, Schema.Struct schema, Writer writer, String now) {
    if (!areKept(before)) {
      return;
    }
    ManagedFields managed = of(before, schema, now);
    SortedSet<FieldPath> were = FieldPaths.of(before, schema);
    SortedSet<FieldPath> are = FieldPaths.of(after, schema);
    SortedSet<FieldPath> changed = new TreeSet<>(are);
    changed.removeIf(
        path ->
            were.contains(path)
                && (path.isItem() || JsonPatch.same(path.in(before), path.in(after))));
    were.removeAll(are);
    managed.takeFromAll(were, now);
    managed.takeFromAll(changed, now);
    SortedSet<FieldPath> owned = new TreeSet<>(managed.ownedBy(writer));
    owned.addAll(changed);
    managed.give(writer, owned, now);
    managed.writeTo(after);
  }

  SortedSet<FieldPath> ownedBy(Writer writer) {
    return entries.stream()
        .filter(entry -> entry.writer().equals(writer))
        .findFirst()
        .map(Entry::paths)
        .orElseGet(TreeSet::new);
  }

  /** All writers but one. */
  List<Writer> others(Writer writer) {
    return entries.stream().map(Entry::writer).filter(each -> !each.equals(writer)).toList();
  }

  void give(Writer writer, SortedSet<FieldPath> paths, String now) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).writer().equals(writer)) {
        entries.set(i, entries.get(i).with(paths, now));
        return;
      }
    }
    if (!paths.isEmpty()) {
      entries.add(new Entry(writer, now, paths));
    }
  }

  void takeFromAll(Collection<FieldPath> paths, String now) {
    entries.replaceAll(
        entry -> {
          SortedSet<FieldPath> rest = new TreeSet<>(entry.paths());
          rest.removeAll(paths);
          return entry.with(rest, now);
        });
  }

  void writeTo(ObjectNode document) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Entry entry : entries) {
      if (!entry.paths().isEmpty()) {
        ObjectNode json = list.addObject();
        json.put("manager", entry.writer().manager());
        json.put("operation", entry.writer().applies() ? "Apply" : "Update");
        json.put("apiVersion", apiVersion).put("time", entry.time());
        json.put("fieldsType", "FieldsV1").set("fieldsV1", FieldPaths.toJson(entry.paths()));
        if (entry.writer().status()) {
          json.put("subresource", "status");
        }
      }
    }
    document.withObjectProperty("metadata").set(FIELD, list);
  }
}
