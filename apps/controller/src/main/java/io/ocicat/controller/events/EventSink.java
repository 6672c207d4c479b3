package io.ocicat.controller.events;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where Events go. Safe for use by several threads. */
public interface EventSink {

  /** What became of a write. */
  enum Outcome {
    DONE,
    /** The namespace, or the Event that was to be changed, is not there. */
    NOT_FOUND
  }

  /**
   * Adds an Event.
   *
   * @throws EventException if it cannot be written now
   */
  Outcome create(ObjectNode event) throws InterruptedException;

  /**
   * Changes an Event by an RFC 7386 merge patch.
   *
   * @throws EventException if it cannot be written now
   */
  Outcome patch(String namespace, String name, ObjectNode patch) throws InterruptedException;

  /** An Event was not written. */
  final class EventException extends RuntimeException {

    /**
     * @param message what was attempted and what the other side said
     */
    public EventException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
