package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What goes back to the client. */
sealed interface Response {

  /**
   * An answer that is known in full.
   *
   * @param warnings each becomes a {@code Warning} header
   */
  record Whole(int status, String contentType, Bytes body, List<String> warnings)
      implements Response {
    public Whole {
      warnings = List.copyOf(warnings);
    }
  }

  /** An answer that is written as it comes to be, with status 200. */
  record Streamed(String contentType, Source source) implements Response {}

  /** Somewhere else. */
  record Moved(String location) implements Response {}

  /** Writes a stream to its end. */
  interface Source {
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  static Response json(int status, JsonNode body) {
    return new Whole(status, MediaTypes.JSON, Bodies.json(body), List.of());
  }

  static Response text(int status, String body) {
    return new Whole(
        status,
        "text/plain; charset=utf-8",
        Bytes.of(body.getBytes(StandardCharsets.UTF_8)),
        List.of());
  }
}
