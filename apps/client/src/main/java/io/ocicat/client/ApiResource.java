package io.ocicat.client;

import java.util.List;
import java.util.Locale;

/**
 * A kind as the server's discovery describes it.
 *
 * @param group the API group, empty for the core one
 * @param version such as {@code v1}
 * @param plural the name in paths
 * @param singular the name for people
 * @param kind the kind
 * @param namespaced whether its objects live in namespaces
 * @param shortNames such as {@code po}
 */
public record ApiResource(
    String group,
    String version,
    String plural,
    String singular,
    String kind,
    boolean namespaced,
    List<String> shortNames) {

  /** Copies the lists. */
  public ApiResource {
    shortNames = List.copyOf(shortNames);
  }

  /** {@code v1} or {@code networking.k8s.io/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /**
   * {@code pod} or {@code networkpolicy.networking.k8s.io}: what kubectl prints before the slash.
   */
  public String printedKind() {
    return group.isEmpty() ? singular : singular + "." + group;
  }

  /** Whether a person means this kind by {@code name}, in lower case. */
  boolean isCalled(String name) {
    if (List.of(plural, singular, kind.toLowerCase(Locale.ROOT)).contains(name)
        || shortNames.contains(name)) {
      return true;
    }
    return !group.isEmpty() && (name.equals(plural + "." + group) || name.equals(printedKind()));
  }

  /** The path of the collection in {@code namespace}; in all namespaces if it is empty. */
  public String collectionPath(String namespace) {
    String base = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    return namespaced && !namespace.isEmpty()
        ? base + "/namespaces/" + namespace + "/" + plural
        : base + "/" + plural;
  }

  /** The path of one object; {@code namespace} is ignored for kinds that have none. */
  public String objectPath(String namespace, String name) {
    return collectionPath(namespace) + "/" + name;
  }
}
