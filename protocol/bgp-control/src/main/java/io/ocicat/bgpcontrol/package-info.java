/**
 * Questions about a running speaker, asked on a Unix socket: the same for the stand-alone daemon
 * and for an agent.
 *
 * <p>{@link io.ocicat.bgpcontrol.Control} serves the socket, {@link io.ocicat.bgpcontrol.Questions}
 * knows the answers, {@link io.ocicat.bgpcontrol.BgpClient} asks. What a speaker is, is in {@code
 * protocol/bgp}; how the answers look to people, in {@code apps/cli}.
 */
@NullMarked
package io.ocicat.bgpcontrol;

import org.jspecify.annotations.NullMarked;
