package io.ocicat.controller.leases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ocicat.controller.ClusterSide;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.selector.Labels;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases blocks and takes them back. Safe for use by many threads; also several desks on one store
 * never lease a block twice.
 *
 * <p>Knows all leases from the store's events, which may be late: what it believes free is only
 * tried, and the store decides.
 */
public final class LeaseDesk {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

  private final Store store;
  private final DocumentStamp stamp;
  private final ClusterSide.Blocks blocks;
  private final ReentrantLock lock = new ReentrantLock();

  /** By document: two documents on one block are possible, if only by hand. */
  @GuardedBy("lock")
  private final Map<ResourceKey, Cidr> leases = new HashMap<>();

  @GuardedBy("lock")
  private final TreeSet<Cidr> leased = new TreeSet<>();

  public LeaseDesk(Store store, DocumentStamp stamp, ClusterSide.Blocks blocks) {
    this.store = store;
    this.stamp = stamp;
    this.blocks = blocks;
  }

  /** A BlockAffinity exists. */
  public void put(StoredObject affinity) {
    Optional<BlockAffinity> read = read(affinity);
    lock.lock();
    try {
      forget(affinity.key());
      read.ifPresent(
          lease -> {
            leases.put(affinity.key(), lease.cidr());
            leased.add(lease.cidr());
          });
    } finally {
      lock.unlock();
    }
  }

  /** A BlockAffinity is gone. */
  public void remove(ResourceKey key) {
    lock.lock();
    try {
      forget(key);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void forget(ResourceKey key) {
    Cidr old = leases.remove(key);
    if (old != null && !leases.containsValue(old)) {
      leased.remove(old);
    }
  }

  private static Optional<BlockAffinity> read(StoredObject affinity) {
    try {
      return Optional.of(BlockAffinity.read(affinity.tree()));
    } catch (UnreadableDocumentException e) {
      LOG.warn("lease {} is unreadable: {}", affinity.key(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Leases one more block to the node. */
  public BlockAnswer request(String node, BlockRequest request) {
    Optional<Node> document =
        store
            .get(ResourceKey.ofCluster(Kinds.NODE.name(), node))
            .map(object -> Node.read(object.tree()));
    Labels labels = document.map(Node::labels).orElse(Labels.EMPTY);
    List<IpAddress> addresses = document.map(Node::internalAddresses).orElse(List.of());
    List<IpPool> pools = pools();
    if (blocks == ClusterSide.Blocks.POD_CIDRS) {
      return beyondPodCidrs(document, request, pools);
    }
    while (true) {
      switch (plan(request, node, labels, pools)) {
        case LeasePlanner.Plan.Lease(var block, var pool) -> {
          if (lease(node, block)) {
            LOG.info("block {} of pool {} leased to node {}", block, pool, node);
            return new BlockAnswer.Leased(new SyncItem.Block(block, pool, node, addresses));
          }
        }
        case LeasePlanner.Plan.Exhausted(var names) -> {
          return new BlockAnswer.PoolExhausted(names);
        }
        case LeasePlanner.Plan.Disabled(var names) -> {
          return new BlockAnswer.PoolDisabled(names);
        }
        case LeasePlanner.Plan.NoPool(var names) -> {
          return new BlockAnswer.NoPoolForNode(names);
        }
      }
    }
  }

  /** A node has its podCIDRs without asking, and gets nothing else. */
  private static BlockAnswer beyondPodCidrs(
      Optional<Node> node, BlockRequest request, List<IpPool> pools) {
    List<String> names =
        pools.stream()
            .filter(pool -> pool.cidr().family() == request.family())
            .map(IpPool::name)
            .toList();
    boolean served =
        node.stream()
            .flatMap(each -> each.podCidrs().stream())
            .anyMatch(cidr -> cidr.family() == request.family());
    return served ? new BlockAnswer.PoolExhausted(names) : new BlockAnswer.NoPoolForNode(names);
  }

  private LeasePlanner.Plan plan(
      BlockRequest request, String node, Labels labels, List<IpPool> pools) {
    lock.lock();
    try {
      return LeasePlanner.plan(request, node, labels, pools, leased);
    } finally {
      lock.unlock();
    }
  }

  private List<IpPool> pools() {
    List<IpPool> pools = new ArrayList<>();
    for (StoredObject object : store.snapshot(Selection.of(Kinds.IP_POOL.name())).objects()) {
      try {
        pools.add(IpPool.read(object.tree()));
      } catch (UnreadableDocumentException e) {
        LOG.warn("pool {} is not used until it is corrected: {}", object.key(), e.getMessage());
      }
    }
    return pools;
  }

  /** {@code false} if somebody else was faster, which is then known. */
  private boolean lease(String node, Cidr block) {
    ResourceKey key = keyOf(block);
    ObjectNode document = BlockAffinity.of(node, block).document();
    stamp.created(document);
    return switch (store.create(key, document)) {
      case Written(var object) -> {
        put(object);
        yield true;
      }
      case AlreadyExists(var current) -> {
        put(current);
        yield false;
      }
    };
  }

  private static ResourceKey keyOf(Cidr block) {
    return ResourceKey.ofCluster(Kinds.BLOCK_AFFINITY.name(), BlockAffinity.nameFor(block));
  }

  /** Takes back a block that the node holds; the node vouches that no address in it is in use. */
  public ReleaseAnswer release(String node, Cidr block) {
    ResourceKey key = keyOf(block);
    while (true) {
      Optional<StoredObject> found = store.get(key);
      if (found.isEmpty()) {
        return new ReleaseAnswer.Released();
      }
      if (read(found.get()).filter(lease -> lease.node().equals(node)).isEmpty()) {
        return new ReleaseAnswer.NotLeased();
      }
      switch (store.delete(key, Expected.revision(found.get().revision()))) {
        case Written _ -> {
          remove(key);
          LOG.info("block {} released by node {}", block, node);
          return new ReleaseAnswer.Released();
        }
        case NotFound _, Conflict _ -> LOG.debug("lease {} changed while it was released", key);
      }
    }
  }
}
