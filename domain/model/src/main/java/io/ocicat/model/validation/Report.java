package io.ocicat.model.validation;

import java.util.List;

/**
 * All that is to be said about a document.
 *
 * @param problems why it cannot be accepted; empty if it can
 * @param unknownFields fields that its kind does not have: the caller refuses, warns or drops them
 * @param warnings what is accepted but will not do what its author may think
 */
public record Report(
    List<Problem> problems, List<UnknownField> unknownFields, List<String> warnings) {
  /** Copies the lists. */
  public Report {
    problems = List.copyOf(problems);
    unknownFields = List.copyOf(unknownFields);
    warnings = List.copyOf(warnings);
  }

  /** Whether nothing speaks against storing the document once unknown fields are dropped. */
  public boolean isAcceptable() {
    return problems.isEmpty();
  }
}
