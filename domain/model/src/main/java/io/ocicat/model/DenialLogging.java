package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Whether connections that policy denies are to be reported, as the annotation {@link #ANNOTATION}
 * of a pod, of its namespace or of a policy says.
 */
public enum DenialLogging {
  /** Nothing is said: a pod is as its namespace is; others are {@link #OFF}. */
  INHERITED,
  ON,
  OFF;

  /** {@code "true"} or {@code "false"}. */
  public static final String ANNOTATION = "ocicat.io/log-denied";

  /** What an object with these annotations says; a value that is neither of the two is none. */
  public static DenialLogging of(Map<String, String> annotations) {
    return of(annotations.getOrDefault(ANNOTATION, ""));
  }

  /** What a document of any kind says. */
  public static DenialLogging of(JsonNode document) {
    return of(document.path("metadata").path("annotations").path(ANNOTATION).asText());
  }

  private static DenialLogging of(String value) {
    return switch (value) {
      case "true" -> ON;
      case "false" -> OFF;
      default -> INHERITED;
    };
  }

  /** What holds for an object in something of which {@code outer} holds. */
  public boolean within(DenialLogging outer) {
    return switch (this) {
      case INHERITED -> outer == ON;
      case ON -> true;
      case OFF -> false;
    };
  }
}
