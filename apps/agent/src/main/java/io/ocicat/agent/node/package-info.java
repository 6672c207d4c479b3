/**
 * What this node should be, as one thread knows it.
 *
 * <p>{@link io.ocicat.agent.node.NodeModel} takes what the controller sent and which endpoints are
 * here, and yields the nftables table, the node plan and the address groups that they need. It
 * depends on current input only. {@link io.ocicat.agent.node.NodeLoop} is the thread that owns it:
 * it takes everything that waits, makes one change of the kernel out of it, and only then tells
 * those who wait and the controller.
 */
@NullMarked
package io.ocicat.agent.node;

import org.jspecify.annotations.NullMarked;
