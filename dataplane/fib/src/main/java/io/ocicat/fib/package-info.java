/**
 * BGP's routes in the kernel, and the next hops of BGP found among the kernel's routes.
 *
 * <pre>
 *   Loc-RIB ─► RouteListener ─► prefix → paths (numbers) ─► rtnetlink, in batches with pauses
 *   Rib     ◄─ NextHops      ◄─ links and routes of others ◄─ rtnetlink's notifications
 * </pre>
 *
 * <p>{@link io.ocicat.fib.Fib} has a thread of its own for the kernel; the speaker's loop is never
 * held up by it. Routes have protocol number 79 and lead over gateways; those that an earlier run
 * left are taken over, and go when the speaker knows all and does not know them. A prefix is some
 * numbers, what leads to a next hop is kept once, so a full table is a few tens of megabytes.
 *
 * <p>What leads over a gateway under our protocol number never says how far a next hop is. Routes
 * to pods and blackholes of own blocks are not of this room.
 */
@NullMarked
package io.ocicat.fib;

import org.jspecify.annotations.NullMarked;
