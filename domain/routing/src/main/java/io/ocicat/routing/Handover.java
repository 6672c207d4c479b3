package io.ocicat.routing;

import io.ocicat.inet.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sessions between nodes that are wanted no more go when they are needed no more: when a mesh gives
 * way to reflectors, each node sees the change at a time of its own, and one that ends its sessions
 * at once is without routes until the reflectors have seen it too.
 *
 * <p>A session is needed no more once every prefix that the neighbour sends comes by a wanted
 * session as well. What comes from a reflector proves more than that: it knows that it is one, and
 * has sessions with both; whatever it reflects one way it reflects the other way too (RFC 4456), so
 * that the neighbour has our routes by it as well. A session by which nothing comes proves nothing.
 * Whatever is not proven ends with {@link #PATIENCE}: who turns a mesh off and puts nothing in its
 * place gets what was asked for.
 */
public final class Handover {
  /** For how long sessions are kept that nothing takes the place of. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private Handover() {}

  /**
   * What is to run now.
   *
   * @param running what runs
   * @param wanted what is to run in the end
   * @param received the prefixes that neighbours send, by the neighbours' names; of those with
   *     established sessions alone
   * @param unwantedFor for how long running neighbours have been wanted no more, by name
   * @param nodes the names of all nodes that there are
   */
  public static NodeSpeaker meanwhile(
      NodeSpeaker running,
      NodeSpeaker wanted,
      Map<String, Set<Cidr>> received,
      Map<String, Duration> unwantedFor,
      Set<String> nodes) {
    Set<Cidr> byWanted = new HashSet<>();
    for (Neighbour neighbour : wanted.neighbours()) {
      byWanted.addAll(received.getOrDefault(neighbour.name(), Set.of()));
    }
    List<Neighbour> all = new ArrayList<>(wanted.neighbours());
    for (Neighbour neighbour : running.neighbours()) {
      boolean gone = !neighbour.node().isEmpty() && !nodes.contains(neighbour.node());
      if (!neighbour.node().isEmpty()
          && !gone
          && wanted.neighbour(neighbour.name()).isEmpty()
          && received.containsKey(neighbour.name())
          && unwantedFor.getOrDefault(neighbour.name(), Duration.ZERO).compareTo(PATIENCE) < 0) {
        Set<Cidr> sent = received.getOrDefault(neighbour.name(), Set.of());
        if (sent.isEmpty() || !byWanted.containsAll(sent)) {
          all.add(neighbour);
        }
      }
    }
    all.sort(Comparator.comparing(Neighbour::name));
    return wanted.with(all);
  }
}
