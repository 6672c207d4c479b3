/**
 * What a table does with a packet, computed without a kernel.
 *
 * <p>The interpreter walks base chains, jumps and verdict maps as the kernel does, on registers of
 * bytes and headers built for the packet, so that it judges the very expressions that are sent to
 * the kernel and not what they were meant to be.
 */
@NullMarked
package io.ocicat.nftables.interpret;

import org.jspecify.annotations.NullMarked;
