package io.ocicat.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of resource as API discovery describes it.
 *
 * @param name group and plural name
 * @param version the one version that is served and stored, e.g. {@code v1}
 * @param kind the kind as documents spell it, e.g. {@code NetworkPolicy}
 * @param singular the singular name in lower case
 * @param shortNames further names that users type
 * @param scope whether the objects live in a namespace
 * @param categories names of groups of kinds that users type, e.g. {@code all}
 * @param subresources names of the subresources, e.g. {@code status}
 */
public record ResourceKind(
    KindName name,
    String version,
    String kind,
    String singular,
    List<String> shortNames,
    Scope scope,
    List<String> categories,
    List<String> subresources) {

  /** Copies the lists. */
  public ResourceKind {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    subresources = List.copyOf(subresources);
  }

  /** The API group; empty for the core group. */
  public String group() {
    return name.group();
  }

  /** The plural name as it stands in URLs. */
  public String plural() {
    return name.plural();
  }

  /** {@code group/version}, or the version alone for the core group. */
  public String apiVersion() {
    return group().isEmpty() ? version : group() + "/" + version;
  }

  /** The kind of a list of these, e.g. {@code NetworkPolicyList}. */
  public String listKind() {
    return kind + "List";
  }

  /** Whether the objects live in a namespace. */
  public boolean namespaced() {
    return scope == Scope.NAMESPACED;
  }

  /** Whether status is written through a subresource of its own. */
  public boolean hasStatus() {
    return subresources.contains("status");
  }

  /** Whether the word, in any case, is one of the names users may type for this kind. */
  public boolean isCalled(String word) {
    String qualifiedSingular = group().isEmpty() ? singular : singular + "." + group();
    return Stream.concat(
            Stream.of(plural(), singular, name.toString(), qualifiedSingular, kind),
            shortNames.stream())
        .anyMatch(word::equalsIgnoreCase);
  }
}
