package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.Asn;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The checks that a received route must pass before any policy (RFC 4271 §9.1.2, §6.3; RFC 4456 §8;
 * RFC 9234 §5), and the changes that come before it. Pure.
 */
final class Importer {
  private Importer() {}

  /** Why a route is not used, or null. */
  static @Nullable String refusal(PeerTraits peer, Attributes attributes) {
    PeerOptions options = peer.options();
    if (attributes.asPath().count(peer.localAs()) > options.allowOwnAs()) {
      return "our AS " + Asn.text(peer.localAs()) + " stands in its AS_PATH";
    }
    if (peer.kind().internal()) {
      if (attributes
          .originatorId()
          .filter(id -> id.value() == peer.localIdentifier())
          .isPresent()) {
        return "we are its originator";
      }
      if (attributes.clusterListContains(peer.clusterId())) {
        return "our cluster stands in its CLUSTER_LIST";
      }
      return null;
    }
    OptionalInt otc = attributes.onlyToCustomer();
    if (otc.isPresent()) {
      if (options.relation().aboveNeighbour()) {
        return "it carries OTC and comes from a customer: a leak";
      }
      if (options.relation() == Relation.PEER && otc.getAsInt() != peer.remoteAs()) {
        return "it carries OTC of AS " + Asn.text(otc.getAsInt()) + ": a leak";
      }
    }
    return null;
  }

  /** The attributes that the policy is asked about. */
  static Attributes beforePolicy(PeerTraits peer, Attributes attributes) {
    if (peer.kind().internal()) {
      return attributes;
    }
    boolean shutdown =
        peer.options().honourGracefulShutdown()
            && attributes.hasCommunity(WellKnownCommunity.GRACEFUL_SHUTDOWN);
    boolean mark =
        peer.options().relation().marksReceived() && attributes.onlyToCustomer().isEmpty();
    if (!shutdown && !mark) {
      return attributes;
    }
    AttributesBuilder editor = attributes.edit();
    if (shutdown) {
      editor.localPref(0);
    }
    if (mark) {
      editor.onlyToCustomer(peer.remoteAs());
    }
    return editor.build();
  }
}
