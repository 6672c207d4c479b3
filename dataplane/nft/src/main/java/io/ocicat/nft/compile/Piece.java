package io.ocicat.nft.compile;

import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.SetContent;
import java.util.List;
import java.util.Set;

/**
 * A chain with what it needs.
 *
 * @param sets of ports and address ranges, named by their content
 * @param groups the sets of address groups that the rules look in
 * @param parts the chains that it leads to
 */
record Piece(
    ChainContent chain, List<SetContent> sets, Set<GroupSet> groups, List<? extends Part> parts) {

  Piece(ChainContent chain) {
    this(chain, List.of(), Set.of(), List.of());
  }
}
