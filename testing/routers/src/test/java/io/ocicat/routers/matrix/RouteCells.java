package io.ocicat.routers.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Community;
import io.ocicat.bgpwire.ExtendedCommunity;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.LargeCommunity;
import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.routers.matrix.Task.Knob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Rows about what routes carry and where they go. */
final class RouteCells {

  private static final String SHARED = "10.9.0.0/24";
  private static final String SPECIAL = "10.31.0.0/24";
  private static final int LIMIT = 10;
  private static final int TOO_MANY = 20;

  private RouteCells() {}

  // ---- asked for again

  static void refreshByUs(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    long before = us.received(MessageType.UPDATE);
    ask(cell, us);
    cell.await("second UPDATE", () -> us.received(MessageType.UPDATE) > before);
    cell.exchanged(us);
    assertThat(us.peer().flaps()).isZero();
  }

  private static void ask(Cell cell, OurSpeaker us) {
    boolean asked = us.ask(s -> us.session(s).requestRefresh(Family.IPV4_UNICAST));
    assertThat(asked).isTrue();
    if (cell.peer() == Peer.OPENBGPD) {
      cell.fails("route refresh: AID IPv4 unicast not negotiated", "It forgets what it negotiated");
    } else if (cell.peer() == Peer.EXABGP) {
      cell.fails("down - peer reset, message [] error[]", "It fails when it is asked");
    }
  }

  static void refreshByIt(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    long before = us.received(MessageType.ROUTE_REFRESH);
    cell.router().refresh();
    cell.await("question", () -> us.received(MessageType.ROUTE_REFRESH) > before);
    cell.exchanged(us);
    assertThat(us.peer().flaps()).isZero();
  }

  static void enhancedRefresh(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    cell.needs(us, Capability.EnhancedRouteRefresh.class, "enhanced route refresh");
    long before = us.received(MessageType.ROUTE_REFRESH);
    ask(cell, us);
    cell.await("beginning and end", () -> us.received(MessageType.ROUTE_REFRESH) >= before + 2);
    cell.await("routes, none stale", () -> us.counters(Family.IPV4_UNICAST).stale() == 0);
    cell.exchanged(us);
    assertThat(us.peer().flaps()).isZero();
  }

  // ---- several paths

  static void addPathIn(Cell cell) throws Exception {
    boolean hasTables = cell.peer() != Peer.EXABGP;
    Task task = Task.external().with(Knob.ADD_PATH);
    OurSpeaker us =
        cell.both(
            hasTables ? task.with(Knob.SIDES, "2") : task, "addPath: {send: 4, receive: true}");
    cell.established(us);
    String prefix = hasTables ? SHARED : BgpRouter.ROUTE;
    needsPaths(cell, us, true);
    if (hasTables) {
      OurSpeaker _ = cell.beside(3, "10.98.0.2", task.as(), SHARED);
      OurSpeaker _ = cell.beside(4, "10.98.0.2", task.as(), SHARED);
    }
    cell.await("two paths here", () -> us.paths(prefix).size() == 2);
    List<RouteRow> paths = us.paths(prefix);
    assertThat(paths.get(0).pathId()).isNotEqualTo(paths.get(1).pathId());
  }

  static void addPathOut(Cell cell) throws Exception {
    Task task = Task.external().with(Knob.ADD_PATH);
    cell.startRouter(task);
    OurSpeaker us = cell.amongOthers("as: external", "addPath: {send: all, receive: true}");
    OurSpeaker first = cell.beside(3, "10.98.0.1", task.ourAs(), SHARED);
    OurSpeaker second = cell.beside(4, "10.98.0.1", task.ourAs(), SHARED);
    cell.established(us);
    needsPaths(cell, us, false);
    cell.await("two paths there", () -> cell.router().paths(SHARED) == 2);
    first.close();
    cell.await("one path there", () -> cell.router().paths(SHARED) == 1);
    second.close();
    cell.await("no path there", () -> cell.router().paths(SHARED) == 0);
  }

  private static void needsPaths(Cell cell, OurSpeaker us, boolean sending) {
    cell.needs(us, Capability.AddPath.class, "add-path");
    boolean can =
        us.offered(Capability.AddPath.class).orElseThrow().families().stream()
            .filter(d -> d.family().equals(Family.IPV4_UNICAST))
            .anyMatch(d -> sending ? d.sends() : d.receives());
    if (!can) {
      throw new NotApplicable(
          "Its OPEN offers add-path, but not to " + (sending ? "send" : "receive"));
    }
  }

  // ---- communities

  static void communities(Cell cell) throws Exception {
    OurSpeaker us =
        marked(cell, a -> a.communities(List.of(Community.parse("65010:31").orElseThrow())));
    cell.await("our community there", () -> told(cell).contains("65010:31"));
    assertThat(attributes(us).communities().toString()).contains("65010:20");
  }

  static void extendedCommunities(Cell cell) throws Exception {
    OurSpeaker us =
        marked(cell, a -> a.extendedCommunities(List.of(ExtendedCommunity.routeTarget(65010, 31))));
    cell.await("our community there", () -> told(cell).contains("65010:31"));
    assertThat(attributes(us).extendedCommunities())
        .contains(ExtendedCommunity.routeTarget(65010, 20));
  }

  static void largeCommunities(Cell cell) throws Exception {
    OurSpeaker us =
        marked(
            cell,
            a -> a.largeCommunities(List.of(LargeCommunity.parse("65010:1:31").orElseThrow())));
    cell.await("our community there", () -> told(cell).contains("65010:1:31"));
    assertThat(attributes(us).largeCommunities().toString()).contains("65010:1:20");
  }

  private static OurSpeaker marked(Cell cell, UnaryOperator<AttributesBuilder> mark)
      throws Exception {
    OurSpeaker us = cell.both(Task.external());
    us.originate(SPECIAL, mark.apply(Attributes.builder()).build());
    cell.exchanged(us);
    return us;
  }

  /** BIRD writes (65010, 31) for 65010:31. */
  private static String told(Cell cell) {
    return cell.router().details(SPECIAL).replace(", ", ":").replace(',', ':');
  }

  private static Attributes attributes(OurSpeaker us) {
    return us.paths(BgpRouter.ROUTE).getFirst().attributes();
  }

  // ---- encodings

  static void overIpv6(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external().with(Knob.IPV6));
    cell.await("a session", us::stands);
    cell.needs(us, Capability.ExtendedNextHop.class, "extended next hops");
    cell.exchanged(us);
    assertThat(attributes(us).nextHop().orElseThrow()).hasToString("fd98::2");
    assertThat(cell.router().details(Cell.OUR_ROUTE)).contains("fd98::1");
  }

  static void extendedMessages(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external().with(Knob.EXTENDED_MESSAGES).with(Knob.LONG));
    cell.await("a session", us::stands);
    cell.needs(us, Capability.ExtendedMessage.class, "extended messages");
    List<Community> many = new ArrayList<>();
    for (String text : BgpRouter.longCommunities(Task.external().with(Knob.LONG))) {
      many.add(Community.parse(text).orElseThrow());
    }
    us.originate(SPECIAL, Attributes.builder().communities(many).build());
    cell.exchanged(us);
    assertThat(attributes(us).communities()).containsAll(many);
    // FRR shows not all of them.
    cell.await("our route with them there", () -> told(cell).contains("65011:500"));
  }

  // ---- reflection

  static void reflectedByUs(Cell cell) throws Exception {
    Task task = Task.internal();
    cell.startRouter(task);
    OurSpeaker us =
        cell.amongOthers("as: internal, reflectorClient: true", "reflectorClient: true");
    OurSpeaker client = cell.beside(3, "10.98.0.1", task.ourAs(), SHARED);
    cell.exchanged(us);
    cell.await(
        "a client's route there",
        () -> {
          String told = cell.router().details(SHARED);
          return told.contains("10.98.0.3") && told.toLowerCase(Locale.ROOT).contains("cluster");
        });
    cell.await("its route at a client", () -> client.has(BgpRouter.ROUTE));
    Attributes reflected = client.paths(BgpRouter.ROUTE).getFirst().attributes();
    assertThat(reflected.originatorId().orElseThrow()).hasToString("10.98.0.2");
    assertThat(reflected.clusterList().toString()).contains("10.98.0.1");
  }

  static void reflectedByIt(Cell cell) throws Exception {
    if (cell.peer() == Peer.EXABGP) {
      throw new NotApplicable("It has no tables and passes no route on");
    }
    Task task = Task.internal().with(Knob.REFLECTS).with(Knob.SIDES, "1");
    OurSpeaker us = cell.both(task);
    OurSpeaker other = cell.beside(3, "10.98.0.2", task.as(), SHARED);
    cell.exchanged(us);
    cell.await("a client's route here", () -> us.has(SHARED));
    Attributes reflected = us.paths(SHARED).getFirst().attributes();
    assertThat(reflected.originatorId().orElseThrow()).hasToString("10.98.0.3");
    assertThat(reflected.clusterList().toString()).contains("10.98.0.2");
    cell.await("our route at the client", () -> other.has(Cell.OUR_ROUTE));
  }

  // ---- limits

  static void tooManyFromIt(Cell cell) throws Exception {
    OurSpeaker us =
        cell.both(
            Task.external().with(Knob.MANY, Integer.toString(TOO_MANY)),
            "maxPrefixes: {limit: " + LIMIT + "}");
    cell.await("a session or its end", () -> us.stands() || us.peer().flaps() > 0);
    cell.router().established();
    cell.await("end of the session", () -> us.peer().flaps() == 1);
    cell.await(
        "our reason there",
        () -> cell.router().session().toLowerCase(Locale.ROOT).contains("prefixes"));
    assertThat(us.peer().state()).isEqualTo(FsmState.IDLE);
    assertThat(us.has(BgpRouter.ROUTE)).isFalse();
  }

  static void tooManyFromUs(Cell cell) throws Exception {
    if (cell.peer() == Peer.EXABGP) {
      throw new NotApplicable("It has no tables and counts no prefixes");
    }
    OurSpeaker us = cell.both(Task.external().with(Knob.LIMIT, Integer.toString(LIMIT)));
    cell.exchanged(us);
    for (int i = 0; i < TOO_MANY; i++) {
      us.originate("10.34." + i + ".0/24");
    }
    cell.await(
        "end with its reason here",
        () -> us.peer().lastError().contains("Maximum Number of Prefixes Reached"));
  }
}
