package io.ocicat.fib;

import java.util.List;

/**
 * What people are told.
 *
 * @param wanted prefixes that should be in the kernel
 * @param installed prefixes that are, as far as is known
 * @param stale of those, taken over from an earlier run and not learned again yet
 * @param waiting prefixes that are to be changed, among them those that were refused
 * @param writes messages that the kernel has carried out
 * @param refusals messages that it has refused
 * @param drift routes of ours that others had changed, put right
 * @param audits full comparisons with the kernel
 * @param overruns times that the kernel had more to tell than could be taken
 * @param lastFailures the last few refusals, one sentence each, newest last
 */
public record FibView(
    int wanted,
    int installed,
    int stale,
    int waiting,
    long writes,
    long refusals,
    long drift,
    long audits,
    long overruns,
    List<String> lastFailures) {
  public FibView {
    lastFailures = List.copyOf(lastFailures);
  }
}
