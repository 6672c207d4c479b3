package io.ocicat.bfd;

import java.util.Optional;

/**
 * A session as it is.
 *
 * @param downs how often it left Up
 * @param problem why nothing can be sent; empty if it can
 */
public record BfdStatus(
    BfdPeer peer,
    BfdState state,
    BfdState remoteState,
    int localDiscriminator,
    int remoteDiscriminator,
    Timing timing,
    long sent,
    long received,
    long downs,
    Optional<String> problem) {

  /**
   * What is in force.
   *
   * @param txIntervalMicros between packets that we send, before jitter
   * @param detectionTimeMicros after how long a silence the peer is given up; 0 while nothing was
   *     heard
   */
  public record Timing(
      long txIntervalMicros, long detectionTimeMicros, BfdDiagnostic local, BfdDiagnostic remote) {}
}
