package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.model.ResourceKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Asks an API server for documents, several at a time over two connections: each costs more than a
 * question does.
 */
final class ClusterRequests implements AutoCloseable {

  private static final int CONNECTIONS = 2;
  private static final int PAGE = 1000;

  private final ApiClient client;
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

  ClusterRequests(ApiClient client) {
    this.client = client;
  }

  /** Asks beside others; {@code question} must not wait for another. */
  <T> CompletableFuture<T> beside(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, threads);
  }

  /** Waits for an answer, and throws what asking threw. */
  static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Empty if there is none of that name. */
  Optional<JsonNode> object(ResourceKind kind, String namespace, String name) {
    try {
      String of = namespace.isEmpty() ? name : namespace + "/" + name;
      return Optional.of(
          named(
              client.read(
                  new ApiClient.Attempt(
                      "read %s %s".formatted(kind.plural(), of),
                      collection(kind, namespace) + "/" + name)),
              kind));
    } catch (ApiException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All of a namespace, or everywhere; empty if the server does not serve them to this user. */
  Optional<List<JsonNode>> list(ResourceKind kind, String namespace) {
    return list(kind, namespace, "", _ -> true);
  }

  /**
   * Those that the server selects and {@code wanted} takes; no more than a page of others is held
   * at a time.
   *
   * @param query such as {@code fieldSelector=…}, encoded, or empty
   */
  Optional<List<JsonNode>> list(
      ResourceKind kind, String namespace, String query, Predicate<JsonNode> wanted) {
    List<JsonNode> items = new ArrayList<>();
    String token = "";
    try {
      do {
        String path =
            "%s?limit=%d%s%s"
                .formatted(
                    collection(kind, namespace),
                    PAGE,
                    query.isEmpty() ? "" : "&" + query,
                    token.isEmpty() ? "" : "&continue=" + encoded(token));
        JsonNode page = client.read(new ApiClient.Attempt("list " + kind.plural(), path));
        for (JsonNode item : page.path("items")) {
          if (wanted.test(item)) {
            items.add(named(item, kind));
          }
        }
        token = page.path("metadata").path("continue").asText("");
      } while (!token.isEmpty());
      return Optional.of(items);
    } catch (ApiException e) {
      if (e.notFound() || e.httpStatus() == 403) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String collection(ResourceKind kind, String namespace) {
    return (kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/")
        + kind.version()
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + kind.plural();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Items of lists do not say what they are. */
  private static JsonNode named(JsonNode document, ResourceKind kind) {
    if (document instanceof ObjectNode object && !object.has("kind")) {
      object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    }
    return document;
  }

  /** Does not wait for answers that nobody needs any more. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
