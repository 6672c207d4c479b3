/**
 * Routing tables: what neighbours sent (Adj-RIB-In), what is used (Loc-RIB), what neighbours are
 * told (Adj-RIB-Out).
 *
 * <p>Everything runs on the loop thread of the speaker. Prefixes and paths are numbers in primitive
 * tables, attribute sets are interned to numbers with use counts, and neighbours that are told the
 * same things form a group for which every UPDATE is encoded once. Long work (a lost neighbour, a
 * changed policy, a new neighbour's first table) is done in slices.
 */
@NullMarked
package io.ocicat.bgp.rib;

import org.jspecify.annotations.NullMarked;
