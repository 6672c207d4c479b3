/**
 * A BGP speaker as a library: sessions, routing tables, decisions, policy.
 *
 * <p>One loop thread owns everything that changes; what runs on it is bounded, so that keepalives
 * leave on time while a full table loads. Time, connections and next hops are handed in, and whole
 * networks of speakers run on a manual clock. Kubernetes, the agent and files do not belong here.
 */
@NullMarked
package io.ocicat.bgp;

import org.jspecify.annotations.NullMarked;
