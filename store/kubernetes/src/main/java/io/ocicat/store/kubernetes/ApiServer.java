package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/**
 * An API server as the store talks to it: JSON documents under paths. Safe for use by many threads.
 * Nothing is tried twice.
 */
public interface ApiServer extends AutoCloseable {
  /** How a body is meant. */
  enum Verb {
    /** Reads. */
    GET,
    /** Creates. */
    POST,
    /** Replaces. */
    PUT,
    /** Changes by a JSON merge patch (RFC 7386). */
    MERGE_PATCH,
    /** Removes; the body has the preconditions. */
    DELETE
  }

  /** What a watch sends, as it arrives. One thread reads it; any thread may close it. */
  interface Stream extends AutoCloseable {
    /**
     * The next line.
     *
     * @param patience how long silence is borne
     * @return the line, or empty when the server ended the stream
     * @throws ApiException if the stream broke, or was silent for too long
     */
    Optional<String> next(Duration patience) throws ApiException, InterruptedException;

    /** Ends the stream. Repeating it does nothing. */
    @Override
    void close();
  }

  /** Where the server is, for messages. */
  String location();

  /** The document under a path. */
  default ObjectNode get(String path) throws ApiException, InterruptedException {
    return call(Verb.GET, path, Optional.empty());
  }

  /** Sends a document to a path and returns the answer. */
  default ObjectNode send(Verb verb, String path, ObjectNode body)
      throws ApiException, InterruptedException {
    return call(verb, path, Optional.of(body));
  }

  /**
   * One call.
   *
   * @return the document that the server answered with
   * @throws ApiException if the answer is no success
   */
  ObjectNode call(Verb verb, String path, Optional<ObjectNode> body)
      throws ApiException, InterruptedException;

  /** Begins a watch: a call whose answer is a line per event. */
  Stream stream(String path) throws ApiException, InterruptedException;

  /** Lets go of all connections. Repeating it does nothing. */
  @Override
  void close();
}
