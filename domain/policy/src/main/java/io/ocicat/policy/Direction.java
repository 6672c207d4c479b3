package io.ocicat.policy;

/** Seen from the pod that a policy selects: what comes to it, or what it sends. */
public enum Direction {
  INGRESS,
  EGRESS
}
