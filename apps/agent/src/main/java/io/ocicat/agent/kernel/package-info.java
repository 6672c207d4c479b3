/**
 * The kernel behind the agent's seams: nftables, routes and parameters for the node loop, pod links
 * for CNI calls, and what a restarted agent finds there.
 *
 * <p>Everything works in the network namespace of the thread that opens it, which is the node's.
 * Nothing is decided here.
 */
@NullMarked
package io.ocicat.agent.kernel;

import org.jspecify.annotations.NullMarked;
