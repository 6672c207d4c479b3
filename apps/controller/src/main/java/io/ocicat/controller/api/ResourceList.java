package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A list, or a page of one.
 *
 * @param items with their resourceVersions
 * @param revision the revision whose state this is
 * @param continueToken asks for the next page; empty on the last one
 * @param remaining how many objects come later; 0 if unknown
 */
public record ResourceList(
    List<ObjectNode> items, long revision, String continueToken, long remaining) {

  public ResourceList {
    items = List.copyOf(items);
  }
}
