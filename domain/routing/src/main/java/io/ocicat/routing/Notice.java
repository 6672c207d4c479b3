package io.ocicat.routing;

/**
 * What is not done as its author may think, and why.
 *
 * @param reason where it was said
 * @param text what becomes of it
 */
public record Notice(Reason reason, String text) implements Comparable<Notice> {
  /** By reason and then by text. */
  @Override
  public int compareTo(Notice other) {
    int byReason = reason.compareTo(other.reason);
    return byReason != 0 ? byReason : text.compareTo(other.text);
  }
}
