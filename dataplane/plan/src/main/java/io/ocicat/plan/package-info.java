/**
 * What one node should look like: pure values, and the functions that derive them.
 *
 * <p>{@link io.ocicat.plan.NodePlan} is the whole of it. The agent makes one from its endpoints,
 * its leases and what the controller sent; the reconcilers of {@code links} and {@code nft} each
 * take the part that is theirs and make the kernel equal to it. A plan depends on current input
 * only, never on the plan before.
 *
 * <p>Nothing here touches the kernel, a file, a clock or a thread.
 */
@NullMarked
package io.ocicat.plan;

import org.jspecify.annotations.NullMarked;
