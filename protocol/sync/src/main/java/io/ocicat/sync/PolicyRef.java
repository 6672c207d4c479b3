package io.ocicat.sync;

/**
 * Names a policy.
 *
 * @param kind with its group where another has the same name: {@code
 *     NetworkPolicy.projectcalico.org}
 * @param namespace empty for kinds without one
 */
public record PolicyRef(String kind, String namespace, String name) {

  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
