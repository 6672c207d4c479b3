package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A question put to a node ({@code projectcalico.org/v3} CalicoNodeStatus).
 *
 * @param metadata the name
 * @param node who is asked
 * @param classes what about: {@code Agent}, {@code BGP}, {@code Routes}
 * @param periodSeconds how often the answer is to be written anew; 0: not at all
 */
public record CalicoNodeStatus(
    Metadata metadata, String node, List<String> classes, int periodSeconds) {
  /** Copies the list. */
  public CalicoNodeStatus {
    classes = List.copyOf(classes);
  }

  /** Reads a document of kind CalicoNodeStatus. */
  public static CalicoNodeStatus read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    return new CalicoNodeStatus(
        Metadata.read(document),
        spec.text("node"),
        spec.texts("classes"),
        spec.number("updatePeriodSeconds", 0));
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }
}
