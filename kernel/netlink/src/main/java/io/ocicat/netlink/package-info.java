/** Netlink sockets, messages and attributes. */
@NullMarked
package io.ocicat.netlink;

import org.jspecify.annotations.NullMarked;
