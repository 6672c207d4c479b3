/**
 * IP addresses, prefixes and MAC addresses as values.
 *
 * <p>One code path serves IPv4 and IPv6: a caller asks an address for its {@link
 * io.ocicat.inet.IpFamily} only where a kernel or wire format differs. Parsing accepts the textual
 * forms of RFC 4291 §2.2 and strict dotted decimal (no leading zeros); printing is canonical as RFC
 * 5952 says. Name look-ups, sockets and interfaces do not belong here.
 */
@NullMarked
package io.ocicat.inet;

import org.jspecify.annotations.NullMarked;
