package io.ocicat.nftables;

/**
 * A table: the owner of all other objects.
 *
 * @param comment for people, or empty
 */
public record Table(NftFamily family, String name, String comment) {
  public Table {
    Names.check("table", name);
    Names.checkComment("table " + name, comment);
  }

  public Table(NftFamily family, String name) {
    this(family, name, "");
  }

  /** As nft(8) names it. */
  @Override
  public String toString() {
    return "table " + family + " " + name;
  }
}
