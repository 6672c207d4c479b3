/**
 * What a Kubernetes NetworkPolicy means, and what a node needs in order to enforce it.
 *
 * <pre>
 *  NetworkPolicy ──► PolicySpec ──► groupsOf ──► GroupIndex (controller: pods, namespaces → members)
 *                        │
 *                        ├──► PolicyOracle (the definition: a flow's verdict straight from the specs)
 *                        └──► PolicyIndex (node: policies + own pod → EndpointPolicy → PolicyChain)
 * </pre>
 *
 * <p>{@link io.ocicat.policy.PolicyOracle} is deliberately naive; the compiled form is tested
 * against it, and so is what a dataplane makes of that.
 *
 * <p>What is ambiguous in Kubernetes is decided here: a rule that cannot be understood allows
 * nothing and says why; a pod whose namespace is unknown matches no namespace selector but the
 * empty one; {@code ipBlock} is about addresses in the packet as the pod's own end sees it, pods'
 * addresses included; a named port of an egress rule means the peer's port of that name, hence
 * never matches an {@code ipBlock}; a pod always reaches itself, and a node its own pods. Protocols
 * without ports, ICMP among them, are allowed by rules without ports alone. A changed policy
 * decides about new connections; established ones go on.
 *
 * <p>All types are immutable, except the two indexes, each of which belongs to one thread.
 */
@NullMarked
package io.ocicat.policy;

import org.jspecify.annotations.NullMarked;
