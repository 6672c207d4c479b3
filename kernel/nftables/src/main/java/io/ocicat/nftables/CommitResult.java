package io.ocicat.nftables;

import io.ocicat.libc.Errno;
import java.util.List;
import java.util.stream.Collectors;

/** What became of a transaction. */
public sealed interface CommitResult {
  /** All of it is in force. */
  record Committed() implements CommitResult {}

  /** Nothing was done: somebody changed the rule set since the expected generation. */
  record GenerationMismatch(Generation expected) implements CommitResult {}

  /** Nothing was done: these operations cannot be. */
  record Refused(Table table, List<Refusal> refusals) implements CommitResult {
    public Refused {
      refusals = List.copyOf(refusals);
    }

    /** A sentence for people. */
    public String message() {
      return "the transaction on "
          + table
          + " was refused: "
          + refusals.stream().map(Refusal::message).collect(Collectors.joining("; "));
    }
  }

  /**
   * One operation that failed.
   *
   * @param index of the operation in the transaction
   * @param reason the errno in words, the kernel's own message and the attribute it points at
   */
  record Refusal(int index, Operation operation, Errno errno, String reason) {
    public String message() {
      return operation + ": " + reason;
    }
  }
}
