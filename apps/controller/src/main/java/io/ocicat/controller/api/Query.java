package io.ocicat.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.api.select.FieldSelector;
import io.ocicat.model.ResourceKind;
import io.ocicat.selector.LabelSelector;
import io.ocicat.store.Selection;

/**
 * Which objects of a kind a list or a watch is about.
 *
 * @param kind their kind
 * @param namespace their namespace; empty for all
 * @param labels what their labels must be like
 * @param fields what their fields must be
 */
public record Query(
    ResourceKind kind, String namespace, LabelSelector labels, FieldSelector fields) {

  /** All objects of a kind, in all namespaces. */
  public static Query all(ResourceKind kind) {
    return new Query(kind, "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);
  }

  /** The same, in one namespace only. */
  public Query in(String inNamespace) {
    return new Query(kind, inNamespace, labels, fields);
  }

  boolean selectsAll() {
    return labels.selectsEverything() && fields.requirements().isEmpty();
  }

  boolean matches(ObjectNode document) {
    return fields.matches(document) && labels.matches(Metadata.of(document).labels());
  }

  Selection selection() {
    return Selection.of(kind.name()).in(namespace);
  }
}
