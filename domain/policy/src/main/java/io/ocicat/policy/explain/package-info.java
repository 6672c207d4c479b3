/**
 * What a person who asks "why?" is told beyond the verdict: what a cluster would say after a
 * change, and the smallest change after which it would allow what it denies.
 *
 * <p>{@link io.ocicat.policy.explain.ClusterDocuments} are a cluster's documents as far as policy
 * reads them, of which a change makes others; {@link io.ocicat.policy.explain.Remedies} proposes
 * only what {@link io.ocicat.policy.PolicyOracle} says of the changed documents.
 */
@NullMarked
package io.ocicat.policy.explain;

import org.jspecify.annotations.NullMarked;
