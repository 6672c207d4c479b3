/**
 * A working nf_tables in memory, for the tests of all who use nf_tables.
 *
 * <p>It takes the transactions that the kernel takes, refuses what the kernel refuses (references
 * to what is not there, removal of what is referred to, overlapping intervals, loops), does all or
 * nothing, and dumps itself. It sees no packets; for these there is {@link
 * io.ocicat.nftables.interpret}.
 */
@NullMarked
package io.ocicat.nftables.fake;

import org.jspecify.annotations.NullMarked;
