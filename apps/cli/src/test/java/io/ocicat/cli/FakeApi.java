package io.ocicat.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server of config maps that refuses those named {@code bad}, and warns of {@code odd}. */
final class FakeApi implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ROOT = "/api/v1";

  private final HttpServer server;
  private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();

  /** Method, path and query of each request. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** What the one node says it enforces. */
  volatile long enforced = Long.MAX_VALUE;

  private long revision = 10;

  FakeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        current-context: fake
        contexts: [{name: fake, context: {cluster: fake}}]
        clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
        """
            .formatted(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getQuery();
    requests.add(method + " " + path + (query == null ? "" : "?" + query));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean table =
        String.valueOf(exchange.getRequestHeaders().getFirst("Accept")).contains("as=Table");
    ObjectNode reply = reply(method, path, body, table);
    byte[] bytes = reply.toString().getBytes(StandardCharsets.UTF_8);
    if (reply.path("metadata").path("name").asText().equals("odd")) {
      exchange.getResponseHeaders().add("Warning", "299 - \"data: \\\"x\\\" is odd\"");
    }
    exchange.sendResponseHeaders(reply.path("code").asInt(200), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized ObjectNode reply(String method, String path, String body, boolean table)
      throws IOException {
    String collection = ROOT + "/namespaces/default/configmaps";
    if (path.equals(ROOT)) {
      return json(
          "{'groupVersion':'v1','resources':[{'name':'configmaps','kind':'ConfigMap','singularName':'configmap','namespaced':true,'shortNames':['cm']}]}");
    }
    if (path.equals("/apis")) {
      return json("{'groups':[]}");
    }
    if (path.equals("/ocicat/v1/status")) {
      return json(
          "{'ready':true,'policyGeneration':%d,'nodes':[{'name':'n1','ready':true,'policyGeneration':%d}]}"
              .formatted(revision, enforced));
    }
    if (path.equals(collection) && method.equals("GET")) {
      return table ? table() : list();
    }
    if (path.equals(collection)) {
      return store(json(body));
    }
    if (path.startsWith(collection + "/")) {
      return one(method, path.substring(collection.length() + 1), body);
    }
    return status(404, "NotFound", "no such path");
  }

  private ObjectNode one(String method, String name, String body) throws IOException {
    ObjectNode object = objects.get(name);
    if (object == null) {
      return status(404, "NotFound", "configmaps \"" + name + "\" not found");
    }
    return switch (method) {
      case "DELETE" -> {
        objects.remove(name);
        yield object;
      }
      case "PATCH" -> store(MAPPER.readerForUpdating(object.deepCopy()).readValue(body));
      default -> object;
    };
  }

  private ObjectNode store(ObjectNode object) {
    String name = object.path("metadata").path("name").asText();
    if (name.equals("bad")) {
      ObjectNode refused =
          status(422, "Invalid", "ConfigMap \"bad\" is invalid: [data.x: must be text]");
      refused
          .putObject("details")
          .putArray("causes")
          .addObject()
          .put("field", "data.x")
          .put("message", "must be text");
      return refused;
    }
    object.withObjectProperty("metadata").put("resourceVersion", String.valueOf(++revision));
    objects.put(name, object);
    return object;
  }

  private ObjectNode list() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "ConfigMapList");
    list.putObject("metadata").put("resourceVersion", "10");
    list.putArray("items").addAll(objects.values());
    return list;
  }

  private ObjectNode table() throws IOException {
    ObjectNode table =
        json(
            "{'kind':'Table','columnDefinitions':[{'name':'Name','priority':0},{'name':'Secret','priority':1}],'rows':[]}");
    for (String name : objects.keySet()) {
      ObjectNode row = table.withArrayProperty("rows").addObject();
      row.putArray("cells").add(name).add("wide-" + name);
      row.putObject("object").putObject("metadata").put("namespace", "default");
    }
    return table;
  }

  private static ObjectNode status(int code, String reason, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", "Status")
        .put("code", code)
        .put("reason", reason)
        .put("message", message);
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) MAPPER.readTree(text.startsWith("{'") ? text.replace('\'', '"') : text);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
