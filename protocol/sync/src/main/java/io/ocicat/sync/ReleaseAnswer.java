package io.ocicat.sync;

/** What a controller answers to a block given back. */
public sealed interface ReleaseAnswer {

  /** It is free, or was already. */
  record Released() implements ReleaseAnswer {}

  /** It is leased to another node and stays so. */
  record NotLeased() implements ReleaseAnswer {}

  /** The controller could not be asked; the lease stands. */
  record Unavailable(String reason) implements ReleaseAnswer {}
}
