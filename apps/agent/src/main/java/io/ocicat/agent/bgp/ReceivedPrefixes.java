package io.ocicat.agent.bgp;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.Slice;
import io.ocicat.bgp.rib.RouteCursor;
import io.ocicat.bgp.rib.RouteRow;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgp.speaker.Speaker;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds in slices what neighbours have sent, of those prefixes alone that some of them have sent: a
 * neighbour with a full table costs no memory.
 */
final class ReceivedPrefixes implements Slice {

  private static final int PREFIXES_AT_ONCE = 512;
  private static final List<Family> FAMILIES = List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

  private final Set<String> of;
  private final Consumer<Map<String, Set<Cidr>>> done;
  private final List<RouteCursor> cursors;
  private final Map<String, Set<Cidr>> found = new HashMap<>();

  /**
   * @param of the prefixes of these neighbours are looked for
   * @param done is told who has sent them; neighbours with established sessions that sent none of
   *     them are there too
   */
  ReceivedPrefixes(Speaker speaker, Set<String> of, Consumer<Map<String, Set<Cidr>>> done) {
    this.of = of;
    this.done = done;
    this.cursors = FAMILIES.stream().map(speaker.rib().view()::routes).toList();
    for (PeerView peer : speaker.peers()) {
      if (peer.state() == FsmState.ESTABLISHED) {
        found.put(peer.name(), new HashSet<>());
      }
    }
  }

  @Override
  public boolean runFor(long nanos) {
    long end = System.nanoTime() + nanos;
    for (RouteCursor cursor : cursors) {
      while (!cursor.atEnd()) {
        note(cursor.next(PREFIXES_AT_ONCE));
        if (System.nanoTime() - end > 0) {
          return true;
        }
      }
    }
    done.accept(found);
    return false;
  }

  /** The rows of a prefix are together, and in one portion. */
  private void note(List<RouteRow> rows) {
    int begin = 0;
    while (begin < rows.size()) {
      Cidr prefix = rows.get(begin).prefix();
      int end = begin;
      boolean meant = false;
      while (end < rows.size() && rows.get(end).prefix().equals(prefix)) {
        meant |= of.contains(rows.get(end).peer());
        end++;
      }
      for (RouteRow row : meant ? rows.subList(begin, end) : List.<RouteRow>of()) {
        Set<Cidr> ofPeer = found.get(row.peer());
        if (ofPeer != null) {
          ofPeer.add(prefix);
        }
      }
      begin = end;
    }
  }
}
