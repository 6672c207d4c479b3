package io.ocicat.controller.leases;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.IpPool;
import io.ocicat.selector.Labels;
import io.ocicat.sync.BlockRequest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/** Chooses the block that a node gets. Pure. */
public final class LeasePlanner {

  private LeasePlanner() {}

  /** What is to be done about a request. */
  public sealed interface Plan {

    /** Lease this block. */
    record Lease(Cidr block, String pool) implements Plan {}

    /** No block is free in the pools that the node may use. */
    record Exhausted(List<String> pools) implements Plan {}

    /** Those that select the node are disabled. */
    record Disabled(List<String> pools) implements Plan {}

    /** No pool of this family that was asked for selects the node. */
    record NoPool(List<String> pools) implements Plan {}
  }

  /**
   * @param node its name, from which the place to begin looking follows, so that nodes seldom try
   *     for the same block
   * @param pools all pools
   * @param leased all leased blocks, none of which overlap
   */
  public static Plan plan(
      BlockRequest request,
      String node,
      Labels nodeLabels,
      Collection<IpPool> pools,
      NavigableSet<Cidr> leased) {
    List<IpPool> ofFamily =
        pools.stream()
            .filter(pool -> pool.cidr().family() == request.family() && isAskedFor(pool, request))
            .sorted(Comparator.comparing(IpPool::name))
            .toList();
    List<IpPool> selecting =
        ofFamily.stream().filter(pool -> pool.nodeSelector().matches(nodeLabels)).toList();
    if (selecting.isEmpty()) {
      return new Plan.NoPool(names(ofFamily));
    }
    List<IpPool> enabled =
        selecting.stream()
            .filter(pool -> !pool.disabled() && !pool.metadata().isDeleting())
            .toList();
    if (enabled.isEmpty()) {
      return new Plan.Disabled(names(selecting));
    }
    for (IpPool pool : enabled) {
      BlockSpace space = BlockSpace.of(pool);
      if (space.count() > 0) {
        Optional<Cidr> free = space.firstFree(start(node, pool, space.count()), leased);
        if (free.isPresent()) {
          return new Plan.Lease(free.get(), pool.name());
        }
      }
    }
    return new Plan.Exhausted(names(enabled));
  }

  private static boolean isAskedFor(IpPool pool, BlockRequest request) {
    return pool.allowedUses().contains(IpPool.Use.WORKLOAD)
        && (request.pools().isEmpty()
            ? pool.assignmentMode() == IpPool.AssignmentMode.AUTOMATIC
            : request.pools().contains(pool.name()));
  }

  private static List<String> names(List<IpPool> pools) {
    return pools.stream().map(IpPool::name).toList();
  }

  /** Within the first 65,536 blocks: large IPv6 pools stay readable. */
  private static long start(String node, IpPool pool, long count) {
    int hash = 31 * node.hashCode() + pool.name().hashCode();
    hash ^= hash >>> 16;
    hash *= 0x85eb_ca6b;
    hash ^= hash >>> 13;
    long range = pool.cidr().family() == IpFamily.IPV4 ? count : Math.min(count, 1 << 16);
    return Math.floorMod((long) hash, range);
  }
}
