/**
 * BGP on the wire: messages, path attributes and the number spaces of IANA, as values.
 *
 * <p>Bytes come in as slices of a buffer and nothing is allocated for a prefix. What a peer sends
 * never throws: a reader answers with the message, or with the NOTIFICATION that the RFC asks for,
 * and malformed attributes get the reactions of RFC 7606. Sockets, timers, tables and decisions do
 * not belong here.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4271">RFC 4271</a>
 */
@NullMarked
package io.ocicat.bgpwire;

import org.jspecify.annotations.NullMarked;
