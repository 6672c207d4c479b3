/**
 * A cluster as a whole: real agents, a real controller and real packets in the lab.
 *
 * <p>One test holds every pair of pods to the oracle, case by case; the other kills processes and
 * damages the kernel's state while pods talk. Labs are driven from this JVM, and run the program
 * that the build has just put together.
 */
@NullMarked
package io.ocicat.interop.cluster;

import org.jspecify.annotations.NullMarked;
