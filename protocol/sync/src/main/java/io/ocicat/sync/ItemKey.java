package io.ocicat.sync;

import java.util.Comparator;

/**
 * Names one item of the table.
 *
 * @param namespace empty for kinds without one
 * @param name for a block its CIDR, for a group its id, for a policy or a document about BGP its
 *     kind and name, for a password its Secret and the key in it
 */
public record ItemKey(Kind kind, String namespace, String name) implements Comparable<ItemKey> {

  private static final Comparator<ItemKey> ORDER =
      Comparator.comparing(ItemKey::kind)
          .thenComparing(ItemKey::namespace)
          .thenComparing(ItemKey::name);

  /** The kinds of item. */
  public enum Kind {
    POLICY,
    POOL,
    NAMESPACE,
    POD,
    BLOCK,
    GROUP,
    CLUSTER,
    TIER,
    INSPECTION,
    HOST_ENDPOINT,
    CONFIGURATION,
    ROUTING,
    NODE,
    SERVICE,
    PASSWORD,
    STATUS_REQUEST
  }

  /** The key of what holds for the whole cluster. */
  public static final ItemKey CLUSTER = new ItemKey(Kind.CLUSTER, "", "");

  /** The key of a policy. */
  public static ItemKey policy(String kind, String namespace, String name) {
    return new ItemKey(Kind.POLICY, namespace, kind + "/" + name);
  }

  /** The key of a document about BGP. */
  public static ItemKey routing(String kind, String name) {
    return new ItemKey(Kind.ROUTING, "", kind + "/" + name);
  }

  /** The key of the address group with that id. */
  public static ItemKey group(String id) {
    return new ItemKey(Kind.GROUP, "", id);
  }

  @Override
  public int compareTo(ItemKey other) {
    return ORDER.compare(this, other);
  }
}
