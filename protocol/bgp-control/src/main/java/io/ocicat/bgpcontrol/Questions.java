package io.ocicat.bgpcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.bgp.decision.DecisionStep;
import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.Explanation;
import io.ocicat.bgp.rib.RouteCursor;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What may be asked of a speaker, and the documents that answer. */
public final class Questions implements Control.Answers {

  private static final int PREFIXES_AT_ONCE = 2000;
  private static final int MOST_ROWS = 100_000;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SpeakerThread speaker;
  private final Supplier<List<String>> reload;

  /**
   * @param reload reads the configuration again and goes over to it; answers what is wrong with it
   */
  public Questions(SpeakerThread speaker, Supplier<List<String>> reload) {
    this.speaker = speaker;
    this.reload = reload;
  }

  @Override
  public JsonNode answer(JsonNode question) {
    String peer = question.path("peer").asText("");
    return switch (question.path("command").asText()) {
      case "peers" -> peers();
      case "routes" -> rows(question, family -> s -> s.rib().view().routes(family));
      case "received" ->
          withPeer(
              peer, () -> rows(question, family -> s -> s.rib().view().received(peer, family)));
      case "advertised" ->
          withPeer(
              peer, () -> rows(question, family -> s -> s.rib().view().advertised(peer, family)));
      case "explain" -> explain(question.path("prefix").asText(""));
      case "reset" ->
          speaker.ask(s -> s.reset(peer)) ? done() : Control.error("no peer '" + peer + "'");
      case "refresh" -> withPeer(peer, () -> refresh(peer));
      case "reload" -> reloaded();
      case "metrics" -> JSON.objectNode().put("text", BgpMetrics.text(speaker));
      default -> Control.error("not a question: " + question);
    };
  }

  @Override
  public Optional<Control.Octets> octets(JsonNode question) {
    return question.path("command").asText().equals("dump")
        ? Optional.of(out -> MrtDump.write(speaker, InstantSource.system(), out))
        : Optional.empty();
  }

  private static ObjectNode done() {
    return JSON.objectNode().put("done", true);
  }

  private JsonNode withPeer(String peer, Supplier<JsonNode> answer) {
    return speaker.ask(s -> s.session(peer).isPresent())
        ? answer.get()
        : Control.error("no peer '" + peer + "'");
  }

  private JsonNode reloaded() {
    List<String> problems = reload.get();
    if (problems.isEmpty()) {
      return done();
    }
    return Control.error("the configuration is wrong:\n  " + String.join("\n  ", problems));
  }

  private JsonNode refresh(String peer) {
    boolean asked =
        speaker.ask(
            s -> {
              Optional<Session> session = s.session(peer);
              boolean any = false;
              if (session.isPresent() && session.get().state() == FsmState.ESTABLISHED) {
                for (Family family : session.get().negotiated().orElseThrow().families().keySet()) {
                  any |= session.get().requestRefresh(family);
                }
              }
              return any;
            });
    return asked ? done() : Control.error("'" + peer + "' has no session that can be refreshed");
  }

  // ---- peers

  private JsonNode peers() {
    ArrayNode peers = JSON.arrayNode();
    speaker.ask(Speaker::peers).forEach(view -> peers.add(peer(view)));
    return JSON.objectNode().set("peers", peers);
  }

  private static ObjectNode peer(PeerView view) {
    ObjectNode peer =
        JSON.objectNode()
            .put("name", view.name())
            .put("address", view.address())
            .put("localAs", view.localAs())
            .put("remoteAs", view.remoteAs())
            .put("identifier", view.identifier())
            .put("state", view.state().toString())
            .put("sinceSeconds", view.sinceChange().toSeconds())
            .put("dynamic", view.dynamic())
            .put("local", view.local())
            .put("holdTime", view.holdSeconds())
            .put("keepaliveTime", view.keepaliveSeconds())
            .put("flaps", view.flaps())
            .put("lastError", view.lastError())
            .put("bfd", bfd(view));
    ArrayNode capabilities = peer.putArray("capabilities");
    view.offered().forEach(capabilities::add);
    ObjectNode families = peer.putObject("families");
    view.families()
        .forEach(
            (family, counters) ->
                families
                    .putObject(family.toString())
                    .put("received", counters.received())
                    .put("accepted", counters.accepted())
                    .put("best", counters.best())
                    .put("advertised", counters.advertised())
                    .put("stale", counters.stale()));
    return peer;
  }

  /** Empty without BFD; "waiting" while the neighbour has said nothing. */
  private static String bfd(PeerView view) {
    return view.watched()
        ? view.liveness().map(state -> state.name().toLowerCase(Locale.ROOT)).orElse("waiting")
        : "";
  }

  // ---- routes

  private JsonNode rows(
      JsonNode question, Function<Family, Function<Speaker, RouteCursor>> cursors) {
    Optional<Cidr> within = Optional.empty();
    if (question.has("in")) {
      within = Cidr.tryParse(question.get("in").asText());
      if (within.isEmpty()) {
        return Control.error(question.get("in") + " is not a prefix");
      }
    }
    ArrayNode rows = JSON.arrayNode();
    boolean cut = false;
    for (Family family : List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST)) {
      if (question.has("family") && !question.get("family").asText().equals(family.toString())) {
        continue;
      }
      RouteCursor cursor = speaker.ask(cursors.apply(family));
      while (!cut && !speaker.ask(_ -> cursor.atEnd())) {
        for (RouteRow row : speaker.ask(_ -> cursor.next(PREFIXES_AT_ONCE))) {
          if (within.isEmpty() || within.get().contains(row.prefix())) {
            rows.add(route(row));
          }
        }
        cut = rows.size() >= MOST_ROWS;
      }
    }
    ObjectNode answer = JSON.objectNode();
    answer.put("cut", cut);
    answer.set("routes", rows);
    return answer;
  }

  private static ObjectNode route(RouteRow row) {
    ObjectNode route =
        JSON.objectNode()
            .put("prefix", row.prefix().toString())
            .put("peer", row.peer())
            .put("pathId", row.pathId())
            .put("accepted", row.accepted())
            .put("best", row.best())
            .put("stale", row.stale());
    return route.setAll(attributes(row.attributes()));
  }

  private static ObjectNode attributes(Attributes attributes) {
    ObjectNode shown = JSON.objectNode();
    shown.put("nextHop", attributes.nextHop().map(Object::toString).orElse(""));
    shown.put("asPath", attributes.asPath().toString());
    shown.put("attributes", attributes.toString());
    return shown;
  }

  private JsonNode explain(String text) {
    Optional<Cidr> prefix = Cidr.tryParse(text);
    if (prefix.isEmpty()) {
      return Control.error("'" + text + "' is not a prefix");
    }
    Explanation explanation = speaker.ask(s -> s.rib().view().explain(prefix.get()));
    ObjectNode answer = JSON.objectNode().put("prefix", prefix.get().toString());
    ArrayNode paths = answer.putArray("paths");
    for (Explanation.Path path : explanation.paths()) {
      ObjectNode shown = route(path.route());
      shown.put("importedBy", path.importedBy());
      shown.put("step", path.step().map(Object::toString).orElse(""));
      shown.put("why", path.step().map(DecisionStep::words).orElse(""));
      paths.add(shown);
    }
    ArrayNode exports = answer.putArray("exports");
    for (Explanation.Export export : explanation.exports()) {
      exports
          .addObject()
          .put("peer", export.peer())
          .put("sent", export.sent().map(Object::toString).orElse(""))
          .put("decidedBy", export.decidedBy());
    }
    return answer;
  }
}
