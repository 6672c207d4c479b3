/**
 * What happens to objects, told to people as Events (core/v1): why a pod has no address, what
 * policy denied, what somebody changed in a node's kernel.
 *
 * <p>All of it is bounded, in memory and in writes: what does not fit is counted and left out.
 * Where the Events go is an {@link io.ocicat.controller.events.EventSink}: the API server of
 * Kubernetes, or a memory of the last hour that our own API serves.
 */
@NullMarked
package io.ocicat.controller.events;

import org.jspecify.annotations.NullMarked;
