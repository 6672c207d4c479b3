package io.ocicat.ipam;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.List;
import java.util.Set;

/** What an endpoint needs. */
public sealed interface AddressDemand {

  /**
   * One address of each family, from any block of the pools.
   *
   * @param pools names of the pools that may be used
   */
  record Any(Set<IpFamily> families, Set<String> pools) implements AddressDemand {
    public Any {
      families = Set.copyOf(families);
      pools = Set.copyOf(pools);
    }
  }

  /** Exactly these addresses, in this order. */
  record Exactly(List<IpAddress> addresses) implements AddressDemand {
    public Exactly {
      addresses = List.copyOf(addresses);
    }
  }
}
