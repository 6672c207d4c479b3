package io.ocicat.sync;

import io.ocicat.inet.IpFamily;
import java.util.List;

/**
 * Asks for one more block.
 *
 * @param pools names of the pools that will do; empty: any
 */
public record BlockRequest(IpFamily family, List<String> pools) {

  public BlockRequest {
    pools = List.copyOf(pools);
  }
}
