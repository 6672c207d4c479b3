/**
 * Packets that policy denied or logged, from the kernel to the node loop: read by a thread of its
 * own, counted by flow for a moment, then handed on, so that a flood costs what a trickle costs.
 */
@NullMarked
package io.ocicat.agent.logged;

import org.jspecify.annotations.NullMarked;
