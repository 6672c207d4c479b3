package io.ocicat.controller.api;

import io.ocicat.model.ResourceKind;
import io.ocicat.store.ResourceKey;

/**
 * The object that a request is about.
 *
 * @param kind its kind
 * @param namespace its namespace; empty for kinds of cluster scope
 * @param name its name
 * @param status whether the request is about the object's status alone
 */
public record Target(ResourceKind kind, String namespace, String name, boolean status) {

  /** The object as a whole. */
  public static Target of(ResourceKind kind, String namespace, String name) {
    return new Target(kind, namespace, name, false);
  }

  /** The status of an object. */
  public static Target statusOf(ResourceKind kind, String namespace, String name) {
    return new Target(kind, namespace, name, true);
  }

  /** Where the object is stored. */
  public ResourceKey key() {
    return new ResourceKey(kind.name(), namespace, name);
  }

  /** How a status names it. */
  ApiStatus.Subject subject() {
    return new ApiStatus.Subject(kind.group(), kind.plural(), name);
  }

  /** How a status names it when the object is wrong in itself. */
  ApiStatus.Subject invalidSubject() {
    return new ApiStatus.Subject(kind.group(), kind.kind(), name);
  }
}
