package io.ocicat.links;

/** Whether a reconciler may remove what its plan does not mention. */
public enum Pruning {
  /** The plan knows everything. */
  ALLOWED,
  /** The plan may still be missing something. */
  FORBIDDEN
}
