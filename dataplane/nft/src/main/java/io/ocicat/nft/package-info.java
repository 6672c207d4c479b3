/** Policy and masquerade in nf_tables. */
@NullMarked
package io.ocicat.nft;

import org.jspecify.annotations.NullMarked;
