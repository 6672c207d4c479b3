package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.http.MediaTypes.Representation;
import io.ocicat.controller.api.table.Tables;
import io.ocicat.model.ResourceKind;
import java.time.InstantSource;
import java.util.List;

/**
 * How objects of one kind are shown in answer to one request: as they are, as rows of a table, or
 * by their metadata alone.
 */
record Presentation(
    ResourceKind kind, Representation representation, String includeObject, InstantSource clock) {

  ObjectNode one(ObjectNode object) {
    return switch (representation.form()) {
      case OBJECT -> object;
      case METADATA -> Tables.partial(object, representation.version());
      case TABLE -> {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.set("resourceVersion", object.path("metadata").path("resourceVersion"));
        yield table(List.of(object), metadata, true);
      }
    };
  }

  /** One event's object; only the first table of a watch tells its columns. */
  ObjectNode event(ObjectNode object, boolean first) {
    return switch (representation.form()) {
      case OBJECT, METADATA -> one(object);
      case TABLE -> {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.set("resourceVersion", object.path("metadata").path("resourceVersion"));
        yield table(List.of(object), metadata, first);
      }
    };
  }

  ObjectNode list(List<ObjectNode> items, ObjectNode metadata) {
    return switch (representation.form()) {
      case OBJECT -> listOf(kind.listKind(), kind.apiVersion(), items, metadata);
      case METADATA ->
          listOf(
              "PartialObjectMetadataList",
              "meta.k8s.io/" + representation.version(),
              items.stream().map(item -> Tables.partial(item, representation.version())).toList(),
              metadata);
      case TABLE -> table(items, metadata, true);
    };
  }

  private static ObjectNode listOf(
      String listKind, String apiVersion, List<ObjectNode> items, ObjectNode metadata) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", listKind).put("apiVersion", apiVersion);
    list.set("metadata", metadata);
    ArrayNode array = list.putArray("items");
    items.forEach(array::add);
    return list;
  }

  private ObjectNode table(List<ObjectNode> items, ObjectNode metadata, boolean columns) {
    return new Tables(kind, representation.version(), includeObject, clock.instant())
        .table(items, metadata, columns);
  }
}
