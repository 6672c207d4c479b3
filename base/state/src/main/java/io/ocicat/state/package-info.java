/**
 * What every long-running part shares: invariants that are always checked, and fault points.
 *
 * <p>{@link io.ocicat.state.Check} states what must hold; a violation is a programming error and
 * stops the loop it happens in. {@link io.ocicat.state.FaultPoints} names the places at which a
 * process may die, so that tests can kill it at each of them and look at what is left behind.
 *
 * <p>Nothing here knows of networks, and input validation does not belong here: a refusal is a
 * typed result of the room that refuses.
 */
@NullMarked
package io.ocicat.state;

import org.jspecify.annotations.NullMarked;
