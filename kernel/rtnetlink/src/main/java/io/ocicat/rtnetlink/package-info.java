/** Links, addresses, routes, rules and neighbours. */
@NullMarked
package io.ocicat.rtnetlink;

import org.jspecify.annotations.NullMarked;
