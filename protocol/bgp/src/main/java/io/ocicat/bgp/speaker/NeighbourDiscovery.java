package io.ocicat.bgp.speaker;

import io.ocicat.inet.IpAddress;
import java.util.function.Consumer;

/** Finds the one neighbour on an interface, for sessions without a configured address. */
@FunctionalInterface
public interface NeighbourDiscovery {

  /** Finds nobody. */
  NeighbourDiscovery NONE = (_, _) -> () -> {};

  /**
   * Looks for the neighbour on an interface, which may not be there yet.
   *
   * @param found told its link-local address, on the loop's thread, and again when it is another
   * @return ends the search
   */
  Runnable watch(String device, Consumer<IpAddress> found);
}
