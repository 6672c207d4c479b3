package io.ocicat.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One call as it crosses the agent's socket.
 *
 * <p>Request: a big-endian 32-bit length, then {@code NAME=VALUE\0} for each variable, {@code \0},
 * then the bytes of standard input. Answer: a 32-bit length, one byte of exit status, then the
 * bytes for standard output. Beside the runtime's {@code CNI_} variables the executable adds its
 * own, which begin with {@code OCICAT_}.
 */
public final class CniFrame {

  /** Requests longer than this are refused unread. */
  public static final int MAX_REQUEST_BYTES = (1 << 20) + (256 << 10);

  private CniFrame() {}

  /** What the executable was run with. */
  public record Request(Map<String, String> variables, String stdin) {

    public Request {
      variables = Map.copyOf(variables);
    }

    /** The value, or the empty text: CNI does not tell an empty variable from a missing one. */
    public String variable(String name) {
      return variables.getOrDefault(name, "");
    }
  }

  /**
   * Reads one request.
   *
   * @throws IOException if the stream ends early or the bytes are no request
   */
  public static Request readRequest(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int length = in.readInt();
    if (length < 1 || length > MAX_REQUEST_BYTES) {
      throw new IOException("not a CNI request: it claims " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("a CNI request ended after " + bytes.length + " of " + length);
    }
    Map<String, String> variables = new LinkedHashMap<>();
    int at = 0;
    while (at < length && bytes[at] != 0) {
      int end = at;
      while (end < length && bytes[end] != 0) {
        end++;
      }
      String variable = new String(bytes, at, end - at, UTF_8);
      int equals = variable.indexOf('=');
      if (end == length || equals < 1) {
        throw new IOException("not a CNI request: '" + variable + "' is no variable");
      }
      variables.put(variable.substring(0, equals), variable.substring(equals + 1));
      at = end + 1;
    }
    if (at >= length) {
      throw new IOException("not a CNI request: the variables do not end");
    }
    return new Request(variables, new String(bytes, at + 1, length - at - 1, UTF_8));
  }

  /** The bytes of a request, as the executable writes them. */
  public static byte[] writeRequest(Request request) {
    StringBuilder variables = new StringBuilder();
    request
        .variables()
        .forEach((name, value) -> variables.append(name).append('=').append(value).append('\0'));
    byte[] head = variables.append('\0').toString().getBytes(UTF_8);
    byte[] stdin = request.stdin().getBytes(UTF_8);
    return ByteBuffer.allocate(4 + head.length + stdin.length)
        .putInt(head.length + stdin.length)
        .put(head)
        .put(stdin)
        .array();
  }

  /** The bytes of an answer. */
  public static byte[] writeAnswer(int exitStatus, String stdout) {
    byte[] bytes = stdout.getBytes(UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .putInt(1 + bytes.length)
        .put((byte) exitStatus)
        .put(bytes)
        .array();
  }
}
