package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** An API server that answers as it was told to, call by call, and remembers what it was asked. */
final class FakeApiServer implements ApiServer {
  private sealed interface Reply {
    record Document(ObjectNode content) implements Reply {}

    record Refused(ApiException refusal) implements Reply {}

    record Lines(List<String> lines, Optional<ApiException> end) implements Reply {}
  }

  private final Deque<Reply> script = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final List<ObjectNode> sent = new ArrayList<>();

  /** The next call gets this document. */
  FakeApiServer answers(String json) {
    script.add(new Reply.Document(object(json)));
    return this;
  }

  /** The next call is refused. */
  FakeApiServer refuses(int status, String reason) {
    script.add(new Reply.Refused(new ApiException("a call", status, reason, "it was so told")));
    return this;
  }

  /** The next call is refused so. */
  FakeApiServer refuses(ApiException refusal) {
    script.add(new Reply.Refused(refusal));
    return this;
  }

  /** The next call does not arrive. */
  FakeApiServer isAway() {
    script.add(new Reply.Refused(new ApiException("a call", new ConnectException("away"))));
    return this;
  }

  /** The next watch gets these lines and is then ended by the server. */
  FakeApiServer streams(String... lines) {
    script.add(new Reply.Lines(Arrays.asList(lines), Optional.empty()));
    return this;
  }

  /** The next watch gets these lines and then breaks. */
  FakeApiServer breaksAfter(String... lines) {
    ApiException broken = new ApiException("a watch", new EOFException("reset"));
    script.add(new Reply.Lines(Arrays.asList(lines), Optional.of(broken)));
    return this;
  }

  /** Nothing comes on the next watch. */
  FakeApiServer isSilent() {
    ApiException silent = ApiException.silent("a watch", Duration.ofMinutes(2));
    script.add(new Reply.Lines(List.of(), Optional.of(silent)));
    return this;
  }

  /** Verbs and paths of the calls so far; begins anew. */
  List<String> asked() {
    List<String> all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  /** The bodies sent so far; begins anew. */
  List<ObjectNode> sent() {
    List<ObjectNode> all = List.copyOf(sent);
    sent.clear();
    return all;
  }

  static ObjectNode object(String json) {
    try {
      return (ObjectNode) Trees.parse(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  @Override
  public String location() {
    return "fake";
  }

  @Override
  public ObjectNode call(Verb verb, String path, Optional<ObjectNode> body) throws ApiException {
    body.ifPresent(sent::add);
    return switch (next(verb + " " + path)) {
      case Reply.Document(ObjectNode content) -> content;
      case Reply.Refused(ApiException refusal) -> throw refusal;
      case Reply.Lines lines -> throw new AssertionError(path + " instead of a watch: " + lines);
    };
  }

  @Override
  public Stream stream(String path) throws ApiException {
    return switch (next("WATCH " + path)) {
      case Reply.Lines(var lines, var end) -> new Scripted(new ArrayDeque<>(lines), end);
      case Reply.Refused(ApiException refusal) -> throw refusal;
      case Reply.Document document -> throw new AssertionError(path + " instead of " + document);
    };
  }

  private Reply next(String call) {
    asked.add(call);
    Reply reply = script.poll();
    if (reply == null) {
      throw new AssertionError("not expected: " + call);
    }
    return reply;
  }

  private record Scripted(Deque<String> lines, Optional<ApiException> end) implements Stream {
    @Override
    public Optional<String> next(Duration patience) throws ApiException {
      if (lines.isEmpty() && end.isPresent()) {
        throw end.get();
      }
      return Optional.ofNullable(lines.poll());
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {}
}
