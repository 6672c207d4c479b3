package io.ocicat.policy.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Changes after which a flow that is denied would be allowed.
 *
 * @param changes to be made all together, at least one
 */
public record Remedy(List<Change> changes) {

  public Remedy {
    changes = List.copyOf(changes);
  }

  /**
   * A change of one document.
   *
   * @param description for people
   * @param path the field that changes, or {@code ""} for a document that is new
   * @param patch as of RFC 6902; empty for a document that is new
   * @param document as it is afterwards
   * @param created whether there is no such document yet
   * @param size how much it is, on a scale without unit
   */
  public record Change(
      String description,
      String path,
      ArrayNode patch,
      ObjectNode document,
      boolean created,
      int size) {

    public String apiVersion() {
      return document.path("apiVersion").asText();
    }

    public String kind() {
      return document.path("kind").asText();
    }

    /** Empty for what is in no namespace. */
    public String namespace() {
      return metadata().path("namespace").asText("");
    }

    public String name() {
      return metadata().path("name").asText();
    }

    private JsonNode metadata() {
      return document.path("metadata");
    }

    /** The document to be applied: as it is afterwards, without what servers add. */
    public ObjectNode manifest() {
      return JsonEdits.manifest(document);
    }
  }

  /** The sum of the changes' sizes. */
  public int size() {
    return changes.stream().mapToInt(Change::size).sum();
  }
}
