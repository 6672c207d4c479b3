package io.ocicat.bgp.speaker;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.rib.PeerCounters;
import io.ocicat.bgp.session.Liveness;
import io.ocicat.bgpwire.Family;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A neighbour as people see it, at one moment.
 *
 * @param address where it is or is looked for; with its interface where that matters
 * @param remoteAs its AS; before its OPEN, 0
 * @param identifier dotted; before its OPEN, empty
 * @param local our end of the connection; empty without one
 * @param sinceChange for how long the state has been what it is
 * @param lastError what ended the last session or attempt, and who said so; empty for nothing
 * @param offered what it can, by its OPEN
 * @param watched whether BFD watches it
 * @param liveness what BFD says of it; empty while it has said nothing
 */
public record PeerView(
    String name,
    String address,
    long localAs,
    long remoteAs,
    String identifier,
    FsmState state,
    Duration sinceChange,
    boolean dynamic,
    String local,
    int holdSeconds,
    int keepaliveSeconds,
    int flaps,
    String lastError,
    List<String> offered,
    boolean watched,
    Optional<Liveness.State> liveness,
    SortedMap<Family, PeerCounters> families) {

  public PeerView {
    offered = List.copyOf(offered);
    families = new TreeMap<>(families);
  }
}
