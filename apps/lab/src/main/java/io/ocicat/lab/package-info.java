/**
 * A cluster on one machine, made of network namespaces: real agents, a real controller, real CNI
 * calls, a real kernel.
 *
 * <pre>
 *   host namespace      controller (API on 127.0.0.1)
 *   ocicat.LAB.fabric   bridge br0, 172.31.255.254, "the world" 192.0.2.1, the controller's sync listener, lab serve
 *        │ │ │          veth pairs
 *   ocicat.LAB.node-N   eth0 172.31.0.N, an agent, host ends of the pods
 *        │              veth pairs made by the agent
 *   ocicat.LAB.pod.NS.P a pod
 * </pre>
 *
 * <p>The host's own namespace gets no link, route or rule. What belongs to a lab is known by name
 * and mark alone: namespaces by their prefix, processes by an environment variable that names the
 * lab's directory. So {@link io.ocicat.lab.Lab#down} cleans up whatever a killed lab left, without
 * any record of it.
 *
 * <p>{@link io.ocicat.lab.Lab} is the way in, for the command line as for tests.
 */
@NullMarked
package io.ocicat.lab;

import org.jspecify.annotations.NullMarked;
