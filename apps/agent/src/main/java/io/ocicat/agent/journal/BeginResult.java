package io.ocicat.agent.journal;

import io.ocicat.ipam.AllocateResult;

/** What came of beginning an ADD. */
public sealed interface BeginResult {

  /** The intent is recorded with the addresses it got. */
  record Begun(EndpointRecord endpoint) implements BeginResult {}

  /**
   * No addresses; nothing is recorded.
   *
   * @param reason anything but {@link AllocateResult.Allocated}
   */
  record NoAddress(AllocateResult reason) implements BeginResult {}
}
