package io.ocicat.bgp.session;

import java.time.Duration;

/**
 * What both sides agreed on for one family.
 *
 * @param receivesPaths UPDATEs that come have path identifiers
 * @param sendsPaths UPDATEs that go have path identifiers
 * @param ipv6NextHops IPv4 prefixes may have IPv6 next hops
 * @param restart for how long its routes are kept if the session ends; zero for not
 * @param longLived for how long after that
 * @param forwarding the neighbour went on forwarding while it restarted
 */
public record Agreement(
    boolean receivesPaths,
    boolean sendsPaths,
    boolean ipv6NextHops,
    Duration restart,
    Duration longLived,
    boolean forwarding) {}
