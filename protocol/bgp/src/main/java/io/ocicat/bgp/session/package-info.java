/**
 * The session with one neighbour: connections, OPEN, timers, and what goes between the wire and the
 * routing tables.
 *
 * <p>{@link io.ocicat.bgp.session.Session} carries out what {@link io.ocicat.bgp.fsm.Fsm} says, on
 * up to two connections until a collision is resolved. {@link io.ocicat.bgp.session.PeerSettings}
 * is what a person may choose, {@link io.ocicat.bgp.session.Negotiated} what both OPENs lead to.
 * Everything runs on the loop's thread.
 *
 * <p>Which neighbours there are does not belong here, nor what routes mean.
 */
@NullMarked
package io.ocicat.bgp.session;

import org.jspecify.annotations.NullMarked;
