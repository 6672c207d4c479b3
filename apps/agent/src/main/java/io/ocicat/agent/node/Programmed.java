package io.ocicat.agent.node;

/** What became of an endpoint's policy. */
public sealed interface Programmed {

  /** It is in the kernel with everything that it needs. */
  record Enforced() implements Programmed {}

  /**
   * It is in the kernel, but members of address groups are still to come: those peers are denied.
   */
  record Incomplete() implements Programmed {}

  /** It is not in the kernel. */
  record Failed(String reason) implements Programmed {}
}
