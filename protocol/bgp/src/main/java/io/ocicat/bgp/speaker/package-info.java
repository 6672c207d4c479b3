/**
 * A speaker: who its neighbours are, where it listens, and what of its settings changes while it
 * runs.
 *
 * <p>{@link io.ocicat.bgp.speaker.Speaker} turns {@link io.ocicat.bgp.speaker.SpeakerSettings} into
 * sessions and joins them with the routing tables. Files, Kubernetes and the kernel's routes do not
 * belong here.
 */
@NullMarked
package io.ocicat.bgp.speaker;

import org.jspecify.annotations.NullMarked;
