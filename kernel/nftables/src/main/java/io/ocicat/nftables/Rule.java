package io.ocicat.nftables;

import java.util.List;

/**
 * A rule: expressions evaluated one after the other until one does not match.
 *
 * @param comment for people, or empty
 */
public record Rule(List<Expression> expressions, String comment) {
  public Rule {
    expressions = List.copyOf(expressions);
    Names.checkComment("a rule", comment);
  }
}
