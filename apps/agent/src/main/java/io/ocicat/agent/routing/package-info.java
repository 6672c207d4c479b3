/**
 * What this node is to say by BGP, from what the controller's table and the node's own pods say.
 *
 * <pre>
 *  NodeLoop ── table's changes, own pods ──► SpeakerPlanning (a thread) ── NodeSpeaker ──► SpeakerSink
 *                                                 │ notices
 *              problems of the node, Events ◄─────┘        CalicoNodeStatus ◄── RoutingStatus
 * </pre>
 *
 * <p>Planning is pure ({@code domain/routing}) and coalesced: however many changes come, one plan
 * follows. No BGP is spoken here: who does is a {@link io.ocicat.agent.routing.SpeakerSink}.
 */
@NullMarked
package io.ocicat.agent.routing;

import org.jspecify.annotations.NullMarked;
