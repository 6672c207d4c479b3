/**
 * What policy of every kind means, and what a node needs in order to enforce it.
 *
 * <pre>
 *  documents ──► PolicyDocuments ──► PolicySpec ──► groupsOf ──► GroupIndex (controller: pods, sets, slices → members)
 *                                        │
 *                                        ├──► PolicyOracle (the definition: a flow's verdict straight from the specs)
 *                                        └──► PolicyIndex (node: tiers, policies + own endpoint
 *                                                          → EndpointPolicy → TierStep → PolicyChain → ChainRule)
 * </pre>
 *
 * <p>{@link io.ocicat.policy.PolicyOracle} is deliberately naive; the compiled form is tested
 * against it, and so is what a dataplane makes of that.
 *
 * <p>What the documents' authors leave open is decided here, and told in {@code docs/policy.md}: a
 * rule that cannot be understood allows nothing and says why; a pod whose namespace is unknown
 * matches no namespace selector but the empty one, and a service account that nobody made has no
 * labels; nets are about addresses in the packet as the endpoint's own end sees it, pods' addresses
 * included; a named port of an egress rule means the peer's port of that name, hence never matches
 * an address that is no endpoint's; a pod always reaches itself, and a node its own pods. A changed
 * policy decides about new connections; established ones go on.
 *
 * <p>All types are immutable, except the two indexes, each of which belongs to one thread.
 */
@NullMarked
package io.ocicat.policy;

import org.jspecify.annotations.NullMarked;
