package io.ocicat.bgp.speaker;

import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.inet.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that is chosen for a speaker.
 *
 * @param identifier BGP identifier, not 0; the same for as long as the speaker runs
 * @param clusterId of us as a reflector, RFC 4456; 0 for the identifier
 * @param nextHops our addresses as a next hop for families that a session's own address is not of
 * @param externalNeedsPolicy RFC 8212: an external neighbour without policies gets and gives no
 *     routes
 */
public record SpeakerSettings(
    int identifier,
    int clusterId,
    List<ListenSettings> listen,
    List<IpAddress> nextHops,
    boolean externalNeedsPolicy,
    List<PeerSettings> peers,
    List<DynamicPeers> dynamic) {

  public SpeakerSettings {
    listen = List.copyOf(listen);
    nextHops = List.copyOf(nextHops);
    peers = List.copyOf(peers);
    dynamic = List.copyOf(dynamic);
    Set<String> names = new HashSet<>();
    for (PeerSettings peer : peers) {
      if (!names.add(peer.name())) {
        throw new IllegalArgumentException("two neighbours with the name " + peer.name());
      }
    }
    if (identifier == 0) {
      throw new IllegalArgumentException("a BGP identifier is not 0");
    }
  }

  /** A speaker without neighbours that listens nowhere. */
  public static SpeakerSettings of(int identifier) {
    return new SpeakerSettings(identifier, 0, List.of(), List.of(), false, List.of(), List.of());
  }

  public SpeakerSettings listen(List<ListenSettings> at) {
    return new SpeakerSettings(
        identifier, clusterId, at, nextHops, externalNeedsPolicy, peers, dynamic);
  }

  public SpeakerSettings nextHops(List<IpAddress> ours) {
    return new SpeakerSettings(
        identifier, clusterId, listen, ours, externalNeedsPolicy, peers, dynamic);
  }

  public SpeakerSettings peers(List<PeerSettings> others) {
    return new SpeakerSettings(
        identifier, clusterId, listen, nextHops, externalNeedsPolicy, others, dynamic);
  }

  public SpeakerSettings dynamic(List<DynamicPeers> others) {
    return new SpeakerSettings(
        identifier, clusterId, listen, nextHops, externalNeedsPolicy, peers, others);
  }

  public SpeakerSettings externalNeedsPolicy(boolean needs) {
    return new SpeakerSettings(identifier, clusterId, listen, nextHops, needs, peers, dynamic);
  }

  public SpeakerSettings clusterId(int id) {
    return new SpeakerSettings(
        identifier, id, listen, nextHops, externalNeedsPolicy, peers, dynamic);
  }
}
