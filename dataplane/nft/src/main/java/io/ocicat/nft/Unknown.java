package io.ocicat.nft;

/** What to do with chains, sets and elements of our table that the desired table does not have. */
public enum Unknown {
  /** Leave them: not all input is known yet, they may be needed. */
  KEEP,
  /** They are not needed: the desired table is complete. */
  REMOVE
}
