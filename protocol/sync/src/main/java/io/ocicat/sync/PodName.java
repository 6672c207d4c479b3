package io.ocicat.sync;

/** A pod's namespace and name. */
public record PodName(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
