package io.ocicat.bfd;

/**
 * A session has changed to {@code now}.
 *
 * @param before the same as {@code now} where only the peer's wish is new
 * @param diagnostic why it left Up last
 * @param switchedOff the peer is administratively down: no sign of a failure (RFC 5882 §4.2)
 * @param independent the peer's BFD does not share the fate of its control plane (its C bit)
 */
public record BfdVerdict(
    BfdPeer peer,
    BfdState before,
    BfdState now,
    BfdDiagnostic diagnostic,
    boolean switchedOff,
    boolean independent) {

  /** Whether the peer was reached until now, and did not leave on purpose. */
  public boolean isLoss() {
    return before == BfdState.UP && !switchedOff;
  }
}
