package io.ocicat.controller.index;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.store.ResourceKey;
import io.ocicat.sync.SyncItem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Joins leases with the nodes' addresses and the pools' names. Should two documents lease one
 * block, the first by name counts, everywhere.
 */
final class Routes {

  /** More than that of a block nobody would use, and agents keep a list of all of its addresses. */
  private static final int MOST_HOST_BITS = 16;

  private final boolean podCidrs;

  private final Map<ResourceKey, BlockAffinity> affinities = new HashMap<>();
  private final Map<Cidr, TreeMap<ResourceKey, BlockAffinity>> byBlock = new HashMap<>();
  private final Map<String, Set<Cidr>> byNode = new HashMap<>();
  private final Map<String, List<IpAddress>> nodeAddresses = new HashMap<>();
  private final Map<String, IpPool> pools = new TreeMap<>();
  private final Map<String, Set<ResourceKey>> ofPodCidrs = new HashMap<>();
  private final Set<Cidr> changed = new HashSet<>();

  /**
   * @param podCidrs whether nodes' podCIDRs count as leases
   */
  Routes(boolean podCidrs) {
    this.podCidrs = podCidrs;
  }

  void put(ResourceKey key, BlockAffinity affinity) {
    remove(key);
    affinities.put(key, affinity);
    byBlock.computeIfAbsent(affinity.cidr(), _ -> new TreeMap<>()).put(key, affinity);
    byNode.computeIfAbsent(affinity.node(), _ -> new HashSet<>()).add(affinity.cidr());
    changed.add(affinity.cidr());
  }

  void remove(ResourceKey key) {
    BlockAffinity old = affinities.remove(key);
    if (old == null) {
      return;
    }
    changed.add(old.cidr());
    TreeMap<ResourceKey, BlockAffinity> claims = byBlock.get(old.cidr());
    if (claims != null) {
      claims.remove(key);
      if (claims.isEmpty()) {
        byBlock.remove(old.cidr());
      }
    }
    Set<Cidr> blocks = byNode.get(old.node());
    if (blocks != null) {
      blocks.remove(old.cidr());
      if (blocks.isEmpty()) {
        byNode.remove(old.node());
      }
    }
  }

  void putNode(Node node) {
    List<IpAddress> before = nodeAddresses.put(node.name(), node.internalAddresses());
    if (!node.internalAddresses().equals(before)) {
      changed.addAll(byNode.getOrDefault(node.name(), Set.of()));
    }
    if (podCidrs) {
      putPodCidrs(node);
    }
  }

  private void putPodCidrs(Node node) {
    Map<ResourceKey, BlockAffinity> wanted = new HashMap<>();
    for (Cidr cidr : node.podCidrs()) {
      Cidr block =
          new Cidr(
              cidr.address(), Math.max(cidr.prefixLength(), cidr.family().bits() - MOST_HOST_BITS));
      wanted.put(
          ResourceKey.ofCluster(Kinds.NODE.name(), node.name() + "/" + block),
          BlockAffinity.of(node.name(), block));
    }
    Set<ResourceKey> before = ofPodCidrs.getOrDefault(node.name(), Set.of());
    before.stream().filter(key -> !wanted.containsKey(key)).forEach(this::remove);
    wanted.forEach(
        (key, affinity) -> {
          if (!before.contains(key)) {
            put(key, affinity);
          }
        });
    ofPodCidrs.put(node.name(), Set.copyOf(wanted.keySet()));
  }

  void removeNode(String name) {
    Set<ResourceKey> blocks = ofPodCidrs.remove(name);
    if (blocks != null) {
      blocks.forEach(this::remove);
    }
    if (nodeAddresses.remove(name) != null) {
      changed.addAll(byNode.getOrDefault(name, Set.of()));
    }
  }

  void putPool(IpPool pool) {
    IpPool before = pools.put(pool.name(), pool);
    if (before == null || !before.cidr().equals(pool.cidr())) {
      changed.addAll(byBlock.keySet());
    }
  }

  void removePool(String name) {
    if (pools.remove(name) != null) {
      changed.addAll(byBlock.keySet());
    }
  }

  /** Blocks whose item may have changed since the last call. */
  Set<Cidr> drainChanged() {
    Set<Cidr> drained = Set.copyOf(changed);
    changed.clear();
    return drained;
  }

  Optional<SyncItem> item(Cidr block) {
    TreeMap<ResourceKey, BlockAffinity> claims = byBlock.get(block);
    if (claims == null) {
      return Optional.empty();
    }
    String node = claims.firstEntry().getValue().node();
    String pool =
        pools.values().stream()
            .filter(each -> each.cidr().contains(block))
            .map(IpPool::name)
            .findFirst()
            .orElse("");
    return Optional.of(
        new SyncItem.Block(block, pool, node, nodeAddresses.getOrDefault(node, List.of())));
  }
}
