/**
 * The Container Network Interface, specification 0.3.0 to 1.1.0, as values.
 *
 * <p>In: the variables and the standard input of one call, as the executable carried them ({@link
 * io.ocicat.cni.CniFrame}). Out: a {@link io.ocicat.cni.CniCall}, or a {@link
 * io.ocicat.cni.CniError} that names everything wrong with the call. The answer goes back as a
 * {@link io.ocicat.cni.CniResult} in the version that the configuration asked for.
 *
 * <p>The behaviour follows the text of the specification and, where the text is silent, what
 * libcni's skeleton does for every Go plugin, because runtimes rely on it. Wiring, addresses and
 * files do not belong here.
 *
 * @see <a href="https://www.cni.dev/docs/spec/">CNI specification 1.1.0</a>
 */
@NullMarked
package io.ocicat.cni;

import org.jspecify.annotations.NullMarked;
