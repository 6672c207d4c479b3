package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Attributes;
import io.ocicat.inet.Cidr;

/**
 * A path as people are shown it.
 *
 * @param prefix the prefix
 * @param peer the neighbour it came from; empty: originated here
 * @param pathId the identifier given by who announced it (RFC 7911), 0 without
 * @param attributes received: as received; otherwise as used, or as sent
 * @param accepted passed the checks and the import policy
 * @param best the best path of its prefix
 * @param stale kept over a restart of its neighbour
 */
public record RouteRow(
    Cidr prefix,
    String peer,
    long pathId,
    Attributes attributes,
    boolean accepted,
    boolean best,
    boolean stale) {}
