package io.ocicat.controller.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.columns.Column;
import io.ocicat.model.columns.Columns;
import java.time.Instant;
import java.util.List;

/**
 * Makes tables of one kind's objects (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables">upstream</a>).
 *
 * @param kind the objects' kind
 * @param version of {@code meta.k8s.io}
 * @param includeObject what each row carries: {@code None}, {@code Object}, else its metadata
 * @param now for ages
 */
public record Tables(ResourceKind kind, String version, String includeObject, Instant now) {

  /**
   * The table.
   *
   * @param withColumns whether to tell the columns; a watch tells them once
   */
  public ObjectNode table(List<ObjectNode> items, ObjectNode metadata, boolean withColumns) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
    table.set("metadata", metadata);
    ArrayNode definitions = table.putArray("columnDefinitions");
    if (withColumns) {
      for (Column column : Columns.of(kind)) {
        definitions
            .addObject()
            .put("name", column.name())
            .put("type", column.type())
            .put("format", column.format())
            .put("description", column.description())
            .put("priority", column.shown().priority());
      }
    }
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode item : items) {
      ObjectNode row = rows.addObject();
      row.putArray("cells").addAll(Columns.cells(kind, item, now));
      switch (includeObject) {
        case "None" -> {}
        case "Object" -> row.set("object", item);
        default -> row.set("object", partial(item, version));
      }
    }
    return table;
  }

  /** An object's metadata alone. */
  public static ObjectNode partial(ObjectNode object, String version) {
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
    JsonNode metadata = object.path("metadata");
    partial.set("metadata", metadata.deepCopy());
    return partial;
  }
}
