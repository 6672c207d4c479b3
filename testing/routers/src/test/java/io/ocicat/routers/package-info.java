/**
 * Ocicat's speaker beside the routers that Debian has, each in network namespaces of its own.
 *
 * <p>What the other side thinks is asked of the other side.
 */
@NullMarked
package io.ocicat.routers;

import org.jspecify.annotations.NullMarked;
