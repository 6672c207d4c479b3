package io.ocicat.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.sync.PodName;
import java.util.Optional;

/** Looks for a Pod object that the store does not have (yet). Safe for use by many threads. */
public interface PodLookup {

  /** Of a store that has all there is. */
  PodLookup NONE = _ -> Optional.empty();

  /**
   * The document, if there is one.
   *
   * @throws io.ocicat.store.StoreException if it cannot be known now
   */
  Optional<ObjectNode> find(PodName name);
}
