/**
 * MRT: routing tables and BGP messages in files (RFC 6396, RFC 8050), written and read.
 *
 * <p>One record at a time, over buffers; opening files, naming and turning them over is for others.
 * What is not understood stays octets, so that a file can be copied record by record.
 */
@NullMarked
package io.ocicat.bgpwire.mrt;

import org.jspecify.annotations.NullMarked;
