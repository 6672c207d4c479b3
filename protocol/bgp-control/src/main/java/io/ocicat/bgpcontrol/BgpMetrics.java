package io.ocicat.bgpcontrol;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.PeerCounters;
import io.ocicat.bgp.rib.RibCounters;
import io.ocicat.bgp.session.Liveness;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgpwire.Family;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A speaker in numbers, in the text format of Prometheus. */
public final class BgpMetrics {

  private static final List<Family> FAMILIES = List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

  private record Snapshot(List<PeerView> peers, Map<Family, RibCounters> tables) {}

  private final StringBuilder out = new StringBuilder(4096);

  private BgpMetrics() {}

  /** The numbers of now. */
  public static String text(SpeakerThread speaker) {
    Snapshot now = speaker.ask(BgpMetrics::snapshot);
    BgpMetrics metrics = new BgpMetrics();
    metrics.peers(now.peers());
    metrics.routes(now.peers());
    metrics.tables(now.tables());
    return metrics.out.toString();
  }

  private static Snapshot snapshot(Speaker speaker) {
    Map<Family, RibCounters> tables = new TreeMap<>();
    FAMILIES.forEach(family -> tables.put(family, speaker.rib().counters(family)));
    return new Snapshot(speaker.peers(), tables);
  }

  private void peers(List<PeerView> peers) {
    family("ocicat_bgp_peer_up", "gauge", "1 while the session is established.");
    for (PeerView peer : peers) {
      Map<String, String> labels = labels(peer);
      labels.put("address", peer.address());
      labels.put("remote_as", Long.toString(peer.remoteAs()));
      sample("ocicat_bgp_peer_up", labels, peer.state() == FsmState.ESTABLISHED ? 1 : 0);
    }
    family("ocicat_bgp_peer_state", "gauge", "1 for the state that the session is in.");
    for (PeerView peer : peers) {
      Map<String, String> labels = labels(peer);
      labels.put("state", peer.state().toString());
      sample("ocicat_bgp_peer_state", labels, 1);
    }
    family("ocicat_bgp_peer_state_seconds", "gauge", "For how long it has been in that state.");
    peers.forEach(
        peer ->
            sample("ocicat_bgp_peer_state_seconds", labels(peer), peer.sinceChange().toSeconds()));
    family("ocicat_bgp_peer_flaps_total", "counter", "Established sessions that have ended.");
    peers.forEach(peer -> sample("ocicat_bgp_peer_flaps_total", labels(peer), peer.flaps()));
    family("ocicat_bgp_peer_bfd_up", "gauge", "1 while BFD sees the neighbour.");
    peers.stream()
        .filter(PeerView::watched)
        .forEach(
            peer ->
                sample(
                    "ocicat_bgp_peer_bfd_up",
                    labels(peer),
                    peer.liveness().filter(Liveness.State.UP::equals).isPresent() ? 1 : 0));
  }

  private interface Count {
    long of(PeerCounters counters);
  }

  private void routes(List<PeerView> peers) {
    Map<String, Count> kinds = new LinkedHashMap<>();
    kinds.put("received", PeerCounters::received);
    kinds.put("accepted", PeerCounters::accepted);
    kinds.put("filtered", PeerCounters::filtered);
    kinds.put("best", PeerCounters::best);
    kinds.put("advertised", PeerCounters::advertised);
    kinds.put("stale", PeerCounters::stale);
    family("ocicat_bgp_peer_routes", "gauge", "Routes from and to a neighbour.");
    kinds.forEach(
        (kind, count) -> each(peers, "ocicat_bgp_peer_routes", Map.of("kind", kind), count));
    family("ocicat_bgp_peer_announced_total", "counter", "Prefixes that it has announced.");
    each(peers, "ocicat_bgp_peer_announced_total", Map.of(), PeerCounters::updates);
    family("ocicat_bgp_peer_withdrawn_total", "counter", "Prefixes that it has withdrawn.");
    each(peers, "ocicat_bgp_peer_withdrawn_total", Map.of(), PeerCounters::withdrawals);
  }

  private void each(List<PeerView> peers, String name, Map<String, String> more, Count count) {
    for (PeerView peer : peers) {
      peer.families()
          .forEach(
              (family, counters) -> {
                Map<String, String> labels = labels(peer);
                labels.put("family", label(family));
                labels.putAll(more);
                sample(name, labels, count.of(counters));
              });
    }
  }

  private void tables(Map<Family, RibCounters> tables) {
    family("ocicat_bgp_prefixes", "gauge", "Prefixes that are known.");
    tables.forEach((family, of) -> sample("ocicat_bgp_prefixes", labels(family), of.prefixes()));
    family("ocicat_bgp_best_routes", "gauge", "Prefixes that have a best path.");
    tables.forEach((family, of) -> sample("ocicat_bgp_best_routes", labels(family), of.best()));
    RibCounters any = tables.getOrDefault(Family.IPV4_UNICAST, new RibCounters(0, 0, 0, 0));
    family("ocicat_bgp_attribute_sets", "gauge", "Different sets of attributes.");
    sample("ocicat_bgp_attribute_sets", Map.of(), any.attributeSets());
    family("ocicat_bgp_update_groups", "gauge", "Groups of neighbours that are told the same.");
    sample("ocicat_bgp_update_groups", Map.of(), any.groups());
  }

  private static Map<String, String> labels(PeerView peer) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("peer", peer.name());
    return labels;
  }

  private static String label(Family family) {
    return family.toString().replace(' ', '_');
  }

  private static Map<String, String> labels(Family family) {
    return Map.of("family", label(family));
  }

  private void family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, Map<String, String> labels, long value) {
    List<String> written = new ArrayList<>();
    labels.forEach((label, text) -> written.add(label + "=\"" + escaped(text) + '"'));
    String all = written.isEmpty() ? "" : "{" + String.join(",", written) + "}";
    out.append(String.format(Locale.ROOT, "%s%s %d\n", name, all, value));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
