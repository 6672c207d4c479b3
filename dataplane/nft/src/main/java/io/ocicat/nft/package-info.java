/**
 * Keeps one nf_tables table as it should be.
 *
 * <pre>
 *   desired NftTable ─┐
 *                     ├─► TableDelta ─► NftTransaction ─► kernel     (NftReconciler)
 *   observed NftTable ┘        └─► drifts, for people
 * </pre>
 *
 * <p>A change costs what it changes: two versions of the desired table share what is the same in
 * both, so their difference is found by comparing pointers, and one small atomic transaction goes
 * to the kernel. What was applied is trusted until somebody else has committed to nf_tables; then
 * the table is read back, what is missing, foreign or different is told, and put right.
 *
 * <p>A restarted agent adopts the table as it finds it and changes only what differs. What the
 * table says is made in {@link io.ocicat.nft.compile}.
 */
@NullMarked
package io.ocicat.nft;

import org.jspecify.annotations.NullMarked;
