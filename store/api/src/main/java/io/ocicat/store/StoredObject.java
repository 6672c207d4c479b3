package io.ocicat.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A document as the store holds it. Immutable.
 *
 * @param key where it is stored
 * @param revision the revision of the write that made this state; for a deleted object that of the
 *     deletion
 * @param createRevision the revision of the write that created the object
 * @param json the document as compact JSON text, exactly as it was put
 */
public record StoredObject(ResourceKey key, long revision, long createRevision, String json) {

  /** The document as a tree of its own, which the caller may change. */
  public ObjectNode tree() {
    return Json.parse(key, json);
  }
}
