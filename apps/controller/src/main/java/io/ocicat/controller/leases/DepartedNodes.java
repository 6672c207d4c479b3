package io.ocicat.controller.leases;

import io.ocicat.inet.Cidr;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.Kinds;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds nodes that left something behind: they have leases or endpoints, but no Node document and
 * no connected agent, and this for a while, which covers a node that is about to say hello. For one
 * thread.
 */
public final class DepartedNodes {

  /** How long a node has to be missing. */
  public static final Duration GRACE = Duration.ofSeconds(60);

  private final Set<String> documented = new HashSet<>();
  private final Map<ResourceKey, String> nodeOf = new HashMap<>();
  private final Map<ResourceKey, Cidr> blockOf = new HashMap<>();
  private final Map<String, Set<ResourceKey>> leftovers = new HashMap<>();
  private final Map<String, Long> missingSinceNs = new HashMap<>();

  /** A document exists or changed. */
  public void put(StoredObject object) {
    ResourceKey key = object.key();
    if (key.kind().equals(Kinds.NODE.name())) {
      documented.add(key.name());
      missingSinceNs.remove(key.name());
      return;
    }
    try {
      if (key.kind().equals(Kinds.WORKLOAD_ENDPOINT.name())) {
        file(key, WorkloadEndpoint.read(object.tree()).workload().node());
      } else if (key.kind().equals(Kinds.BLOCK_AFFINITY.name())) {
        BlockAffinity lease = BlockAffinity.read(object.tree());
        file(key, lease.node());
        blockOf.put(key, lease.cidr());
      }
    } catch (UnreadableDocumentException e) {
      remove(key);
    }
  }

  private void file(ResourceKey key, String node) {
    remove(key);
    nodeOf.put(key, node);
    leftovers.computeIfAbsent(node, _ -> new HashSet<>()).add(key);
  }

  /** A document is gone. */
  public void remove(ResourceKey key) {
    if (key.kind().equals(Kinds.NODE.name())) {
      documented.remove(key.name());
      return;
    }
    blockOf.remove(key);
    String node = nodeOf.remove(key);
    if (node != null) {
      leftovers.computeIfPresent(
          node,
          (_, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  /**
   * Nodes that have been missing long enough, with the blocks they held; asked again, it names them
   * again only after another while.
   */
  public Map<String, List<Cidr>> due(Predicate<String> connected, long nowNs) {
    Map<String, List<Cidr>> due = new TreeMap<>();
    missingSinceNs.keySet().retainAll(leftovers.keySet());
    for (Map.Entry<String, Set<ResourceKey>> entry : leftovers.entrySet()) {
      String node = entry.getKey();
      if (documented.contains(node) || connected.test(node)) {
        missingSinceNs.remove(node);
      } else if (nowNs - missingSinceNs.computeIfAbsent(node, _ -> nowNs) >= GRACE.toNanos()) {
        missingSinceNs.put(node, nowNs);
        due.put(
            node,
            entry.getValue().stream()
                .flatMap(key -> Optional.ofNullable(blockOf.get(key)).stream())
                .sorted()
                .toList());
      }
    }
    return due;
  }
}
