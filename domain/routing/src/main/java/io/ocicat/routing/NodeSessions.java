package io.ocicat.routing;

import io.ocicat.inet.Ipv4Address;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** Which nodes BGPPeers join, and whether reflectors lead from one node to another. */
final class NodeSessions {
  /**
   * A BGPPeer that gives a node another as a neighbour.
   *
   * @param field the field that names the other
   */
  record Joint(BgpPeer peer, String field) {}

  private final List<BgpPeer> peers;
  private final List<Node> reflectors;

  NodeSessions(List<BgpPeer> peers, List<Node> nodes) {
    this.peers =
        peers.stream()
            // Those for all nodes come before those for some.
            .sorted(
                Comparator.comparing(
                        (BgpPeer each) -> !(each.nodes() instanceof BgpPeer.Where.Everywhere))
                    .thenComparing(BgpPeer::name))
            .toList();
    this.reflectors =
        nodes.stream()
            .filter(NodeFacts::isReflector)
            .sorted(Comparator.comparing(Node::name))
            .toList();
  }

  /** All BGPPeers in the order in which they are asked. */
  List<BgpPeer> peers() {
    return peers;
  }

  /**
   * Why this node has the other as a neighbour; all BGPPeers that say so, the deciding one first.
   */
  List<Joint> joints(Node node, Node other) {
    List<Joint> joints = new ArrayList<>();
    for (BgpPeer peer : peers) {
      if (peer.nodes().holds(node) && leadsTo(peer, other)) {
        String field = peer.remote() instanceof BgpPeer.Remote.Nodes ? "peerSelector" : "peerIP";
        joints.add(new Joint(peer, "spec." + field));
      } else if (peer.reversed()
          && peer.remote() instanceof BgpPeer.Remote.Nodes
          && peer.nodes().holds(other)
          && leadsTo(peer, node)) {
        joints.add(new Joint(peer, "spec.reversePeering"));
      }
    }
    return joints;
  }

  /** Whether routes of each of them reach the other by sessions that BGPPeers ask for. */
  boolean lead(Node from, Node to) {
    if (areJoined(from, to)) {
      return true;
    }
    // Reflectors that have the route, with the clusters that it has passed: none takes it twice.
    record Reached(Node reflector, Set<Ipv4Address> clusters) {}
    Queue<Reached> queue = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    seen.add(from.name());
    for (Node reflector : reflectors) {
      if (areJoined(from, reflector) && seen.add(reflector.name())) {
        queue.add(new Reached(reflector, Set.of(clusterOf(reflector))));
      }
    }
    for (Reached at = queue.poll(); at != null; at = queue.poll()) {
      if (areJoined(at.reflector(), to) && takes(to, at.clusters())) {
        return true;
      }
      for (Node next : reflectors) {
        if (areJoined(at.reflector(), next)
            && takes(next, at.clusters())
            && seen.add(next.name())) {
          Set<Ipv4Address> clusters = new HashSet<>(at.clusters());
          clusters.add(clusterOf(next));
          queue.add(new Reached(next, clusters));
        }
      }
    }
    return false;
  }

  private boolean areJoined(Node one, Node other) {
    return !one.name().equals(other.name())
        && !joints(one, other).isEmpty()
        && !joints(other, one).isEmpty();
  }

  private static boolean takes(Node node, Set<Ipv4Address> clusters) {
    Optional<Ipv4Address> own = NodeFacts.clusterId(node);
    return own.isEmpty() || !clusters.contains(own.get());
  }

  private static Ipv4Address clusterOf(Node reflector) {
    return NodeFacts.clusterId(reflector)
        .orElseThrow(() -> new IllegalStateException("no reflector: " + reflector.name()));
  }

  private static boolean leadsTo(BgpPeer peer, Node node) {
    return switch (peer.remote()) {
      case BgpPeer.Remote.Nodes(var selector) -> selector.matches(node.labels());
      case BgpPeer.Remote.Router(var endpoint) ->
          node.internalAddresses().contains(endpoint.address());
      case BgpPeer.Remote.Workloads _, BgpPeer.Remote.Unsaid _ -> false;
    };
  }
}
