package io.ocicat.bgpcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Asks a speaker on its socket. */
public record BgpClient(Path socket) {

  /** The speaker refused; its words are the message. */
  public static final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Asks.
   *
   * @param words what belongs to the command
   * @throws RefusedException with the speaker's words
   * @throws java.io.UncheckedIOException if no speaker answers
   */
  public JsonNode ask(String command, Map<String, String> words) {
    ObjectNode question = JsonNodeFactory.instance.objectNode().put("command", command);
    words.forEach(question::put);
    JsonNode answer = Control.ask(socket, question);
    if (answer.has("error")) {
      throw new RefusedException(answer.get("error").asText());
    }
    return answer;
  }

  /**
   * Asks for what comes in octets.
   *
   * @throws RefusedException with the speaker's words
   * @throws java.io.UncheckedIOException if no speaker answers, or {@code to} does not take them
   */
  public void copy(String command, Map<String, String> words, OutputStream to) {
    ObjectNode question = JsonNodeFactory.instance.objectNode().put("command", command);
    words.forEach(question::put);
    Optional<JsonNode> answer = Control.ask(socket, question, to);
    if (answer.isPresent()) {
      throw new RefusedException(answer.get().path("error").asText(answer.get().toString()));
    }
  }
}
