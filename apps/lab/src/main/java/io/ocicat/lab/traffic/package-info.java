/**
 * Real packets between network namespaces: who answers, and who asks.
 *
 * <p>A {@link io.ocicat.lab.traffic.Responder} has its sockets inside a pod's namespace and answers
 * on each port with its own name and the peer address that it saw. A {@link
 * io.ocicat.lab.traffic.Prober} opens sockets inside the source's namespace and tells what became
 * of one attempt. Sockets keep the namespace that they were opened in, so both run their loops
 * outside of it.
 *
 * <p>TCP and UDP use the kernel's sockets. SCTP uses raw ones ({@link io.ocicat.lab.traffic.Sctp}),
 * so that it works on kernels that were built without it: to a router or a firewall an INIT and its
 * answer look the same. ICMP echo is answered by the kernel, which does not tell whom it saw.
 */
@NullMarked
package io.ocicat.lab.traffic;

import org.jspecify.annotations.NullMarked;
