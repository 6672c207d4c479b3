/** nf_tables objects and transactions. */
@NullMarked
package io.ocicat.nftables;

import org.jspecify.annotations.NullMarked;
