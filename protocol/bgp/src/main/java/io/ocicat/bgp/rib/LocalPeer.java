package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgpwire.PeerKind;
import io.ocicat.bgpwire.ReceiveTraits;
import io.ocicat.bgpwire.SendTraits;
import io.ocicat.inet.Ipv4Address;
import java.util.List;
import java.util.Map;

/** This speaker as the neighbour that our own routes come from. */
final class LocalPeer {
  static final PeerTraits TRAITS =
      new PeerTraits(
          "",
          PeerType.INTERNAL_CLIENT,
          0,
          0,
          0,
          0,
          0,
          new Ipv4Address(0),
          "",
          List.of(),
          ReceiveTraits.plain(PeerKind.INTERNAL, 0),
          SendTraits.plain(),
          Map.of(),
          PeerOptions.DEFAULT,
          RoutePolicies.ACCEPT_ALL,
          PeerEvents.NONE);

  private LocalPeer() {}
}
