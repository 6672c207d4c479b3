/**
 * Links, addresses, routes, rules and neighbours of one network namespace, rtnetlink(7).
 *
 * <p>Messages are records named after the kernel's: {@link io.ocicat.rtnetlink.LinkMessage}, {@link
 * io.ocicat.rtnetlink.AddressMessage}, {@link io.ocicat.rtnetlink.RouteMessage}, {@link
 * io.ocicat.rtnetlink.RuleMessage}, {@link io.ocicat.rtnetlink.NeighbourMessage}. Each has a codec
 * that makes requests of it and reads it back; attributes that a record does not know stay with it
 * as {@link io.ocicat.rtnetlink.RawAttribute}. Requests are values, so a caller can send many at
 * once: {@link io.ocicat.rtnetlink.Rtnetlink#executeAll}.
 *
 * <p>{@link io.ocicat.rtnetlink.LinkTable} and {@link io.ocicat.rtnetlink.RouteTable} are the
 * narrow roles that reconcilers depend on; each has a fake. Which objects there should be is not
 * decided here.
 */
@NullMarked
package io.ocicat.rtnetlink;

import org.jspecify.annotations.NullMarked;
