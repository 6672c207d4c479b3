package io.ocicat.controller.kubernetes;

import io.ocicat.controller.ClusterSide;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a controller in a Kubernetes cluster is told.
 *
 * @param kubeconfig how to reach the API server; empty: as a pod does
 * @param namespace of controllers and agents
 * @param replica name of this controller's pod
 * @param advertised host:port where agents reach this replica
 * @param agentAccount the agents' service account
 * @param blocks where nodes' blocks come from
 */
public record KubernetesConfig(
    Optional<Path> kubeconfig,
    String namespace,
    String replica,
    String advertised,
    String agentAccount,
    ClusterSide.Blocks blocks) {}
