package io.ocicat.agent.node;

import io.ocicat.inet.IpFamily;
import io.ocicat.model.IpPool;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The address pools as they bear on allocation. */
public record PoolView(List<IpPool> pools) {

  public static final PoolView EMPTY = new PoolView(List.of());

  public PoolView {
    pools = List.copyOf(pools);
  }

  static PoolView of(Collection<IpPool> pools) {
    return new PoolView(List.copyOf(pools));
  }

  /** Families of which there is a pool, whatever its state. */
  public Set<IpFamily> families() {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    pools.forEach(pool -> families.add(pool.cidr().family()));
    return families;
  }

  /** Names of the pools whose blocks addresses may come from. */
  public Set<String> usable() {
    return pools.stream()
        .filter(IpPool::isAllocatable)
        .map(IpPool::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** {@code true} if addresses of the family may come from some pool. */
  public boolean isUsable(IpFamily family) {
    return pools.stream().anyMatch(pool -> pool.isAllocatable() && pool.cidr().family() == family);
  }
}
