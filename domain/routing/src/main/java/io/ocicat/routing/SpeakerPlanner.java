package io.ocicat.routing;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the intended speaker of a node of the documents. */
public final class SpeakerPlanner {
  private static final int USUAL_PORT = 179;
  private static final String USUAL_PROGRAMS = "EnabledNoEncapOnly";

  private SpeakerPlanner() {}

  /** How this node is to speak; empty if there is no such node. */
  public static Optional<NodeSpeaker> plan(RoutingInputs inputs, String name) {
    return inputs.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .map(node -> plan(inputs, node));
  }

  private static NodeSpeaker plan(RoutingInputs inputs, Node node) {
    List<Notice> notices = new ArrayList<>(NodeFacts.unreadable(node));
    BgpSettings settings = BgpSettings.of(inputs.configurations(), node.name());
    NodeSessions sessions = new NodeSessions(inputs.peers(), inputs.nodes());
    List<Neighbour> neighbours = new Neighbours(inputs, node, settings, sessions, notices).all();
    List<OriginatedRoute> routes = OwnRoutes.of(inputs, node, settings, notices);
    BgpSettings.Said<Long> as = settings.asOf(node);
    List<IpAddress> addresses = NodeFacts.addresses(node);
    boolean bound =
        settings
            .said("bindMode", BgpConfiguration::bindToNodeAddress)
            .map(BgpSettings.Said::value)
            .orElse(false);
    return new NodeSpeaker(
        node.name(),
        as.value(),
        as.reason(),
        NodeFacts.routerId(node),
        NodeFacts.clusterId(node),
        new NodeSpeaker.Listen(
            settings
                .said("listenPort", BgpConfiguration::listenPort)
                .map(BgpSettings.Said::value)
                .orElse(USUAL_PORT),
            bound ? addresses : List.of(),
            settings.workloadPeering()),
        addresses,
        neighbours,
        routes,
        new NodeSpeaker.Kernel(
            settings
                .said("programClusterRoutes", BgpConfiguration::programs)
                .map(BgpSettings.Said::value)
                .orElse(USUAL_PROGRAMS),
            OwnRoutes.normalPriority(settings, IpFamily.IPV4),
            OwnRoutes.normalPriority(settings, IpFamily.IPV6)),
        notices.stream().distinct().sorted().toList());
  }
}
