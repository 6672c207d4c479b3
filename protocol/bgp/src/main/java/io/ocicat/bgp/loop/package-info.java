/**
 * The thread that a speaker lives on: time, timers, connections, and work in slices.
 *
 * <p>{@link io.ocicat.bgp.loop.Loop} is what everything above asks. {@link
 * io.ocicat.bgp.loop.EpollLoop} gives it real sockets; {@link io.ocicat.bgp.loop.SimulatedNetwork}
 * gives it a manual clock and a network in memory that delays, splits, loses and refuses as a seed
 * says, so that whole networks of speakers run in a test.
 *
 * <p>What the bytes mean does not belong here.
 */
@NullMarked
package io.ocicat.bgp.loop;

import org.jspecify.annotations.NullMarked;
