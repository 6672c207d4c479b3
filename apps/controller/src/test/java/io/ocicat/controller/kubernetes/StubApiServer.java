package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Answers each call as it was told to, and remembers what was sent. */
final class StubApiServer implements ApiServer {

  private static final JsonMapper JSON = new JsonMapper();

  /** What was sent where. */
  record Sent(String call, ObjectNode body) {}

  /** May refuse. */
  interface Answer {
    ObjectNode to(ObjectNode body) throws ApiException;
  }

  private final Map<String, Answer> answers = new HashMap<>();
  final List<Sent> sent = new ArrayList<>();

  static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  void on(String call, String json) {
    answers.put(call, _ -> parse(json));
  }

  void on(String call, Function<ObjectNode, ObjectNode> answer) {
    answers.put(call, answer::apply);
  }

  /** With status 0 the call does not arrive. */
  void refuse(String call, int status) {
    answers.put(
        call,
        _ -> {
          throw status == 0
              ? new ApiException(call, new IOException("away"))
              : new ApiException(call, status, "", "told to");
        });
  }

  @Override
  public String location() {
    return "stub";
  }

  @Override
  public ObjectNode call(Verb verb, String path, Optional<ObjectNode> body) throws ApiException {
    String call = verb + " " + path;
    ObjectNode given = body.orElseGet(JSON::createObjectNode);
    if (verb != Verb.GET) {
      sent.add(new Sent(call, given));
    }
    Answer answer = answers.get(call);
    if (answer == null) {
      throw new ApiException(call, 404, "NotFound", "nothing was said of it");
    }
    return answer.to(given);
  }

  @Override
  public Stream stream(String path) {
    throw new UnsupportedOperationException(path);
  }

  @Override
  public void close() {}
}
