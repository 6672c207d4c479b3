package io.ocicat.nftables;

/** What to do with an object; nft's own words. */
public enum Verb {
  /** Make it; fine if it is there already. A rule goes to the end of its chain. */
  ADD,
  /** Make it; refused if it is there already. */
  CREATE,
  /** Put a rule at the start of its chain, or before another rule. */
  INSERT,
  /** Put a rule in the place of another. */
  REPLACE,
  /** Remove it; refused if it is absent. */
  DELETE,
  /** Remove it; fine if it is absent. Needs Linux 6.3. */
  DESTROY,
  /** Remove what is in it: a chain's rules, a set's elements, all rules of a table. */
  FLUSH
}
