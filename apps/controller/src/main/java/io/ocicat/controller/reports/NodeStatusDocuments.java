package io.ocicat.controller.reports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.CalicoNodeStatus;
import io.ocicat.model.Kinds;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.sync.NodeRouting;
import io.ocicat.sync.Notice;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a node answered into the status of a CalicoNodeStatus. */
final class NodeStatusDocuments {

  private static final Logger LOG = LoggerFactory.getLogger(NodeStatusDocuments.class);
  private static final String ESTABLISHED = "Established";

  private final Store store;
  private final DocumentStamp stamp;

  NodeStatusDocuments(Store store, DocumentStamp stamp) {
    this.store = store;
    this.stamp = stamp;
  }

  /** What another node than the one that is asked answers is left out. */
  void write(String node, Notice.Routed answer) {
    ResourceKey key = ResourceKey.ofCluster(Kinds.CALICO_NODE_STATUS.name(), answer.request());
    while (true) {
      Optional<StoredObject> existing = store.get(key);
      if (existing.isEmpty()) {
        return;
      }
      ObjectNode document = existing.get().tree();
      CalicoNodeStatus asked = CalicoNodeStatus.read(document);
      if (!asked.node().equals(node) || !asked.metadata().uid().equals(answer.uid())) {
        return;
      }
      document.set("status", status(document, asked.classes(), answer.routing()));
      switch (store.update(key, document, Expected.revision(existing.get().revision()))) {
        case Written _, NotFound _ -> {
          return;
        }
        case Conflict _ -> LOG.debug("{} changed while it was written", key);
      }
    }
  }

  private ObjectNode status(ObjectNode document, List<String> classes, NodeRouting routing) {
    ObjectNode status = document.objectNode().put("lastUpdated", stamp.now());
    if (classes.contains(NodeRouting.Part.AGENT.word())) {
      ObjectNode agent = status.putObject("agent");
      speaker(routing.speaker(), IpFamily.IPV4, agent.putObject("birdV4"));
      speaker(routing.speaker(), IpFamily.IPV6, agent.putObject("birdV6"));
    }
    if (classes.contains(NodeRouting.Part.BGP.word())) {
      ObjectNode bgp = status.putObject("bgp");
      sessions(routing.sessions(), IpFamily.IPV4, "V4", bgp);
      sessions(routing.sessions(), IpFamily.IPV6, "V6", bgp);
    }
    if (classes.contains(NodeRouting.Part.ROUTES.word())) {
      ObjectNode routes = status.putObject("routes");
      ArrayNode v4 = routes.putArray("routesV4");
      ArrayNode v6 = routes.putArray("routesV6");
      routing.routes().stream()
          .limit(NodeRouting.MOST_ROUTES)
          .forEach(
              each ->
                  route(
                      each, (each.destination().family() == IpFamily.IPV4 ? v4 : v6).addObject()));
    }
    return status;
  }

  private static void speaker(NodeRouting.Speaker speaker, IpFamily family, ObjectNode json) {
    boolean speaks = speaker.families().contains(family);
    json.put("state", speaks ? "Ready" : "NotReady");
    if (speaks) {
      text(json, "version", speaker.version());
      text(json, "routerID", speaker.routerId());
      text(json, "lastBootTime", time(speaker.bootMillis()));
      text(json, "lastReconfigurationTime", time(speaker.reconfiguredMillis()));
    }
  }

  private static void sessions(
      List<NodeRouting.Session> all, IpFamily family, String suffix, ObjectNode bgp) {
    List<NodeRouting.Session> sessions =
        all.stream().filter(each -> each.family() == family).toList();
    long established = sessions.stream().filter(NodeStatusDocuments::isEstablished).count();
    bgp.put("numberEstablished" + suffix, established)
        .put("numberNotEstablished" + suffix, sessions.size() - established);
    ArrayNode peers = bgp.putArray("peers" + suffix);
    for (NodeRouting.Session each : sessions) {
      ObjectNode peer = peers.addObject();
      peer.put("peerIP", each.peer()).put("type", each.origin().word()).put("state", each.state());
      text(peer, "since", time(each.sinceMillis()));
    }
  }

  private static boolean isEstablished(NodeRouting.Session session) {
    return session.state().equals(ESTABLISHED);
  }

  private static void route(NodeRouting.Route route, ObjectNode json) {
    json.put("type", route.installed() ? "FIB" : "RIB")
        .put("destination", route.destination().toString());
    text(json, "gateway", route.gateway());
    text(json, "interface", route.device());
    ObjectNode from = json.putObject("learnedFrom").put("sourceType", route.source().word());
    text(from, "peerIP", route.peer());
  }

  /** Empty fields are left out, as the API server's patches have it. */
  private static void text(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }

  private static String time(long millis) {
    return millis == 0
        ? ""
        : DateTimeFormatter.ISO_INSTANT.format(
            Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS));
  }
}
