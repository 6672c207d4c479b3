/**
 * What a node exchanges routes about, and with whom.
 *
 * <pre>
 *  documents ──► RoutingInputs ──► SpeakerPlanner ──► NodeSpeaker: neighbours, policies, own routes
 *                                                          │
 *        what runs and what was received ──► Handover ─────┴──► what is to run meanwhile
 * </pre>
 *
 * <p>Pure, and knows no protocol: a speaker makes its settings of a {@link
 * io.ocicat.routing.NodeSpeaker}, whose policies map one to one to those of {@code
 * io.ocicat.bgp.policy}. Everything intended carries the objects and fields that it came from; what
 * is accepted and not done is told as a {@link io.ocicat.routing.Notice}. The order of the input
 * makes no difference. All types are immutable.
 */
@NullMarked
package io.ocicat.routing;

import org.jspecify.annotations.NullMarked;
