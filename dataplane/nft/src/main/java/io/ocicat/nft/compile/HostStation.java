package io.ocicat.nft.compile;

import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.nft.compile.NftHosts.Endpoint;
import io.ocicat.policy.HostStage;

/** A place where policy of interfaces is asked: which steps, by which interface, and its names. */
enum HostStation {
  UNTRACKED_IN("host-untracked-in", HostStage.UNTRACKED, Direction.INGRESS),
  UNTRACKED_OUT("host-untracked-out", HostStage.UNTRACKED, Direction.EGRESS),
  PRE_DNAT("host-pre-dnat", HostStage.PRE_DNAT, Direction.INGRESS),
  FORWARD_IN("host-forward-in", HostStage.FORWARD, Direction.INGRESS),
  FORWARD_OUT("host-forward-out", HostStage.FORWARD, Direction.EGRESS),
  IN("host-in", HostStage.OWN, Direction.INGRESS),
  OUT("host-out", HostStage.OWN, Direction.EGRESS);

  private final String label;
  private final HostStage stage;
  private final Direction direction;

  HostStation(String label, HostStage stage, Direction direction) {
    this.label = label;
    this.stage = stage;
    this.direction = direction;
  }

  /** The name of its map by interface, and the start of its chains' names. */
  String label() {
    return label;
  }

  HostStage stage() {
    return stage;
  }

  Direction direction() {
    return direction;
  }

  /** Whether the endpoint has anything to say there, or to count. */
  boolean concerns(Endpoint endpoint) {
    return decides(endpoint) || !endpoint.policy().at(stage).foreseen(direction).isEmpty();
  }

  /** Whether the endpoint has anything to say there. */
  boolean decides(Endpoint endpoint) {
    return !endpoint.policy().steps(stage, direction).isEmpty();
  }
}
