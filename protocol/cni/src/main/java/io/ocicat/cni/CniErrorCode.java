package io.ocicat.cni;

/** Error codes: below 100 of the specification and libcni, from 100 our own. */
public enum CniErrorCode {
  INCOMPATIBLE_VERSION(1),
  UNSUPPORTED_FIELD(2),
  UNKNOWN_CONTAINER(3),
  INVALID_ENVIRONMENT(4),
  IO_FAILURE(5),
  DECODE_FAILURE(6),
  INVALID_CONFIG(7),
  INVALID_NETNS(8),
  TRY_LATER(11),
  CANNOT_SERVE_ADD(50),
  LIMITED_CONNECTIVITY(51),
  /** Every address of the node's blocks is in use and the controller has no further block. */
  POOL_EXHAUSTED(100),
  /** Pools exist, but each that would serve this node is disabled. */
  POOL_DISABLED(101),
  /** No pool selects this node. */
  NO_POOL_FOR_NODE(102),
  /** A requested address is in use, or not in a block of this node. */
  ADDRESS_UNAVAILABLE(103),
  /** The attachment is there, but is not as the result of ADD said. */
  ATTACHMENT_BROKEN(110),
  INTERNAL(999);

  private final int value;

  CniErrorCode(int value) {
    this.value = value;
  }

  public int value() {
    return value;
  }
}
