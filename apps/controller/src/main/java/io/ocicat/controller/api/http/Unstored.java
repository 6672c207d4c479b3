package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Kinds that {@code kubectl describe} lists on the way and that there are none of. They are not in
 * discovery: nobody can make one.
 */
final class Unstored {

  private static final Map<String, String> LIST_KINDS = Map.of("events", "EventList");

  private Unstored() {}

  static Optional<Response> answer(RequestPath path, Request request) {
    String listKind = LIST_KINDS.get(path.resource());
    if (listKind == null
        || !path.group().isEmpty()
        || !path.name().isEmpty()
        || !request.method().equals("GET")
        || request.flag("watch")) {
      return Optional.empty();
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", listKind).put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", "0");
    list.putArray("items");
    return Optional.of(Response.json(200, list));
  }
}
