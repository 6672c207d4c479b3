package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeer.Remote;
import io.ocicat.model.Node;
import io.ocicat.model.PeerEndpoint;
import io.ocicat.routing.Neighbour.Place;
import io.ocicat.routing.Neighbour.Sort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The neighbours of one node. Of several objects that ask for one at the same place the first
 * decides: BGPPeers for all nodes, then those for some, then the mesh; by name among them.
 */
final class Neighbours {
  static final int USUAL_PORT = 179;
  private static final int USUAL_MOST = 100;
  private static final List<IpFamily> BOTH = List.of(IpFamily.values());

  private final RoutingInputs inputs;
  private final Node node;
  private final BgpSettings settings;
  private final NodeSessions sessions;
  private final SessionShape shape;
  private final List<Notice> notices;
  private final List<Node> others;
  private final Map<String, Neighbour> found = new TreeMap<>();

  Neighbours(
      RoutingInputs inputs,
      Node node,
      BgpSettings settings,
      NodeSessions sessions,
      List<Notice> notices) {
    this.inputs = inputs;
    this.node = node;
    this.settings = settings;
    this.sessions = sessions;
    this.notices = notices;
    this.shape = new SessionShape(inputs, node, settings, notices);
    this.others =
        inputs.nodes().stream()
            .filter(each -> !each.name().equals(node.name()))
            .sorted(Comparator.comparing(Node::name))
            .toList();
  }

  /** By name. */
  List<Neighbour> all() {
    for (BgpPeer peer : sessions.peers()) {
      if (peer.nodes().holds(node)) {
        ofPeer(peer);
      }
    }
    for (Node other : others) {
      for (NodeSessions.Joint joint : sessions.joints(node, other)) {
        if (!joint.field().equals("spec.peerIP")) {
          toNode(joint.peer(), other, joint.field());
        }
      }
    }
    mesh();
    return List.copyOf(found.values());
  }

  private void ofPeer(BgpPeer peer) {
    ChosenOptions options = ChosenOptions.of(inputs.options(), node, peer);
    switch (peer.remote()) {
      case Remote.Router(PeerEndpoint endpoint) -> router(peer, endpoint, options);
      case Remote.Nodes _ -> {} // by pairs of nodes, as it may be asked for from either end
      case Remote.Workloads(var selector) -> {
        for (RoutingInputs.Workload workload : inputs.workloads()) {
          if (selector.matches(workload.labels())) {
            workload(peer, workload);
          }
        }
      }
      case Remote.Unsaid _ -> unsaid(peer, options);
    }
  }

  private void router(BgpPeer peer, PeerEndpoint endpoint, ChosenOptions options) {
    IpAddress address = endpoint.address();
    if (node.internalAddresses().contains(address)) {
      return;
    }
    String device = "";
    if (address.isLinkLocal() && address.family() == IpFamily.IPV6) {
      List<String> devices = options.firstList("interfaces", each -> each.interfaces());
      if (devices.isEmpty()) {
        notices.add(
            new Notice(
                reason(peer, "spec.peerIP"),
                "is link-local, and no BGPPeerOptions says by its interfaces on which device: no"
                    + " session"));
        return;
      }
      device = devices.getFirst();
    }
    Optional<Node> other =
        others.stream().filter(each -> each.internalAddresses().contains(address)).findFirst();
    put(
        shape.ofPeer(
            peer,
            new Place.At(address, portOf(endpoint), device),
            other,
            List.of(address.family()),
            options,
            reason(peer, "spec.peerIP")));
  }

  private static int portOf(PeerEndpoint endpoint) {
    return endpoint.port() == 0 ? USUAL_PORT : endpoint.port();
  }

  private void toNode(BgpPeer peer, Node other, String field) {
    for (IpFamily family : IpFamily.values()) {
      Optional<IpAddress> remote = NodeFacts.address(other, family);
      if (remote.isPresent() && NodeFacts.address(node, family).isPresent()) {
        put(
            shape.ofPeer(
                peer,
                new Place.At(remote.get(), listenPort(other), ""),
                Optional.of(other),
                List.of(family),
                ChosenOptions.of(inputs.options(), node, peer),
                reason(peer, field)));
      }
    }
  }

  private void workload(BgpPeer peer, RoutingInputs.Workload workload) {
    for (IpAddress address : workload.addresses()) {
      if (settings.workloadPeering().stream().noneMatch(e -> e.family() == address.family())) {
        notices.add(
            new Notice(
                reason(peer, "spec.localWorkloadSelector"),
                "no BGPConfiguration says at which %s address pods find their node: localWorkloadPeering%s"
                    .formatted(
                        words(address.family()),
                        words(address.family()).toUpperCase(Locale.ROOT))));
      }
      put(
          shape.ofWorkload(
              peer,
              new Place.At(address, USUAL_PORT, workload.device()),
              List.of(address.family()),
              ChosenOptions.of(inputs.options(), node, peer),
              List.of(
                  reason(peer, "spec.localWorkloadSelector"),
                  new Reason("Pod/" + workload.name(), "metadata.labels"))));
    }
  }

  static String words(IpFamily family) {
    return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
  }

  private void unsaid(BgpPeer peer, ChosenOptions options) {
    List<Cidr> ranges = options.firstList("ranges", each -> each.ranges());
    List<String> devices = options.firstList("interfaces", each -> each.interfaces());
    int most = options.first("mostFromRanges", each -> each.mostFromRanges()).orElse(USUAL_MOST);
    for (Cidr range : ranges) {
      put(
          shape.ofPeer(
              peer,
              new Place.Range(range, most),
              Optional.empty(),
              BOTH,
              ChosenOptions.of(inputs.options(), node, peer),
              options.reasonOf("ranges")));
    }
    for (String device : devices) {
      put(
          shape.ofPeer(
              peer,
              new Place.On(device),
              Optional.empty(),
              BOTH,
              ChosenOptions.of(inputs.options(), node, peer),
              options.reasonOf("interfaces")));
    }
    if (ranges.isEmpty() && devices.isEmpty()) {
      notices.add(
          new Notice(
              reason(peer, "spec.peerIP"),
              "neither this nor peerSelector nor localWorkloadSelector is given, and no"
                  + " BGPPeerOptions has ranges or interfaces for it: no session"));
    }
  }

  private void mesh() {
    if (!settings.meshed()) {
      return;
    }
    for (Node other : others) {
      List<Reason> reasons = new ArrayList<>(List.of(settings.meshReason()));
      if (NodeFacts.isReflector(node) || NodeFacts.isReflector(other)) {
        if (sessions.lead(node, other)) {
          continue;
        }
        Node reflector = NodeFacts.isReflector(node) ? node : other;
        Reason why = NodeFacts.reason(reflector, NodeFacts.CLUSTER_ID);
        reasons.add(why);
        notices.add(
            new Notice(
                why,
                "makes a reflector of a node that no BGPPeers lead to from %s: the session of the mesh stays"
                    .formatted(reflector.equals(node) ? other.name() : node.name())));
      }
      for (IpFamily family : IpFamily.values()) {
        Optional<IpAddress> remote = NodeFacts.address(other, family);
        Optional<IpAddress> own = NodeFacts.address(node, family);
        if (remote.isPresent() && own.isPresent()) {
          put(
              shape.ofMesh(
                  new Place.At(remote.get(), listenPort(other), ""),
                  other,
                  family,
                  isPassive(own.get(), remote.get()),
                  reasons));
        }
      }
    }
  }

  /** The one whose address is the greater text connects. */
  private static boolean isPassive(IpAddress own, IpAddress remote) {
    return remote.toString().compareTo(own.toString()) > 0;
  }

  private int listenPort(Node other) {
    return BgpSettings.of(inputs.configurations(), other.name())
        .said("listenPort", BgpConfiguration::listenPort)
        .map(BgpSettings.Said::value)
        .orElse(USUAL_PORT);
  }

  private void put(Neighbour neighbour) {
    found.merge(
        neighbour.name(),
        neighbour,
        (first, second) -> {
          if (second.sort() != Sort.NODE_MESH
              && !first.because(List.of()).equals(second.because(List.of()))) {
            notices.add(
                new Notice(
                    second.reasons().getFirst(),
                    "gives a neighbour at %s, which there is for %s already: passed over"
                        .formatted(first.name(), first.reasons().getFirst())));
          }
          Set<Reason> reasons = new LinkedHashSet<>(first.reasons());
          reasons.addAll(second.reasons());
          return first.because(List.copyOf(reasons));
        });
  }

  static Reason reason(BgpPeer peer, String field) {
    return new Reason("BGPPeer/" + peer.name(), field);
  }

  static Sort sortOf(BgpPeer peer) {
    return peer.nodes() instanceof BgpPeer.Where.Everywhere ? Sort.GLOBAL_PEER : Sort.NODE_PEER;
  }
}
