/**
 * {@code ocicat explain}: reads of a cluster what decides about one flow, and tells why it is
 * allowed or denied without sending a packet. What the documents mean, {@link io.ocicat.policy}
 * says; here they are found and the answer is written down.
 */
@NullMarked
package io.ocicat.cli.explain;

import org.jspecify.annotations.NullMarked;
