/**
 * Choosing the best path to a prefix (RFC 4271 §9.1), with the name of the step that decided.
 *
 * <p>Pure: paths are numbers, and what is compared is asked from {@link
 * io.ocicat.bgp.decision.Candidates}. Where paths come from does not belong here.
 */
@NullMarked
package io.ocicat.bgp.decision;

import org.jspecify.annotations.NullMarked;
