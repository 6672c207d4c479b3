package io.ocicat.bgp.loop;

import io.ocicat.inet.IpAddress;
import java.time.Duration;

/**
 * Where to connect to, and how.
 *
 * @param source the address to connect from; the unspecified one for the kernel's choice
 * @param device the interface to use, which a link-local address needs; empty for any
 * @param md5Key for the signatures of RFC 2385; empty for none
 * @param timeout after which the attempt has failed
 */
public record ConnectSettings(
    IpAddress remote,
    int port,
    IpAddress source,
    String device,
    String md5Key,
    Hops hops,
    Duration timeout) {}
