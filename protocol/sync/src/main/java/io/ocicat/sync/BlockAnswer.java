package io.ocicat.sync;

import java.util.List;

/** What a controller answers to a request for a block. */
public sealed interface BlockAnswer {

  /** The block is this node's until it releases it. */
  record Leased(SyncItem.Block block) implements BlockAnswer {}

  /** Every block of the pools that this node may use is leased. */
  record PoolExhausted(List<String> pools) implements BlockAnswer {
    public PoolExhausted {
      pools = List.copyOf(pools);
    }
  }

  /** Pools select this node, but all of them are disabled. */
  record PoolDisabled(List<String> pools) implements BlockAnswer {
    public PoolDisabled {
      pools = List.copyOf(pools);
    }
  }

  /**
   * No pool of the family, or among those asked for, selects this node.
   *
   * @param pools those of the family that exist
   */
  record NoPoolForNode(List<String> pools) implements BlockAnswer {
    public NoPoolForNode {
      pools = List.copyOf(pools);
    }
  }

  /** The controller could not be asked. */
  record Unavailable(String reason) implements BlockAnswer {}
}
