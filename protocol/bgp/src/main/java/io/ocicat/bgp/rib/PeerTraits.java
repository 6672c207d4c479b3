package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * What the tables must know of a neighbour whose session is established.
 *
 * @param name the same over restarts of the session: stale routes are found again by it
 * @param kind internal, reflector client, external
 * @param localAs the AS we are in this session; 32 bits unsigned, as all numbers here
 * @param remoteAs its AS
 * @param localIdentifier our BGP identifier
 * @param identifier its BGP identifier
 * @param clusterId our cluster identifier as a reflector (RFC 4456)
 * @param address its address; orders neighbours that are equal in everything else
 * @param device the device it is reached by, for link-local next hops; empty: not known
 * @param nextHopSelf our addresses as a next hop, at most one of IPv4, global IPv6, link-local
 * @param receive how its UPDATEs are read
 * @param send how UPDATEs to it are written
 * @param families the families negotiated
 */
public record PeerTraits(
    String name,
    PeerType kind,
    int localAs,
    int remoteAs,
    int localIdentifier,
    int identifier,
    int clusterId,
    IpAddress address,
    String device,
    List<IpAddress> nextHopSelf,
    ReceiveTraits receive,
    SendTraits send,
    Map<Family, FamilyTraits> families,
    PeerOptions options,
    RoutePolicies policies,
    PeerEvents events) {
  public PeerTraits {
    nextHopSelf = List.copyOf(nextHopSelf);
    families = Map.copyOf(families);
  }

  /** The same neighbour under other policies. */
  public PeerTraits with(RoutePolicies others) {
    return new PeerTraits(
        name,
        kind,
        localAs,
        remoteAs,
        localIdentifier,
        identifier,
        clusterId,
        address,
        device,
        nextHopSelf,
        receive,
        send,
        families,
        options,
        others,
        events);
  }

  /** The same neighbour with other families. */
  public PeerTraits with(Map<Family, FamilyTraits> others) {
    return new PeerTraits(
        name,
        kind,
        localAs,
        remoteAs,
        localIdentifier,
        identifier,
        clusterId,
        address,
        device,
        nextHopSelf,
        receive,
        send,
        others,
        options,
        policies,
        events);
  }
}
