package io.ocicat.policy;

/** Where on its way through a node a packet meets policy of the interface it comes or leaves by. */
public enum HostStage {
  /** Before connections are known. */
  UNTRACKED,
  /** Having come in, before destinations are translated. */
  PRE_DNAT,
  /** On the way from one interface to another. */
  FORWARD,
  /** To or from the host itself. */
  OWN
}
