/**
 * Where other nodes reach this one: how its own addresses are found among those of its links.
 *
 * <p>The methods are those that Calico's nodes know. Choosing is a pure function of the links,
 * their addresses, the routes and what the cluster says of the node; {@link
 * io.ocicat.agent.address.NodeView} reads all of that from the kernel once, at the agent's start.
 */
@NullMarked
package io.ocicat.agent.address;

import org.jspecify.annotations.NullMarked;
