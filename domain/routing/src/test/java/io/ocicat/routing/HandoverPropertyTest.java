package io.ocicat.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whichever node sees a change when, each has a route to every block of every other at all times.
 */
class HandoverPropertyTest {
  private static <V> V at(Map<String, V> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  /** Nodes whose views of the documents differ, and what runs between them. */
  private static final class Network {
    private final List<String> nodes;
    private final Map<String, NodeSpeaker> wanted = new TreeMap<>();
    private final Map<String, NodeSpeaker> running = new TreeMap<>();

    Network(RoutingInputs inputs) {
      nodes = inputs.nodes().stream().map(each -> each.name()).sorted().toList();
      nodes.forEach(
          node -> {
            wanted.put(node, SpeakerPlanner.plan(inputs, node).orElseThrow());
            running.put(node, at(wanted, node));
          });
    }

    void sees(String node, RoutingInputs inputs) {
      wanted.put(node, SpeakerPlanner.plan(inputs, node).orElseThrow());
    }

    void acts(String node) {
      Map<String, Set<Cidr>> received = at(received(), node);
      running.put(
          node,
          Handover.meanwhile(
              at(running, node), at(wanted, node), received, Map.of(), Set.copyOf(nodes)));
    }

    void actsAtOnce(String node) {
      running.put(node, at(wanted, node));
    }

    private boolean isUp(String one, String other) {
      return leads(one, other) && leads(other, one);
    }

    private boolean leads(String one, String other) {
      return at(running, one).neighbours().stream().anyMatch(each -> each.node().equals(other));
    }

    private boolean isClient(String of, String node) {
      return at(running, of).clusterId().isPresent()
          && at(running, of).neighbours().stream()
              .anyMatch(each -> each.node().equals(node) && each.routing().reflectorClient());
    }

    /** By node: from whom it has its best route to each origin; itself for its own. */
    private Map<String, Map<String, String>> best() {
      Map<String, Map<String, String>> best = new HashMap<>();
      Map<String, Map<String, Integer>> length = new HashMap<>();
      nodes.forEach(
          node -> {
            best.put(node, new HashMap<>(Map.of(node, node)));
            length.put(node, new HashMap<>(Map.of(node, 0)));
          });
      for (int round = 0; round < nodes.size(); round++) {
        for (String from : nodes) {
          for (String to : nodes) {
            for (String origin : nodes) {
              Integer known = at(length, from).get(origin);
              if (known != null && tells(from, to, origin, best)) {
                Integer old = at(length, to).get(origin);
                if (old == null || old > known + 1) {
                  at(length, to).put(origin, known + 1);
                  at(best, to).put(origin, from);
                }
              }
            }
          }
        }
      }
      return best;
    }

    /** RFC 4456: a reflector tells all others what clients say, and clients what others say. */
    private boolean tells(
        String from, String to, String origin, Map<String, Map<String, String>> best) {
      String source = at(best, from).get(origin);
      if (from.equals(to)
          || to.equals(origin)
          || source == null
          || source.equals(to)
          || !isUp(from, to)) {
        return false;
      }
      return source.equals(from) || isClient(from, source) || isClient(from, to);
    }

    /** By node and neighbour's name. */
    private Map<String, Map<String, Set<Cidr>>> received() {
      Map<String, Map<String, String>> best = best();
      Map<String, Map<String, Set<Cidr>>> all = new HashMap<>();
      for (String node : nodes) {
        Map<String, Set<Cidr>> byNeighbour = new TreeMap<>();
        for (Neighbour neighbour : at(running, node).neighbours()) {
          if (isUp(node, neighbour.node())) {
            Set<Cidr> prefixes = new TreeSet<>();
            for (String origin : nodes) {
              if (tells(neighbour.node(), node, origin, best)) {
                at(running, origin).routes().forEach(route -> prefixes.add(route.prefix()));
              }
            }
            byNeighbour.put(neighbour.name(), prefixes);
          }
        }
        all.put(node, byNeighbour);
      }
      return all;
    }

    List<String> missing() {
      Map<String, Map<String, String>> best = best();
      List<String> missing = new ArrayList<>();
      for (String node : nodes) {
        for (String origin : nodes) {
          if (!at(best, node).containsKey(origin)) {
            missing.add(node + " has no route to " + origin);
          }
        }
      }
      return missing;
    }

    long sessions() {
      return nodes.stream()
          .flatMap(
              one -> nodes.stream().filter(other -> one.compareTo(other) < 0 && isUp(one, other)))
          .count();
    }
  }

  private record Change(
      int nodes, int reflectors, boolean sameCluster, boolean meshStays, long seed) {}

  private static World cluster(int nodes, int reflectors, boolean sameCluster) {
    World world = new World();
    for (int i = 0; i < nodes; i++) {
      String id = "244.0.0." + (sameCluster ? 1 : i + 1);
      world.node(
          "n" + i,
          "192.0.2." + (i + 1),
          i < reflectors
              ? "annotations: {'projectcalico.org/RouteReflectorClusterID': '%s'}, labels: {rr: 'yes'}"
                  .formatted(id)
              : "");
      world.lease("n" + i, "10.244.%d.0/26".formatted(i));
    }
    return world;
  }

  private static RoutingInputs after(Change change) {
    return cluster(change.nodes(), change.reflectors(), change.sameCluster())
        .peer("reflectors", "{peerSelector: 'has(rr)'}")
        .configuration("default", "{nodeToNodeMeshEnabled: %s}".formatted(change.meshStays()))
        .inputs();
  }

  @Test
  void noNodeLosesARouteWhenTheMeshGivesWayToReflectors() {
    Gen<Change> changes =
        Gen.ints(3, 6)
            .flatMap(
                nodes ->
                    Gen.ints(1, 2)
                        .flatMap(
                            reflectors ->
                                Gen.ints(0, 1_000_000)
                                    .map(
                                        seed ->
                                            new Change(
                                                nodes,
                                                reflectors,
                                                seed % 2 == 0,
                                                seed % 3 == 0,
                                                seed))));
    Property.cases(150)
        .check(
            changes,
            change -> {
              Random random = new Random(change.seed());
              Network network = new Network(cluster(change.nodes(), 0, false).inputs());
              assertThat(network.missing()).isEmpty();
              RoutingInputs after = after(change);
              List<String> order = new ArrayList<>(network.nodes);
              Collections.shuffle(order, random);
              for (String node : order) {
                network.sees(node, after);
                network.acts(node);
                assertThat(network.missing()).as("%s after %s", change, node).isEmpty();
                for (int i = random.nextInt(3); i > 0; i--) {
                  String other = network.nodes.get(random.nextInt(network.nodes.size()));
                  network.acts(other);
                  assertThat(network.missing()).as("%s at %s", change, other).isEmpty();
                }
              }
              for (int round = 0; round < 3; round++) {
                for (String node : network.nodes) {
                  network.acts(node);
                  assertThat(network.missing()).as("%s at the end", change).isEmpty();
                }
              }
              assertThat(
                      network.running.entrySet().stream()
                          .filter(
                              each ->
                                  !each.getValue()
                                      .neighbours()
                                      .equals(at(network.wanted, each.getKey()).neighbours()))
                          .map(Map.Entry::getKey)
                          .collect(Collectors.toSet()))
                  .as("nodes of %s with sessions that nobody wants", change)
                  .isEmpty();
            });
  }

  @Test
  void labellingAReflectorBeforeThereArePeersLosesNothing() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Network network = new Network(cluster(5, 0, false).inputs());
      RoutingInputs labelled = cluster(5, 1, false).inputs();
      List<String> order = new ArrayList<>(network.nodes);
      Collections.shuffle(order, random);
      for (String node : order) {
        network.sees(node, labelled);
        network.acts(node);
        assertThat(network.missing()).as("seed %d at %s", seed, node).isEmpty();
      }
      assertThat(network.sessions()).isEqualTo(10);
    }
  }

  @Test
  void endingSessionsAtOnceWouldLoseRoutes() {
    Network network = new Network(cluster(4, 0, false).inputs());
    network.sees("n3", after(new Change(4, 1, false, false, 0)));
    network.actsAtOnce("n3");
    assertThat(network.missing()).contains("n3 has no route to n1", "n1 has no route to n3");
  }

  @Test
  void patienceEndsWhereNothingTakesTheMeshsPlace() {
    World world = cluster(2, 0, false);
    NodeSpeaker before = world.plan("n0");
    NodeSpeaker wanted =
        world.configuration("default", "{nodeToNodeMeshEnabled: false}").plan("n0");
    Map<String, Set<Cidr>> received = Map.of("192.0.2.2", Set.of(Cidr.parse("10.244.1.0/26")));
    Set<String> nodes = Set.of("n0", "n1");
    assertThat(Handover.meanwhile(before, wanted, received, Map.of(), nodes).neighbours())
        .hasSize(1);
    Map<String, Duration> patient = Map.of("192.0.2.2", Handover.PATIENCE);
    assertThat(Handover.meanwhile(before, wanted, received, patient, nodes).neighbours()).isEmpty();
    assertThat(Handover.meanwhile(before, wanted, received, Map.of(), Set.of("n0")).neighbours())
        .isEmpty();
    assertThat(Handover.meanwhile(before, wanted, Map.of(), Map.of(), nodes).neighbours())
        .isEmpty();
  }
}
