package io.ocicat.policy;

import io.ocicat.inet.IpAddress;

/**
 * The first packet of a connection on its way through one node, as the question that policy of the
 * node answers.
 *
 * @param from where it comes from
 * @param to where it goes
 * @param source its source address, which nobody translates
 * @param sent what it is before the node translates its destination
 * @param delivered what it is afterwards; the same if the node does not
 */
public record HostFlow(
    String node, Place from, Place to, IpAddress source, Head sent, Head delivered) {

  /** Where a packet comes from or goes to, seen from a node. */
  public sealed interface Place {

    /** The node itself, or a pod in its network. */
    record Host() implements Place {}

    /** A pod of the node. */
    record Pod(PodName name) implements Place {}

    /** Whoever is behind an interface of the node that is no pod's; {@code lo} is one, too. */
    record Interface(String name) implements Place {}
  }

  /** What a translation of the destination may change. */
  public record Head(IpAddress destination, Flow.Traffic traffic) {}

  /** Without any translation. */
  public static HostFlow of(
      String node,
      Place from,
      Place to,
      IpAddress source,
      IpAddress destination,
      Flow.Traffic traffic) {
    Head head = new Head(destination, traffic);
    return new HostFlow(node, from, to, source, head, head);
  }
}
