package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.BgpPeerOptions;
import io.ocicat.model.PeerEndpoint;
import io.ocicat.model.SecretKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A neighbour that a node is to have, or a range of them.
 *
 * @param name where it is, in text: the same whichever object says so, so that a session survives a
 *     change of hands
 * @param sort what made it a neighbour
 * @param node the node that it is; empty if it is none
 * @param localAs our AS towards it
 * @param bfd how the way to it is watched
 * @param bmp who is told all that it says
 * @param reasons the objects and fields that all this comes from
 */
public record Neighbour(
    String name,
    Place place,
    Sort sort,
    String node,
    long localAs,
    RemoteAs remoteAs,
    Transport transport,
    Times times,
    Restart restart,
    Exchange exchange,
    Routing routing,
    Policies policies,
    Optional<BgpPeerOptions.Bfd> bfd,
    Optional<PeerEndpoint> bmp,
    List<Reason> reasons) {

  /** Where neighbours are. */
  public sealed interface Place {
    /**
     * At a known address.
     *
     * @param port that it listens at
     * @param device needed for link-local addresses; else empty
     */
    record At(IpAddress address, int port, String device) implements Place {}

    /**
     * Anywhere in a prefix: they connect.
     *
     * @param most how many at a time
     */
    record Range(Cidr cidr, int most) implements Place {}

    /** The one on this device, to be found. */
    record On(String device) implements Place {}
  }

  /** What made something a neighbour, in the words of a CalicoNodeStatus. */
  public enum Sort {
    /** The mesh of nodes. */
    NODE_MESH("NodeMesh"),
    /** A BGPPeer for some nodes. */
    NODE_PEER("NodePeer"),
    /** A BGPPeer for all nodes. */
    GLOBAL_PEER("GlobalPeer");

    private final String documentName;

    Sort(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }
  }

  /** Which AS it may be of. */
  public sealed interface RemoteAs {
    /** That one. */
    record Exactly(long as) implements RemoteAs {}

    /** Ours. */
    record Internal() implements RemoteAs {}

    /** Any but ours. */
    record External() implements RemoteAs {}

    /** Any. */
    record Any() implements RemoteAs {}
  }

  /** Whether sessions have a password (RFC 2385). */
  public sealed interface Password {
    /** They have none. */
    record None() implements Password {}

    /** This one. */
    record Known(String text) implements Password {
      /** Does not tell it. */
      @Override
      public String toString() {
        return "Known[***]";
      }
    }

    /** One that is not there: no session until it is. */
    record Awaited(SecretKey where) implements Password {}
  }

  /**
   * How it is connected to.
   *
   * @param source the address to connect from; empty for the kernel's choice
   * @param passive we wait for it to connect
   * @param minimumTtl packets with a lower one are dropped; 0: not judged
   * @param reachableBy the router by which it is reached, if the kernel has to be told
   */
  public record Transport(
      Optional<IpAddress> source,
      boolean passive,
      Password password,
      int minimumTtl,
      Optional<IpAddress> reachableBy) {}

  /**
   * Times of the session.
   *
   * @param hold offered; zero for none
   * @param keepalive zero for a third of the hold time
   * @param connectRetry after which connecting is tried anew
   */
  public record Times(Duration hold, Duration keepalive, Duration connectRetry) {}

  /**
   * Routes of a neighbour that is away.
   *
   * @param enabled whether they are kept at all
   * @param time how long
   * @param longLived how long as a last resort after that; zero: not
   * @param notification also after a notification
   */
  public record Restart(boolean enabled, Duration time, Duration longLived, boolean notification) {}

  /**
   * What is exchanged.
   *
   * @param families of routes
   * @param receivesPaths whether we take several paths of a prefix
   * @param sendsPaths how many we send
   * @param extendedNextHop whether IPv4 routes may have IPv6 next hops (RFC 8950)
   */
  public record Exchange(
      List<IpFamily> families,
      boolean receivesPaths,
      int sendsPaths,
      boolean extendedNextHop,
      Optional<BgpPeerOptions.MaxPrefixes> maxPrefixes,
      Optional<BgpPeerOptions.Role> role,
      boolean roleRequired) {
    /** Copies the list. */
    public Exchange {
      families = List.copyOf(families);
    }
  }

  /**
   * How its routes are treated, besides policies.
   *
   * @param reflectorClient ours (RFC 4456)
   * @param nextHop which it is told
   * @param allowedLocalAs how often our AS may stand in the path of its routes
   */
  public record Routing(boolean reflectorClient, BgpPeer.NextHop nextHop, int allowedLocalAs) {}

  /** The policies of both directions and families. */
  public record Policies(
      RouteRules importV4, RouteRules importV6, RouteRules exportV4, RouteRules exportV6) {}

  /** Copies the list. */
  public Neighbour {
    reasons = List.copyOf(reasons);
  }

  Neighbour because(List<Reason> reasons) {
    return new Neighbour(
        name, place, sort, node, localAs, remoteAs, transport, times, restart, exchange, routing,
        policies, bfd, bmp, reasons);
  }
}
