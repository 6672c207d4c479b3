package io.ocicat.controller.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.schema.Schema;
import io.ocicat.model.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Server-side apply: a manager says in full what it wants; what it wanted before and no longer does
 * goes, unless somebody else wants it too; what somebody else has set to another value is a
 * conflict (<a
 * href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">upstream</a>).
 */
public final class ServerSideApply {

  private final ResourceKind kind;
  private final Schema.Struct schema;
  private final ManagedFields.Writer writer;
  private final boolean force;
  private final String now;

  public ServerSideApply(
      ResourceKind kind, ManagedFields.Writer writer, boolean force, String now) {
    this.kind = kind;
    this.schema = Schemas.of(kind);
    this.writer = writer;
    this.force = force;
    this.now = now;
  }

  /** A field that somebody else has set to another value. */
  public record Conflict(String manager, String path) {}

  /** What became of it. */
  public sealed interface Outcome {

    /** The document after it, with its new {@code managedFields}. */
    record Applied(ObjectNode document) implements Outcome {}

    /** Nothing, because it was not forced. */
    record Conflicting(List<Conflict> conflicts) implements Outcome {
      public Conflicting {
        conflicts = List.copyOf(conflicts);
      }
    }
  }

  /** Applies to an object, or to an empty one; no argument is changed. */
  public Outcome apply(ObjectNode live, ObjectNode configuration) {
    if (!configuration.path("metadata").path("managedFields").isEmpty()) {
      throw PatchException.malformed("metadata.managedFields must be nil");
    }
    ManagedFields managed = ManagedFields.of(live, schema, now);
    SortedSet<FieldPath> wanted = FieldPaths.of(configuration, schema);
    ObjectNode filled = configuration.deepCopy();
    Defaults.fill(kind, filled);
    List<Conflict> conflicts = new ArrayList<>();
    SortedSet<FieldPath> contested = new TreeSet<>();
    for (ManagedFields.Writer other : managed.others(writer)) {
      for (FieldPath path : managed.ownedBy(other)) {
        if (wanted.contains(path) && !path.isItem() && !agree(path.in(live), path.in(filled))) {
          contested.add(path);
          conflicts.add(new Conflict(other.manager(), path.toString()));
        }
      }
    }
    if (!conflicts.isEmpty() && !force) {
      return new Outcome.Conflicting(conflicts);
    }
    managed.takeFromAll(contested, now);
    ObjectNode result = live.deepCopy();
    merge(result, configuration, Optional.of(schema));
    SortedSet<FieldPath> dropped = new TreeSet<>(managed.ownedBy(writer));
    dropped.removeAll(wanted);
    managed.give(writer, wanted, now);
    drop(result, dropped, managed);
    managed.writeTo(result);
    return new Outcome.Applied(result);
  }

  private static void merge(ObjectNode target, ObjectNode configuration, Optional<Schema> schema) {
    for (Map.Entry<String, JsonNode> entry : configuration.properties()) {
      String field = entry.getKey();
      Optional<Schema> part = schema.flatMap(each -> each.step(field));
      JsonNode value = entry.getValue();
      JsonNode before = target.get(field);
      if (value instanceof ObjectNode object && before instanceof ObjectNode existing) {
        merge(existing, object, part);
      } else if (value instanceof ArrayNode items
          && before instanceof ArrayNode existing
          && part.orElse(null) instanceof Schema.Listing listing) {
        mergeItems(target, field, existing, items, listing);
      } else if (!value.isNull()) {
        target.set(field, value.deepCopy());
      }
    }
  }

  private static void mergeItems(
      ObjectNode target,
      String field,
      ArrayNode existing,
      ArrayNode items,
      Schema.Listing listing) {
    switch (listing.merging()) {
      case Schema.Merging.Atomic() -> target.set(field, items.deepCopy());
      case Schema.Merging.AsSet() -> {
        for (JsonNode item : items) {
          if (FieldPath.ROOT.value(item).in(existing).isMissingNode()) {
            existing.add(item.deepCopy());
          }
        }
      }
      case Schema.Merging.ByKey(String key) -> {
        for (JsonNode item : items) {
          if (!item.has(key)) {
            throw PatchException.malformed(
                "an item of '%s' lacks its key '%s': %s".formatted(field, key, item));
          }
          JsonNode found = FieldPath.ROOT.item(key, item.get(key)).in(existing);
          if (found instanceof ObjectNode same && item instanceof ObjectNode change) {
            merge(same, change, Optional.of(listing.items()));
          } else {
            existing.add(item.deepCopy());
          }
        }
      }
    }
  }

  /** Whether one value leaves the other as it is: an empty object asks for nothing in it. */
  private static boolean agree(JsonNode live, JsonNode wanted) {
    return JsonPatch.same(live, wanted)
        || (wanted.isContainerNode()
            && wanted.isEmpty()
            && wanted.getNodeType() == live.getNodeType());
  }

  /** Removes what nobody wants any more, and containers that this has emptied. */
  private void drop(ObjectNode result, SortedSet<FieldPath> dropped, ManagedFields managed) {
    SortedSet<FieldPath> owned = new TreeSet<>(managed.ownedBy(writer));
    for (ManagedFields.Writer other : managed.others(writer)) {
      owned.addAll(managed.ownedBy(other));
    }
    owned.addAll(setBelow(result, dropped));
    // In their order: a list's item goes as a whole before its fields are looked at.
    for (FieldPath path : dropped) {
      if (!path.isKeyOfItem() && owned.stream().noneMatch(each -> each.isWithin(path))) {
        path.removeFrom(result);
        removeEmptied(result, path.parent());
      }
    }
  }

  /** What stands in fields that were owned as empty, and are not any more. */
  private SortedSet<FieldPath> setBelow(ObjectNode result, SortedSet<FieldPath> dropped) {
    SortedSet<FieldPath> below = new TreeSet<>();
    for (FieldPath path : FieldPaths.of(result, schema)) {
      FieldPath parent = path.parent();
      while (!parent.isRoot() && !parent.isItem()) {
        if (dropped.contains(parent)) {
          below.add(path);
        }
        parent = parent.parent();
      }
    }
    return below;
  }

  private static void removeEmptied(ObjectNode result, FieldPath path) {
    JsonNode container = path.in(result);
    if (!path.isRoot() && !path.isItem() && container.isContainerNode() && container.isEmpty()) {
      path.removeFrom(result);
      removeEmptied(result, path.parent());
    }
  }
}
