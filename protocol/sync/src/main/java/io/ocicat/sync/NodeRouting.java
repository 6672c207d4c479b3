package io.ocicat.sync;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import java.util.List;
import java.util.Set;

/**
 * How a node routes at a moment, as a CalicoNodeStatus tells it.
 *
 * @param speaker the speaker; absent parts that nobody asked for are empty
 * @param routeCount of all routes, of which {@code routes} may hold the first
 */
public record NodeRouting(
    Speaker speaker, List<Session> sessions, List<Route> routes, long routeCount) {

  /** What can be asked for; a CalicoNodeStatus calls them classes. */
  public enum Part {
    /** The speaker itself. */
    AGENT("Agent"),
    /** Its sessions. */
    BGP("BGP"),
    /** The routes that it learned, and those in the kernel. */
    ROUTES("Routes");

    private final String word;

    Part(String word) {
      this.word = word;
    }

    /** As documents have it. */
    public String word() {
      return word;
    }
  }

  /**
   * The speaker.
   *
   * @param families that the node routes; none: it speaks no BGP
   * @param version of the program
   * @param routerId in text; empty if there is none
   * @param bootMillis when it began, since 1970; 0 if it did not
   * @param reconfiguredMillis when it was last given other settings, since 1970; 0: never
   */
  public record Speaker(
      Set<IpFamily> families,
      String version,
      String routerId,
      long bootMillis,
      long reconfiguredMillis) {
    /** Copies the set. */
    public Speaker {
      families = Set.copyOf(families);
    }
  }

  /** What made a neighbour one. */
  public enum Origin {
    /** Every node has every other. */
    NODE_MESH("NodeMesh"),
    /** A BGPPeer for some nodes. */
    NODE_PEER("NodePeer"),
    /** A BGPPeer for all. */
    GLOBAL_PEER("GlobalPeer");

    private final String word;

    Origin(String word) {
      this.word = word;
    }

    /** As documents have it. */
    public String word() {
      return word;
    }
  }

  /**
   * A session.
   *
   * @param peer the neighbour's address in text, with its device where it needs one
   * @param family of the neighbour's address
   * @param state {@code Idle}, {@code Connect}, {@code Active}, {@code OpenSent}, {@code
   *     OpenConfirm} or {@code Established}
   * @param sinceMillis since when, since 1970; 0 if that is not known
   */
  public record Session(
      String peer, IpFamily family, Origin origin, String state, long sinceMillis) {}

  /** Who says that there is a route. */
  public enum Source {
    /** The kernel: somebody else put it there. */
    KERNEL("Kernel"),
    /** The node itself. */
    STATIC("Static"),
    /** A connected network. */
    DIRECT("Direct"),
    /** Another node, by the mesh. */
    NODE_MESH("NodeMesh"),
    /** A neighbour of a BGPPeer. */
    BGP_PEER("BGPPeer");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    /** As documents have it. */
    public String word() {
      return word;
    }
  }

  /**
   * A route.
   *
   * @param installed whether the kernel has it, or only the speaker knows it
   * @param gateway in text; empty for connected networks
   * @param device the interface; empty if none is known
   * @param peer from whom it was learned, in text; empty if from nobody
   */
  public record Route(
      Cidr destination,
      boolean installed,
      String gateway,
      String device,
      Source source,
      String peer) {}

  /** So many routes are told at most: a document holds no more. */
  public static final int MOST_ROUTES = 5_000;

  /** Of a node that speaks no BGP. */
  public static final NodeRouting SILENT =
      new NodeRouting(new Speaker(Set.of(), "", "", 0, 0), List.of(), List.of(), 0);

  /** Copies the lists. */
  public NodeRouting {
    sessions = List.copyOf(sessions);
    routes = List.copyOf(routes);
  }
}
