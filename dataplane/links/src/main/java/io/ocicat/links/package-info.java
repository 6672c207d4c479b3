/** Pod links, addresses and routes in the kernel. */
@NullMarked
package io.ocicat.links;

import org.jspecify.annotations.NullMarked;
