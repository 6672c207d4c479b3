package io.ocicat.bgp.rib;

/**
 * What the tables of a family hold.
 *
 * @param prefixes known, with or without a usable path
 * @param best prefixes with a best path
 * @param attributeSets different attribute sets, of all families
 * @param groups groups of neighbours that are told the same
 */
public record RibCounters(int prefixes, int best, int attributeSets, int groups) {}
