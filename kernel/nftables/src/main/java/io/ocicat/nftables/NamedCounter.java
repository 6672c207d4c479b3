package io.ocicat.nftables;

/**
 * A counter with a name that rules refer to; its counts are kept beside it in a dump.
 *
 * @param comment for people, or empty
 */
public record NamedCounter(String name, String comment) {
  public NamedCounter {
    Names.check("counter", name);
    Names.checkComment("counter " + name, comment);
  }

  public NamedCounter(String name) {
    this(name, "");
  }
}
