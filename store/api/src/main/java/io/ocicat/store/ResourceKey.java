package io.ocicat.store;

import io.ocicat.model.KindName;
import java.util.Comparator;

/**
 * Where a document is stored.
 *
 * <p>The order is that of lists: group, plural, namespace, name, each by UTF-16 code units.
 *
 * @param kind group and plural name of the resource
 * @param namespace the namespace; empty for kinds of cluster scope
 * @param name the object's name; not empty
 */
public record ResourceKey(KindName kind, String namespace, String name)
    implements Comparable<ResourceKey> {
  private static final Comparator<ResourceKey> ORDER =
      Comparator.comparing(ResourceKey::kind)
          .thenComparing(ResourceKey::namespace)
          .thenComparing(ResourceKey::name);

  /** Requires a name. */
  public ResourceKey {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a key for " + kind + " needs a name");
    }
  }

  /** The key of an object that belongs to no namespace. */
  public static ResourceKey ofCluster(KindName kind, String name) {
    return new ResourceKey(kind, "", name);
  }

  @Override
  public int compareTo(ResourceKey other) {
    return ORDER.compare(this, other);
  }

  /** {@code pods/default/web}, or {@code nodes/node-1}. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? kind + "/" + name : kind + "/" + namespace + "/" + name;
  }
}
