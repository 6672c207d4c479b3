package io.ocicat.nft;

import io.ocicat.nftables.NftDump;
import java.util.List;
import java.util.Optional;

/**
 * What a look at the kernel's table found.
 *
 * @param differences from what it should be; none if it is so
 * @param dump the table with its counters; empty if there is none
 */
public record NftInspection(List<Drift> differences, Optional<NftDump> dump) {
  public NftInspection {
    differences = List.copyOf(differences);
  }
}
