/**
 * Every router that Debian has against every feature of BGP that it and we share.
 *
 * <p>A {@link Peer} is a column, a {@link Feature} a row; a {@link Cell} is the two network
 * namespaces in which one of them is tried on the other. The {@link Matrix} runs all cells, one at
 * a time with each peer, and the {@link Page} tells what came of them. What the other side thinks
 * is asked of the other side; what it cannot do is shown by asking it to, where it can be asked.
 */
@NullMarked
package io.ocicat.routers.matrix;

import org.jspecify.annotations.NullMarked;
