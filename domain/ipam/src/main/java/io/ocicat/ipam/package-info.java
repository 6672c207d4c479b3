/**
 * Which address a pod gets, from the blocks leased to its node.
 *
 * <p>In: blocks as they are leased, demands, addresses given back. Out: addresses, or the reason
 * why there is none. An address is given once until it is given back, and one that was given back
 * waits until every other free address of its family has been used, so that what remembers an old
 * owner (a connection, a name cache, a policy elsewhere) has forgotten it first.
 *
 * <p>The first and the last address of a block are ordinary addresses: pods are routed to as hosts,
 * and no subnet is on a wire. Leasing blocks and remembering across restarts do not belong here.
 */
@NullMarked
package io.ocicat.ipam;

import org.jspecify.annotations.NullMarked;
