/**
 * Blocks of addresses for nodes: which one a node gets, who holds which, and what becomes of them
 * when a node is gone.
 *
 * <p>A lease is a BlockAffinity document whose name is the block's; creating it is the one act that
 * leases, so that a block cannot be leased twice, whatever else goes wrong. Allocation of addresses
 * inside a block is the node's affair.
 */
@NullMarked
package io.ocicat.controller.leases;

import org.jspecify.annotations.NullMarked;
