package io.ocicat.nft;

import java.util.List;

/** What became of bringing the kernel's table to what it should be. */
public sealed interface NftOutcome {
  /**
   * The kernel enforces the table.
   *
   * @param operations how many it took; 0 if nothing was to do
   * @param drifts what somebody else had changed and is right again
   */
  record InForce(int operations, List<Drift> drifts) implements NftOutcome {
    public InForce {
      drifts = List.copyOf(drifts);
    }
  }

  /**
   * The kernel enforces what it did before; worth trying again.
   *
   * @param reason a sentence for people: what was refused and what the kernel said
   * @param drifts what is known to differ
   */
  record Failed(String reason, List<Drift> drifts) implements NftOutcome {
    public Failed {
      drifts = List.copyOf(drifts);
    }
  }
}
