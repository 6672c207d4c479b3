package io.ocicat.nftables;

import java.util.List;

/** A chain and its rules in order. */
public record ChainContent(Chain chain, List<Rule> rules) {
  public ChainContent {
    rules = List.copyOf(rules);
  }

  public String name() {
    return chain.name();
  }
}
