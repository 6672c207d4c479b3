/**
 * The BGP speaker as a daemon with a file of its own: {@code ocicat bgpd}, and {@code ocicat bgp},
 * which asks it.
 *
 * <p>{@link io.ocicat.bgpd.BgpdConfigReader} reads the file, {@link io.ocicat.bgpd.Daemon} runs the
 * speaker on its loop, {@code protocol/bgp-control} answers on a Unix socket. No Kubernetes, and no
 * other part of Ocicat: what the protocol is, is in {@code protocol/bgp}.
 */
@NullMarked
package io.ocicat.bgpd;

import org.jspecify.annotations.NullMarked;
