package io.ocicat.policy;

/** A service account's namespace and name. */
public record AccountName(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
