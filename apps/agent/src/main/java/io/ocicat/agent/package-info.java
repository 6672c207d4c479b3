/**
 * The node agent: wires pods, gives them addresses, enforces policy, sets routes.
 *
 * <pre>
 *   CNI executable ─► attach.CniServer ─► attach.CniService ─► kernel.KernelPodLinks
 *                                            │        └─────► journal.Ledger
 *   controller ─► SyncClient ─► node.NodeLoop ┘ ─► node.NodeModel ─► kernel.KernelEnforcement
 * </pre>
 *
 * <p>This package puts the parts together: {@link io.ocicat.agent.AgentConfig} is what the agent is
 * told, {@link io.ocicat.agent.Agent} starts and ends it, {@link io.ocicat.agent.AgentMain} is its
 * process. The process runs in the node's network namespace.
 */
@NullMarked
package io.ocicat.agent;

import org.jspecify.annotations.NullMarked;
