/**
 * Netlink, RFC 3549 and netlink(7): sockets, messages, attributes, extended acknowledgements.
 *
 * <pre>
 *   NlRequest ─► nlmsghdr │ family header │ nlattr nlattr(nested …) …   one datagram, many messages
 *   NlMessage ◄─ nlmsghdr │ payload        replies, then NLMSG_ERROR 0 (ack) or NLMSG_DONE (dump)
 * </pre>
 *
 * <p>{@link io.ocicat.netlink.NetlinkSocket} numbers requests, matches answers and turns a refusal
 * into a {@link io.ocicat.netlink.NetlinkException} that carries the operation, errno, the kernel's
 * own sentence and the attribute it points at. {@link io.ocicat.netlink.AttributeWriter} and {@link
 * io.ocicat.netlink.AttributeReader} are the codec; unknown attributes can be kept as they came.
 * {@link io.ocicat.netlink.NetlinkTransport} is the seam for tests without a kernel.
 *
 * <p>What message types and attributes mean belongs to the rooms for rtnetlink and nf_tables.
 */
@NullMarked
package io.ocicat.netlink;

import org.jspecify.annotations.NullMarked;
