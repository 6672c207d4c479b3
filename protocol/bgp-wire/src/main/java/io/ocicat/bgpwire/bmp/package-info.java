/**
 * BMP: what a speaker tells a monitoring station (RFC 7854), with Adj-RIB-Out (RFC 8671) and
 * Loc-RIB (RFC 9069), written and read.
 *
 * <p>Messages are values over octets of BGP messages that are passed on as they were; connections,
 * queues and the choice of what to tell are for others.
 */
@NullMarked
package io.ocicat.bgpwire.bmp;

import org.jspecify.annotations.NullMarked;
