package io.ocicat.sync;

/**
 * Names a policy.
 *
 * @param kind with its group where another has the same name: {@code
 *     NetworkPolicy.projectcalico.org}
 * @param namespace empty for kinds without one
 */
public record PolicyRef(String kind, String namespace, String name) {

  /** In place of a policy where there is none. */
  public static final PolicyRef NONE = new PolicyRef("", "", "");

  public boolean isNone() {
    return equals(NONE);
  }
}
