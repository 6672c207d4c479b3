/**
 * The CNI executable that container runtimes run, and the way for the agent to install it.
 *
 * <p>The executable is C ({@code src/main/c/ocicat.c}) because it is run once per call and must
 * start in a fraction of a millisecond. It only carries: variables, standard input and the pod's
 * network namespace to the agent's socket, the answer back. Understanding a call belongs to {@code
 * protocol/cni}, doing it to the agent.
 */
@NullMarked
package io.ocicat.cniplugin;

import org.jspecify.annotations.NullMarked;
