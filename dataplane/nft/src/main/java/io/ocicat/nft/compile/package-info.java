/**
 * What table {@code inet ocicat} should hold, computed from the node's endpoints, their policies
 * and the members of address groups.
 *
 * <pre>
 * forward ─ established? accept
 *    │      invalid from or to a pod? drop
 *    ├─ iifname vmap @egress ──► from-oci… ─ own source address? else drop
 *    │                              ├─ back to itself? accept
 *    │                              ├─ jump tier-… (each tier; allow = goto to-endpoint)
 *    │                              └─ goto to-endpoint
 *    ├─ other oci… interface: drop
 *    └─ to-endpoint ─ oifname vmap @ingress ──► to-oci… ─ jump tier-… (allow = accept)
 *                     other oci… interface: drop          └─ accept
 *                     accept
 * tier-… ─ peer's address map @hosts-4, else @ranges-4: its identity
 *          identity vmap @tier-… ──► row-… ─ ports vmap, rules ──► rule-… ─ count, report, decide
 *          any other peer ─────────► row-…
 * input ─ established? accept; neighbour discovery? accept; iifname vmap @egress as above
 * postrouting ─ from @nat-4 to outside @pools-4: masquerade; the same for IPv6
 * </pre>
 *
 * <p>{@link io.ocicat.nft.compile.AddressBook} knows what each address is ({@link
 * io.ocicat.nft.compile.Identity}), {@link io.ocicat.nft.compile.TierProgram} which rules of a tier
 * hold for that, {@link io.ocicat.nft.compile.RowChain} writes them.
 *
 * <p>A packet between two pods of a node meets both. What the host sends to its own pods passes
 * neither {@code forward} nor {@code input}, and is thus always allowed. {@code to-endpoint} always
 * decides, so going there from a policy's chain never comes back.
 *
 * <p>Policy of the node's own interfaces has base chains of its own, which are there only with it:
 * see {@link io.ocicat.nft.compile.HostPiece}.
 *
 * <p>{@link io.ocicat.nft.compile.NftCompiler} makes a table from nothing; {@link
 * io.ocicat.nft.compile.NodeTable} keeps one up to date at a cost that follows the change. Both
 * yield the same. The source check here is for packets that open a connection; for the others the
 * kernel's reverse path filter and the connection's addresses stand.
 */
@NullMarked
package io.ocicat.nft.compile;

import org.jspecify.annotations.NullMarked;
