/**
 * The number spaces of BGP, one file each after the registries of IANA.
 *
 * <p>Each file lists its registry in full, with the document that defines the entry and what this
 * implementation does with it, so that what is missing is as visible as what is there. Numbers that
 * a registry does not know stay numbers: every lookup answers with an {@code Optional}.
 *
 * @see <a href="https://www.iana.org/assignments/bgp-parameters/">BGP parameters</a>
 */
@NullMarked
package io.ocicat.bgpwire.iana;

import org.jspecify.annotations.NullMarked;
