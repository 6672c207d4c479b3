package io.ocicat.controller;

/** Where the API learns how the cluster is. Safe for use by many threads; never blocks. */
@FunctionalInterface
public interface StatusSource {

  ClusterStatus status();
}
