/**
 * The node's BGP speaker: a thread that says what {@code agent.routing} has planned, and puts what
 * is learned into the kernel.
 *
 * <pre>
 *  SpeakerSink ── NodeSpeaker ──► NodeBgp (the loop's thread) ── SpeakerCompiler ──► Speaker
 *                                    │  own routes ──► Rib ──► Fib ──► kernel
 *                                    └─ Handover: sessions that are still needed
 * </pre>
 *
 * <p>A restart of the agent is a graceful restart (RFC 4724): the kernel forwards on, neighbours
 * keep our routes, and what the kernel has is taken over until neighbours have said all again. So
 * the end of the agent, asked for or not, tells neighbours nothing.
 */
@NullMarked
package io.ocicat.agent.bgp;

import org.jspecify.annotations.NullMarked;
