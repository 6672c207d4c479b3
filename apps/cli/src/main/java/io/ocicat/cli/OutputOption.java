package io.ocicat.cli;

import picocli.CommandLine.Option;

/** {@code -o json}: one JSON document on standard output. */
public final class OutputOption {
  /** The forms of an answer. */
  enum Form {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json (default: text).")
  private Form form = Form.text;

  /** Whether a JSON document is asked for. */
  public boolean json() {
    return form == Form.json;
  }
}
