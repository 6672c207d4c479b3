package io.ocicat.store;

import io.ocicat.model.KindName;
import java.util.Set;

/**
 * Which objects a list or a watch is about.
 *
 * @param kinds the kinds; empty for all of them
 * @param namespace the namespace; empty for all of them and for kinds of cluster scope
 */
public record Selection(Set<KindName> kinds, String namespace) {
  /** Copies the set. */
  public Selection {
    kinds = Set.copyOf(kinds);
  }

  /** Everything. */
  public static Selection all() {
    return new Selection(Set.of(), "");
  }

  /** All objects of these kinds. */
  public static Selection of(KindName... kinds) {
    return new Selection(Set.of(kinds), "");
  }

  /** The same kinds, in one namespace only. */
  public Selection in(String namespace) {
    return new Selection(kinds, namespace);
  }

  /** Whether the object under this key is meant. */
  public boolean covers(ResourceKey key) {
    return (kinds.isEmpty() || kinds.contains(key.kind()))
        && (namespace.isEmpty() || namespace.equals(key.namespace()));
  }
}
