package io.ocicat.controller;

import io.ocicat.controller.kubernetes.KubernetesConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a controller keeps its things and listens.
 *
 * @param stateDirectory holds the authority's key and the store
 * @param apiListen for the Kubernetes-shaped API; port 0: the one of the last start if it is free,
 *     else any
 * @param syncListen for agents; port 0: any
 * @param syncNamespace file of the network namespace in which to listen for agents; empty: the
 *     process's own
 * @param kubeconfig file to write for administrators
 * @param joinToken file to write for new nodes
 * @param healthListen where to say how this process is; empty: nowhere
 * @param kubernetes the cluster that it is part of; empty: it is its own
 */
public record ControllerConfig(
    Path stateDirectory,
    InetSocketAddress apiListen,
    InetSocketAddress syncListen,
    Optional<Path> syncNamespace,
    Path kubeconfig,
    Path joinToken,
    Optional<InetSocketAddress> healthListen,
    Optional<KubernetesConfig> kubernetes) {

  /** With everything in the state directory. */
  public static ControllerConfig in(
      Path stateDirectory, InetSocketAddress apiListen, InetSocketAddress syncListen) {
    return new ControllerConfig(
        stateDirectory,
        apiListen,
        syncListen,
        Optional.empty(),
        stateDirectory.resolve("kubeconfig"),
        stateDirectory.resolve("join-token"),
        Optional.empty(),
        Optional.empty());
  }

  /** Where agents are listened for. */
  public AgentsSocket agents() {
    return new AgentsSocket(syncListen, syncNamespace);
  }

  /** The embedded store's file. */
  public Path store() {
    return stateDirectory.resolve("store.db");
  }

  /** There while the controller serves; JSON with the addresses. */
  public Path ready() {
    return stateDirectory.resolve("ready");
  }
}
