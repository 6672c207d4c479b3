/**
 * Bidirectional Forwarding Detection: finding out within fractions of a second that a neighbour
 * does not answer any more.
 *
 * <p>Asynchronous mode over UDP, one hop and several, IPv4 and IPv6, without echo and without
 * authentication (RFC 5880, 5881, 5883). The session is a pure machine: packets and time go in,
 * packets and verdicts come out. {@link io.ocicat.bfd.BfdLoop} has a thread of its own for all
 * sessions, so that nothing but the machine itself delays them. What follows from a verdict, and
 * who asks for one, does not belong here.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5880">RFC 5880</a>
 */
@NullMarked
package io.ocicat.bfd;

import org.jspecify.annotations.NullMarked;
