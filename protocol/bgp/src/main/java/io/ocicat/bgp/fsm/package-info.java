/**
 * The finite state machine of RFC 4271 §8 as a pure function, to be read beside the RFC.
 *
 * <p>{@link io.ocicat.bgp.fsm.Fsm#next} says for each state, event and set of facts what to do and
 * which state follows. Who carries the actions out, and how long a timer runs, does not belong
 * here.
 */
@NullMarked
package io.ocicat.bgp.fsm;

import org.jspecify.annotations.NullMarked;
