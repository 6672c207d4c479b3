package io.ocicat.lab.traffic;

import java.time.Duration;

/**
 * What a probe found.
 *
 * @param verdict what became of it
 * @param peerSaw the source address that the responder saw; empty if it did not say
 * @param responder how the responder calls itself; empty if it did not say
 * @param roundTrip until the answer, or until it was given up
 * @param detail what the kernel said of a refusal; empty otherwise
 */
public record ProbeResult(
    Verdict verdict, String peerSaw, String responder, Duration roundTrip, String detail) {

  /** Whether it was answered. */
  public boolean allowed() {
    return verdict == Verdict.ALLOWED;
  }
}
