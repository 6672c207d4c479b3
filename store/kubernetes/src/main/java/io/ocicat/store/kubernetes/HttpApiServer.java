package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.ocicat.store.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An API server over HTTP. Addresses, certificates, tokens and their rotation are the library's;
 * the documents stay JSON trees.
 */
final class HttpApiServer implements ApiServer {
  /** The longest that an answer may take; a page of a large list takes seconds. */
  private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(45);

  private static final int LONGEST_REFUSAL = 300;

  private final HttpClient client;
  private final String root;

  HttpApiServer(Config config) {
    String url = config.getMasterUrl();
    this.root = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.client = new JdkHttpClientFactory().newBuilder(config).build();
  }

  @Override
  public String location() {
    return root;
  }

  @Override
  public ObjectNode call(Verb verb, String path, Optional<ObjectNode> body)
      throws ApiException, InterruptedException {
    String call = name(verb) + " " + path;
    HttpResponse<String> answer =
        await(call, client.sendAsync(request(verb, path, body), String.class));
    JsonNode content;
    try {
      content = Trees.parse(answer.body() == null ? "" : answer.body());
    } catch (JsonProcessingException e) {
      if (answer.isSuccessful()) {
        throw new ApiException(call, e);
      }
      throw refusal(call, answer, answer.body());
    }
    if (!(content instanceof ObjectNode document)) {
      throw refusal(call, answer, answer.body());
    }
    if (answer.isSuccessful()) {
      return document;
    }
    if (document.path("kind").asText().equals("Status")) {
      throw new ApiException(
          call,
          answer.code(),
          document.path("reason").asText(),
          document.path("message").asText(),
          retryAfter(answer));
    }
    throw refusal(call, answer, answer.body());
  }

  /** API servers give seconds, and never a date. */
  private static Duration retryAfter(HttpResponse<?> answer) {
    String seconds = answer.header("Retry-After");
    return seconds != null && seconds.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }

  private HttpRequest request(Verb verb, String path, Optional<ObjectNode> body) {
    String type = verb == Verb.MERGE_PATCH ? "application/merge-patch+json" : "application/json";
    HttpRequest.Builder request =
        client.newHttpRequestBuilder().uri(root + path).header("Accept", "application/json");
    return body.map(document -> request.method(name(verb), type, Json.text(document)))
        .orElse(request)
        .build();
  }

  private static String name(Verb verb) {
    return switch (verb) {
      case GET, POST, PUT, DELETE -> verb.name();
      case MERGE_PATCH -> "PATCH";
    };
  }

  private static ApiException refusal(String call, HttpResponse<?> answer, String text) {
    String start = text.length() > LONGEST_REFUSAL ? text.substring(0, LONGEST_REFUSAL) : text;
    return new ApiException(call, answer.code(), "", start.strip(), retryAfter(answer));
  }

  private static <T> T await(String call, CompletableFuture<T> answer)
      throws ApiException, InterruptedException {
    try {
      return answer.get(ANSWER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new ApiException(call, cause == null ? e : cause);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw ApiException.silent(call, ANSWER_DEADLINE);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  @Override
  public Stream stream(String path) throws ApiException, InterruptedException {
    String call = "GET " + path;
    HttpRequest request =
        client
            .newHttpRequestBuilder()
            .uri(root + path)
            .header("Accept", "application/json")
            .forStreaming()
            .build();
    HttpStream stream = new HttpStream(call);
    HttpResponse<AsyncBody> answer = await(call, client.consumeBytes(request, stream));
    stream.begin(answer.body());
    if (answer.isSuccessful()) {
      return stream;
    }
    try (stream) {
      throw refusal(call, answer, stream.next(ANSWER_DEADLINE).orElse(""));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
