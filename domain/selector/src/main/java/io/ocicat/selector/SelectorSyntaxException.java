package io.ocicat.selector;

/** A selector's text cannot be read. The message quotes the text and marks the place. */
public final class SelectorSyntaxException extends IllegalArgumentException {

  private final String text;
  private final int position;
  private final String problem;

  /**
   * @param position index in {@code text} of the first character that does not fit
   */
  public SelectorSyntaxException(String text, int position, String problem) {
    super("selector '%s', character %d: %s".formatted(text, position + 1, problem));
    this.text = text;
    this.position = position;
    this.problem = problem;
  }

  public String text() {
    return text;
  }

  /** Index in {@link #text} of the first character that does not fit, from 0. */
  public int position() {
    return position;
  }

  /** What is wrong, without the text. */
  public String problem() {
    return problem;
  }
}
