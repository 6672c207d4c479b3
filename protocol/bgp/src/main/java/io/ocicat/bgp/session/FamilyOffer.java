package io.ocicat.bgp.session;

import io.ocicat.bgp.rib.FamilyTraits;
import io.ocicat.bgp.rib.MaxPrefixes;

/**
 * What we offer in one family.
 *
 * @param receivePaths we take more than one path of a prefix, RFC 7911
 * @param sendPaths how many paths of a prefix we send; 1 for the best alone
 * @param maximum prefixes that the neighbour may send
 */
public record FamilyOffer(boolean receivePaths, int sendPaths, MaxPrefixes maximum) {

  public static final FamilyOffer DEFAULT = new FamilyOffer(false, 1, MaxPrefixes.NONE);

  public FamilyOffer {
    if (sendPaths < 1) {
      throw new IllegalArgumentException(
          "one to %d paths can be sent, not %d".formatted(FamilyTraits.ALL_PATHS, sendPaths));
    }
  }
}
