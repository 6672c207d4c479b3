package io.ocicat.controller;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a controller keeps its things and listens.
 *
 * @param dataDirectory holds the authority's key, the store, and what {@link ControllerFiles} names
 * @param apiAddress of the Kubernetes-shaped API; port 0 for any
 * @param syncAddress for agents; port 0 for any
 * @param syncNamespace file of the network namespace in which to listen for agents; empty: the
 *     process's own
 */
public record ControllerConfig(
    Path dataDirectory,
    InetSocketAddress apiAddress,
    InetSocketAddress syncAddress,
    Optional<Path> syncNamespace) {}
