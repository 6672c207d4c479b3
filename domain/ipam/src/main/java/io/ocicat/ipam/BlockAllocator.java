package io.ocicat.ipam;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The addresses of a node's blocks: who is free, and in which order they are given.
 *
 * <p>Never used addresses come first, block by block in ascending order; then those given back, the
 * longest free first. Owned by one thread, or guarded by its owner's lock.
 */
public final class BlockAllocator {

  private final Map<Cidr, Block> blocks = new TreeMap<>();

  /** Never used since the block was added, in the order to give. */
  private final Map<IpAddress, Block> fresh = new LinkedHashMap<>();

  /** Given back, the longest free first. Addresses outside the blocks wait here for theirs. */
  private final Set<IpAddress> freed = new LinkedHashSet<>();

  private final Set<IpAddress> used = new HashSet<>();

  /** Adds a block; one that is already there changes nothing. */
  public void addBlock(Block block) {
    if (blocks.putIfAbsent(block.cidr(), block) != null) {
      return;
    }
    IpAddress address = block.cidr().address();
    for (int i = 0; i < block.size(); i++, address = address.plus(1)) {
      if (!used.contains(address) && !freed.contains(address)) {
        fresh.put(address, block);
      }
    }
  }

  /** Takes a block away. Its used addresses stay used until they are given back. */
  public void removeBlock(Cidr cidr) {
    if (blocks.remove(cidr) != null) {
      fresh.keySet().removeIf(cidr::contains);
    }
  }

  public List<Block> blocks() {
    return List.copyOf(blocks.values());
  }

  /** Takes addresses, all or none. */
  public AllocateResult allocate(AddressDemand demand) {
    AllocateResult result =
        switch (demand) {
          case AddressDemand.Any(Set<IpFamily> families, Set<String> pools) ->
              chooseAny(families, pools);
          case AddressDemand.Exactly(List<IpAddress> addresses) -> judge(addresses);
        };
    if (result instanceof AllocateResult.Allocated(List<IpAddress> addresses)) {
      addresses.forEach(this::claim);
    }
    return result;
  }

  private AllocateResult chooseAny(Set<IpFamily> families, Set<String> pools) {
    List<IpAddress> chosen = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (families.contains(family)) {
        List<IpAddress> first = free(family, pools).limit(1).toList();
        if (first.isEmpty()) {
          return new AllocateResult.NeedsBlock(family);
        }
        chosen.addAll(first);
      }
    }
    return new AllocateResult.Allocated(chosen);
  }

  private AllocateResult judge(List<IpAddress> addresses) {
    for (IpAddress address : addresses) {
      if (used.contains(address)) {
        return new AllocateResult.InUse(address);
      }
      if (!isOwned(address)) {
        return new AllocateResult.NotOwned(address);
      }
    }
    return new AllocateResult.Allocated(addresses);
  }

  private Stream<IpAddress> free(IpFamily family, Set<String> pools) {
    Map<Cidr, Block> usable = new HashMap<>();
    blocks.values().stream()
        .filter(block -> block.cidr().family() == family && pools.contains(block.pool()))
        .forEach(block -> usable.put(block.cidr(), block));
    return Stream.concat(
        fresh.entrySet().stream()
            .filter(entry -> usable.containsKey(entry.getValue().cidr()))
            .map(Map.Entry::getKey),
        freed.stream()
            .filter(address -> usable.keySet().stream().anyMatch(cidr -> cidr.contains(address))));
  }

  private boolean isOwned(IpAddress address) {
    return blocks.keySet().stream().anyMatch(cidr -> cidr.contains(address));
  }

  /** How many addresses a demand could still take. */
  public long freeCount(IpFamily family, Set<String> pools) {
    return free(family, pools).count();
  }

  /** Marks an address as used, whatever it was: an owner is known to have it. */
  public void claim(IpAddress address) {
    fresh.remove(address);
    freed.remove(address);
    used.add(address);
  }

  /** Gives an address back; it is the last to be used again. One that is free stays where it is. */
  public void free(IpAddress address) {
    if (used.remove(address)) {
      freed.add(address);
    }
  }

  public boolean isUsed(IpAddress address) {
    return used.contains(address);
  }

  /** {@code true} if no address of the block has an owner. */
  public boolean isUnused(Cidr block) {
    return used.stream().noneMatch(block::contains);
  }

  /** The addresses given back, the longest free first. */
  public List<IpAddress> freedOrder() {
    return List.copyOf(freed);
  }

  /** Restores what {@link #freedOrder} said; they come after all that were given back so far. */
  public void restoreFreedOrder(Collection<IpAddress> addresses) {
    for (IpAddress address : addresses) {
      if (!used.contains(address)) {
        fresh.remove(address);
        freed.add(address);
      }
    }
  }
}
