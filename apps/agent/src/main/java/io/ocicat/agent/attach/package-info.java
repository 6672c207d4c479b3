/**
 * ADD, DEL, CHECK, STATUS and GC.
 *
 * <p>{@link io.ocicat.agent.attach.CniServer} takes calls from the socket, {@link
 * io.ocicat.agent.attach.CniService} does them. The order of effects is what makes a death at any
 * instant harmless: the journal knows of an attachment before the kernel does, and forgets it after
 * the kernel has. {@link io.ocicat.agent.attach.AddressSource} finds addresses and leases blocks
 * for them. What nftables and routes should hold is the business of {@code agent.node}.
 */
@NullMarked
package io.ocicat.agent.attach;

import org.jspecify.annotations.NullMarked;
