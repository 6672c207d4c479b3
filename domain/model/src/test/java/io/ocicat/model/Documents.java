package io.ocicat.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Documents for tests, in JSON that needs fewer quotes. */
public final class Documents {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Documents() {}

  /** The tree of a JSON object with single quotes, and none around plain names of fields. */
  public static ObjectNode json(String text) {
    String strict =
        text.replace('\'', '"').replaceAll("([{,]\\s*)([A-Za-z][A-Za-z0-9]*):", "$1\"$2\":");
    try {
      return (ObjectNode) MAPPER.readTree(strict.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A document of this kind with the metadata given and the rest of the fields. */
  public static ObjectNode document(ResourceKind kind, String name, String rest) {
    String namespace = kind.namespaced() ? ", namespace: 'default'" : "";
    ObjectNode document =
        json(
            "{apiVersion: '%s', kind: '%s', metadata: {name: '%s'%s}}"
                .formatted(kind.apiVersion(), kind.kind(), name, namespace));
    document.setAll(json(rest));
    return document;
  }
}
