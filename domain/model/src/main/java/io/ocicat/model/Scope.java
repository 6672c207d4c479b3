package io.ocicat.model;

/** Whether the objects of a kind live in a namespace. */
public enum Scope {
  /** Objects have a namespace. */
  NAMESPACED,
  /** Objects belong to the cluster; their namespace is empty. */
  CLUSTER
}
