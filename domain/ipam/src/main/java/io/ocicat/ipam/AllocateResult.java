package io.ocicat.ipam;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.List;

/** What came of a demand. Unless it is {@link Allocated}, nothing has changed. */
public sealed interface AllocateResult {

  /**
   * @param addresses IPv4 before IPv6, or in the order demanded
   */
  record Allocated(List<IpAddress> addresses) implements AllocateResult {
    public Allocated {
      addresses = List.copyOf(addresses);
    }
  }

  /** No usable block has a free address of this family; another block may help. */
  record NeedsBlock(IpFamily family) implements AllocateResult {}

  /** A demanded address has an owner. */
  record InUse(IpAddress address) implements AllocateResult {}

  /** A demanded address is in no block of this node. */
  record NotOwned(IpAddress address) implements AllocateResult {}
}
