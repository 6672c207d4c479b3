/**
 * What rules with {@code log group n} report: a reader of one group of {@code nfnetlink_log}, and
 * the headers of the packets in it.
 *
 * <p>A group has one reader on a network namespace; what the kernel cannot deliver to it is lost
 * and counted. Source: {@code linux/netfilter/nfnetlink_log.h}.
 */
@NullMarked
package io.ocicat.nftables.log;

import org.jspecify.annotations.NullMarked;
