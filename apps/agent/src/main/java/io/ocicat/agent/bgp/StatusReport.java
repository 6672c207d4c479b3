package io.ocicat.agent.bgp;

import io.ocicat.bgp.loop.Slice;
import io.ocicat.bgp.rib.RouteCursor;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.routing.Neighbour;
import io.ocicat.routing.NodeSpeaker;
import io.ocicat.sync.NodeRouting;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Tells in slices how the speaker is, as a CalicoNodeStatus has it. On the loop's thread. */
final class StatusReport implements Slice {

  private static final int PREFIXES_AT_ONCE = 512;
  private static final String VERSION =
      Optional.ofNullable(StatusReport.class.getPackage().getImplementationVersion()).orElse("dev");

  private final Speaker speaker;
  private final NodeSpeaker planned;
  private final Times times;
  private final Set<NodeRouting.Part> parts;
  private final Consumer<NodeRouting> answer;
  private final List<RouteCursor> cursors;
  private final List<NodeRouting.Route> routes = new ArrayList<>();
  private long routeCount;

  /** When the speaker began, and when it was given other settings; since 1970. */
  record Times(long bootMillis, long reconfiguredMillis) {}

  StatusReport(
      Speaker speaker,
      NodeSpeaker planned,
      Times times,
      Set<NodeRouting.Part> parts,
      Consumer<NodeRouting> answer) {
    this.speaker = speaker;
    this.planned = planned;
    this.times = times;
    this.parts = Set.copyOf(parts);
    this.answer = answer;
    this.cursors =
        parts.contains(NodeRouting.Part.ROUTES)
            ? List.of(
                speaker.rib().view().routes(Family.IPV4_UNICAST),
                speaker.rib().view().routes(Family.IPV6_UNICAST))
            : List.of();
  }

  @Override
  public boolean runFor(long nanos) {
    long end = System.nanoTime() + nanos;
    for (RouteCursor cursor : cursors) {
      while (!cursor.atEnd()) {
        cursor.next(PREFIXES_AT_ONCE).stream().filter(RouteRow::accepted).forEach(this::add);
        if (System.nanoTime() - end > 0) {
          return true;
        }
      }
    }
    answer.accept(new NodeRouting(speaker(), sessions(), routes, routeCount));
    return false;
  }

  private void add(RouteRow row) {
    routeCount++;
    if (routes.size() < NodeRouting.MOST_ROUTES) {
      boolean own = row.peer().isEmpty();
      routes.add(
          new NodeRouting.Route(
              row.prefix(),
              row.best(),
              own ? "" : row.attributes().nextHop().map(IpAddress::toString).orElse(""),
              "",
              own ? NodeRouting.Source.STATIC : source(row.peer()),
              row.peer()));
    }
  }

  private NodeRouting.Source source(String peer) {
    return origin(peer) == NodeRouting.Origin.NODE_MESH
        ? NodeRouting.Source.NODE_MESH
        : NodeRouting.Source.BGP_PEER;
  }

  private NodeRouting.Speaker speaker() {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    planned.nextHops().forEach(address -> families.add(address.family()));
    return new NodeRouting.Speaker(
        families,
        VERSION,
        planned.routerId().toString(),
        times.bootMillis,
        times.reconfiguredMillis);
  }

  private List<NodeRouting.Session> sessions() {
    if (!parts.contains(NodeRouting.Part.BGP)) {
      return List.of();
    }
    long now = System.currentTimeMillis();
    return speaker.peers().stream().map(peer -> session(peer, now)).toList();
  }

  private NodeRouting.Session session(PeerView peer, long nowMillis) {
    // A range has its neighbours' addresses; who is looked for on a device has one when found.
    IpFamily family =
        peer.address().indexOf(':') >= 0 || peer.address().startsWith("on ")
            ? IpFamily.IPV6
            : IpFamily.IPV4;
    return new NodeRouting.Session(
        peer.address(),
        family,
        origin(peer.name()),
        peer.state().toString(),
        nowMillis - peer.sinceChange().toMillis());
  }

  private NodeRouting.Origin origin(String peer) {
    return planned
        .neighbour(peer)
        .map(Neighbour::sort)
        .map(
            sort ->
                switch (sort) {
                  case NODE_MESH -> NodeRouting.Origin.NODE_MESH;
                  case NODE_PEER -> NodeRouting.Origin.NODE_PEER;
                  case GLOBAL_PEER -> NodeRouting.Origin.GLOBAL_PEER;
                })
        .orElse(NodeRouting.Origin.GLOBAL_PEER);
  }
}
