package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What happened to an object as seen through a query: an object that no longer matches is deleted,
 * one that begins to match is added.
 */
public record ResourceEvent(Type type, ObjectNode object) {

  /** Spelled as in a watch. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
