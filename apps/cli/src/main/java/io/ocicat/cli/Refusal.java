package io.ocicat.cli;

/** A command's expected failure: one message for the user and exit status 1. */
public final class Refusal extends RuntimeException {
  /** With the whole message: what was attempted, what the other side said, what to do next. */
  public Refusal(String message) {
    super(message);
  }
}
