/**
 * A controller in a Kubernetes cluster: who leads, who may join as a node, and what the cluster is
 * told of its nodes and pods.
 *
 * <p>All here is asked of the API server directly, past the store's mirror: tokens, the Lease, the
 * Secret with the authority, and patches of objects that others own. Several replicas follow the
 * cluster, one leads and serves agents; the others do not listen, so that agents find the leader by
 * trying. When the API server is away nobody can lead, agents enforce what they know, and nothing
 * is restarted.
 */
@NullMarked
package io.ocicat.controller.kubernetes;

import org.jspecify.annotations.NullMarked;
