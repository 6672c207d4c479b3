package io.ocicat.bfd;

/**
 * A session has changed to {@code now}.
 *
 * @param diagnostic why it left Up last
 */
public record BfdVerdict(BfdPeer peer, BfdState before, BfdState now, BfdDiagnostic diagnostic) {

  /** Whether the peer was reached until now. */
  public boolean isLoss() {
    return before == BfdState.UP;
  }
}
