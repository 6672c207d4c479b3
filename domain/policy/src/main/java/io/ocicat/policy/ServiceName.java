package io.ocicat.policy;

/** A Service's namespace and name. */
public record ServiceName(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
