package io.ocicat.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Brings an object to what a document says, as {@code kubectl apply} does.
 *
 * <p>The document is kept in the object's annotation; what the last one had and this one lacks is
 * removed, what neither names stays as others set it.
 */
public final class Applier {
  /** Where the last applied document is kept; kubectl's own. */
  public static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  // A mistyped field would be dropped, and the object mean something else: as kubectl does.
  private static final String STRICT = "?fieldValidation=Strict";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What became of a document. */
  public enum Change {
    /** It was not there. */
    CREATED,
    /** It was there, and different. */
    CONFIGURED,
    /** It was there as it should be. */
    UNCHANGED;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * @param change what became of the document
   * @param object the object as the server has it now
   */
  public record Applied(Change change, JsonNode object) {}

  private final ApiClient client;

  /** Applies through {@code client}. */
  public Applier(ApiClient client) {
    this.client = client;
  }

  /**
   * Creates or patches one object.
   *
   * @param namespace ignored if the kind has none
   * @throws ApiException if the server refuses
   */
  public Applied apply(ApiResource resource, String namespace, JsonNode document) {
    String name = document.path("metadata").path("name").asText();
    String words = resource.plural() + " " + (resource.namespaced() ? namespace + "/" : "") + name;
    ObjectNode wanted = withLastApplied(document, resource.namespaced() ? namespace : "");
    String path = resource.objectPath(namespace, name);
    // A second round for each race lost: created or deleted by others between our two requests.
    ApiException lost = null;
    for (int round = 0; round < 3; round++) {
      JsonNode live = readOrMissing(new ApiClient.Attempt("read " + words, path));
      try {
        if (live.isMissingNode()) {
          String collection = resource.collectionPath(namespace);
          JsonNode created =
              client.create(new ApiClient.Attempt("create " + words, collection + STRICT), wanted);
          return new Applied(Change.CREATED, created);
        }
        ObjectNode patch = patch(lastApplied(live), wanted, live);
        if (patch.isEmpty()) {
          return new Applied(Change.UNCHANGED, live);
        }
        JsonNode patched =
            client.mergePatch(new ApiClient.Attempt("patch " + words, path + STRICT), patch);
        return new Applied(Change.CONFIGURED, patched);
      } catch (ApiException e) {
        if (!e.conflict() && !(e.notFound() && !live.isMissingNode())) {
          throw e;
        }
        lost = e;
      }
    }
    throw lost;
  }

  private JsonNode readOrMissing(ApiClient.Attempt attempt) {
    try {
      return client.read(attempt);
    } catch (ApiException e) {
      if (e.notFound()) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  private static ObjectNode withLastApplied(JsonNode document, String namespace) {
    ObjectNode bare = document.deepCopy();
    ObjectNode metadata = bare.withObjectProperty("metadata");
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (metadata.path("annotations").isObject()) {
      metadata.withObjectProperty("annotations").remove(LAST_APPLIED);
    }
    String text = bare.toString();
    ObjectNode wanted = bare.deepCopy();
    wanted
        .withObjectProperty("metadata")
        .withObjectProperty("annotations")
        .put(LAST_APPLIED, text + "\n");
    return wanted;
  }

  private static JsonNode lastApplied(JsonNode live) {
    String text = live.path("metadata").path("annotations").path(LAST_APPLIED).asText("");
    try {
      return text.isEmpty() ? MissingNode.getInstance() : MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /**
   * The merge patch that makes {@code live} hold all of {@code wanted} and nothing that {@code
   * last} had and {@code wanted} lacks; empty if it is so already.
   */
  static ObjectNode patch(JsonNode last, JsonNode wanted, JsonNode live) {
    ObjectNode patch = MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> field : wanted.properties()) {
      JsonNode now = live.path(field.getKey());
      JsonNode value = field.getValue();
      if (value.isObject() && now.isObject()) {
        ObjectNode inner = patch(last.path(field.getKey()), value, now);
        if (!inner.isEmpty()) {
          patch.set(field.getKey(), inner);
        }
      } else if (!(value.isNull() && now.isMissingNode())
          && !sameDocumentText(field.getKey(), value, now)
          && !holds(now, value)) {
        patch.set(field.getKey(), value);
      }
    }
    for (Map.Entry<String, JsonNode> field : last.properties()) {
      if (!wanted.has(field.getKey()) && live.has(field.getKey())) {
        patch.putNull(field.getKey());
      }
    }
    return patch;
  }

  /** Two texts of one document may differ in the order of fields, as kubectl's and ours do. */
  private static boolean sameDocumentText(String field, JsonNode one, JsonNode other) {
    if (!field.equals(LAST_APPLIED) || !other.isTextual()) {
      return false;
    }
    try {
      return withoutEmptyAnnotations(MAPPER.readTree(one.asText()))
          .equals(withoutEmptyAnnotations(MAPPER.readTree(other.asText())));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  // kubectl writes "annotations":{} where the document had none.
  private static JsonNode withoutEmptyAnnotations(JsonNode document) {
    if (document.path("metadata") instanceof ObjectNode metadata
        && metadata.path("annotations").isObject()
        && metadata.path("annotations").isEmpty()) {
      metadata.remove("annotations");
    }
    return document;
  }

  /** Whether {@code live} is {@code wanted}, apart from fields of objects that the server added. */
  private static boolean holds(JsonNode live, JsonNode wanted) {
    if (wanted.isObject() && live.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        if (!holds(live.path(field.getKey()), field.getValue())) {
          return false;
        }
      }
      return true;
    }
    if (wanted.isArray() && live.isArray()) {
      if (wanted.size() != live.size()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (!holds(live.get(i), wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (wanted.isNumber() && live.isNumber()) {
      return wanted.decimalValue().compareTo(live.decimalValue()) == 0;
    }
    return wanted.equals(live) || (wanted.isNull() && live.isMissingNode());
  }
}
