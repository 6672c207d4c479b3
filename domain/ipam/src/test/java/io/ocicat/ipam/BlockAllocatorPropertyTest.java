package io.ocicat.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random histories; the seed is the number of the history. */
final class BlockAllocatorPropertyTest {

  private static final int HISTORIES = 300;
  private static final int STEPS = 200;
  private static final Set<String> POOLS = Set.of("p");
  private static final AddressDemand PAIR =
      new AddressDemand.Any(Set.of(IpFamily.IPV4, IpFamily.IPV6), POOLS);

  private static BlockAllocator withBlocks() {
    BlockAllocator allocator = new BlockAllocator();
    allocator.addBlock(new Block(Cidr.parse("10.0.0.0/29"), "p"));
    allocator.addBlock(new Block(Cidr.parse("10.0.1.0/30"), "p"));
    allocator.addBlock(new Block(Cidr.parse("fd00::/124"), "p"));
    return allocator;
  }

  @Test
  void neverGivesAnAddressTwiceAndUsesWhatWasFreedLastLast() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      Random random = new Random(seed);
      BlockAllocator allocator = withBlocks();
      List<List<IpAddress>> held = new ArrayList<>();
      Set<IpAddress> inUse = new HashSet<>();
      Map<IpAddress, Integer> freedAt = new HashMap<>();
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(100) < 55) {
          switch (allocator.allocate(PAIR)) {
            case AllocateResult.Allocated(List<IpAddress> pair) -> {
              assertThat(pair).as("seed %d", seed).hasSize(2);
              for (IpAddress address : pair) {
                assertThat(inUse.add(address)).as("seed %d: %s", seed, address).isTrue();
                assertOldestOfItsFamily(address, freedAt, allocator, seed);
                freedAt.remove(address);
              }
              held.add(pair);
            }
            case AllocateResult.NeedsBlock(IpFamily family) ->
                assertThat(allocator.freeCount(family, POOLS)).isZero();
            case AllocateResult.InUse _, AllocateResult.NotOwned _ ->
                throw new AssertionError("nothing was demanded by address");
          }
        } else if (!held.isEmpty()) {
          List<IpAddress> pair = held.remove(random.nextInt(held.size()));
          for (IpAddress address : pair) {
            allocator.free(address);
            inUse.remove(address);
            freedAt.put(address, step);
          }
        }
      }
    }
  }

  /** An address that was given back is given only when no fresh one and no older one is left. */
  private static void assertOldestOfItsFamily(
      IpAddress given, Map<IpAddress, Integer> freedAt, BlockAllocator allocator, int seed) {
    Integer when = freedAt.get(given);
    if (when == null) {
      return;
    }
    freedAt.forEach(
        (other, at) -> {
          if (other.family() == given.family()) {
            assertThat(at)
                .as("seed %d: %s before %s", seed, given, other)
                .isGreaterThanOrEqualTo(when);
          }
        });
    long freedOfFamily =
        allocator.freedOrder().stream().filter(a -> a.family() == given.family()).count();
    assertThat(allocator.freeCount(given.family(), POOLS)).isEqualTo(freedOfFamily);
  }

  @Test
  void restoredFromUseAndOrderItGivesTheSameAddresses() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      Random random = new Random(seed);
      BlockAllocator original = withBlocks();
      List<IpAddress> held = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        if (random.nextBoolean()
            && original.allocate(PAIR) instanceof AllocateResult.Allocated(List<IpAddress> pair)) {
          held.addAll(pair);
        } else if (!held.isEmpty()) {
          original.free(held.remove(random.nextInt(held.size())));
        }
      }
      BlockAllocator restored = withBlocks();
      held.forEach(restored::claim);
      restored.restoreFreedOrder(original.freedOrder());
      for (int i = 0; i < 40; i++) {
        assertThat(restored.allocate(PAIR)).as("seed %d", seed).isEqualTo(original.allocate(PAIR));
      }
    }
  }
}
