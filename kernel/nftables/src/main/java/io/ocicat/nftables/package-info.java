/**
 * nf_tables in its own words: tables, chains, sets, maps, elements, rules, expressions, counters.
 *
 * <p>The objects are immutable records. {@link io.ocicat.nftables.NftTable} is a whole table as a
 * value; {@link io.ocicat.nftables.NftTransaction} is an atomic change of one table; {@link
 * io.ocicat.nftables.Nftables} is a place that holds tables, be it the kernel ({@link
 * io.ocicat.nftables.NftConnection}) or memory ({@link io.ocicat.nftables.fake.FakeNftables}). What
 * is applied comes back equal from a dump, apart from handles and counts, which are kept beside the
 * objects.
 *
 * <p>The sequences of expressions and the user data are those of nft(8), so that it prints what we
 * wrote the way a person would have written it.
 *
 * <p>Not here: what a table is for. No anonymous sets, timeouts, flowtables or set expressions
 * either; where the kernel holds such a thing, a dump keeps it as an unknown expression or flag.
 *
 * <p>Source: {@code linux/netfilter/nf_tables.h}, and the user data of libnftnl.
 */
@NullMarked
package io.ocicat.nftables;

import org.jspecify.annotations.NullMarked;
