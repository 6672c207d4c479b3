package io.ocicat.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BlockAllocatorTest {

  private static final Set<IpFamily> BOTH = Set.of(IpFamily.IPV4, IpFamily.IPV6);
  private static final AddressDemand V4 =
      new AddressDemand.Any(Set.of(IpFamily.IPV4), Set.of("four"));

  private final BlockAllocator allocator = new BlockAllocator();

  private static Block block(String cidr, String pool) {
    return new Block(Cidr.parse(cidr), pool);
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  private IpAddress take() {
    return ((AllocateResult.Allocated) allocator.allocate(V4)).addresses().getFirst();
  }

  @Test
  void usesFirstAndLastAddressOfABlock() {
    allocator.addBlock(block("10.0.0.0/30", "four"));
    assertThat(List.of(take(), take(), take(), take()))
        .containsExactly(ip("10.0.0.0"), ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.3"));
    assertThat(allocator.allocate(V4)).isEqualTo(new AllocateResult.NeedsBlock(IpFamily.IPV4));
  }

  @Test
  void givesAPairOfBothFamiliesOrNothing() {
    allocator.addBlock(block("10.0.0.0/30", "four"));
    AddressDemand pair = new AddressDemand.Any(BOTH, Set.of("four", "six"));
    assertThat(allocator.allocate(pair)).isEqualTo(new AllocateResult.NeedsBlock(IpFamily.IPV6));
    assertThat(allocator.isUsed(ip("10.0.0.0"))).isFalse();
    allocator.addBlock(block("fd00::40/122", "six"));
    assertThat(allocator.allocate(pair))
        .isEqualTo(new AllocateResult.Allocated(List.of(ip("10.0.0.0"), ip("fd00::40"))));
  }

  @Test
  void usesAnAddressGivenBackAfterAllOthersAlsoOfALaterBlock() {
    allocator.addBlock(block("10.0.0.0/31", "four"));
    IpAddress first = take();
    allocator.free(first);
    allocator.addBlock(block("10.0.0.8/31", "four"));
    assertThat(List.of(take(), take(), take(), take()))
        .containsExactly(ip("10.0.0.1"), ip("10.0.0.8"), ip("10.0.0.9"), first);
  }

  @Test
  void takesOnlyFromPoolsThatMayBeUsed() {
    allocator.addBlock(block("10.0.0.0/31", "old"));
    assertThat(allocator.allocate(V4)).isEqualTo(new AllocateResult.NeedsBlock(IpFamily.IPV4));
    assertThat(allocator.freeCount(IpFamily.IPV4, Set.of("four"))).isZero();
    assertThat(allocator.freeCount(IpFamily.IPV4, Set.of("old"))).isEqualTo(2);
  }

  @Test
  void givesDemandedAddressesOnce() {
    allocator.addBlock(block("10.0.0.0/30", "four"));
    AddressDemand demand = new AddressDemand.Exactly(List.of(ip("10.0.0.2")));
    assertThat(allocator.allocate(demand))
        .isEqualTo(new AllocateResult.Allocated(List.of(ip("10.0.0.2"))));
    assertThat(allocator.allocate(demand)).isEqualTo(new AllocateResult.InUse(ip("10.0.0.2")));
    assertThat(allocator.allocate(new AddressDemand.Exactly(List.of(ip("10.0.1.2")))))
        .isEqualTo(new AllocateResult.NotOwned(ip("10.0.1.2")));
    assertThat(new HashSet<>(List.of(take(), take(), take()))).doesNotContain(ip("10.0.0.2"));
  }

  @Test
  void remembersOwnersOfAddressesWhoseBlockComesLater() {
    allocator.claim(ip("10.0.0.0"));
    allocator.addBlock(block("10.0.0.0/31", "four"));
    assertThat(take()).isEqualTo(ip("10.0.0.1"));
    allocator.removeBlock(Cidr.parse("10.0.0.0/31"));
    assertThat(allocator.allocate(V4)).isInstanceOf(AllocateResult.NeedsBlock.class);
    assertThat(allocator.isUnused(Cidr.parse("10.0.0.0/31"))).isFalse();
    allocator.free(ip("10.0.0.0"));
    allocator.free(ip("10.0.0.1"));
    assertThat(allocator.allocate(V4)).isInstanceOf(AllocateResult.NeedsBlock.class);
    allocator.addBlock(block("10.0.0.0/31", "four"));
    assertThat(take()).isEqualTo(ip("10.0.0.0"));
  }

  @Test
  void refusesBlocksTooLargeToList() {
    assertThatThrownBy(() -> block("fd00::/64", "six")).hasMessageContaining("fd00::/64");
  }
}
