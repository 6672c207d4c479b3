package io.ocicat.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.loop.SimulatedLoop;
import io.ocicat.bgp.session.Routing;
import io.ocicat.bgp.speaker.World.Node;
import io.ocicat.inet.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole networks that are disturbed, and left alone: what they use then is what an undisturbed
 * network of the same shape uses.
 */
@Timeout(120)
class ConvergenceTest {

  private static final Duration COLD_START = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofMinutes(12);

  /** Where neighbours are and what they originate; made twice in each test. */
  private interface Shape {
    void build(World world);
  }

  /** A full mesh inside one AS, and an external neighbour at each end of it. */
  private static void mesh(World world, int size) {
    for (int i = 0; i < size; i++) {
      originate(world.node(65000));
    }
    List<Node> inside = List.copyOf(world.nodes);
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        world.connect(inside.get(i), inside.get(j));
      }
    }
    Node west = world.node(65101);
    Node east = world.node(65102);
    originate(west);
    originate(east);
    west.originated.add(Cidr.parse("192.0.2.0/24"));
    east.originated.add(Cidr.parse("192.0.2.0/24"));
    world.connect(inside.getFirst(), west);
    world.connect(inside.getLast(), east);
    world.connect(west, east);
  }

  /** Two reflectors with clients, and top-of-rack routers that all clients of a rack peer with. */
  private static void reflectors(World world, int clients) {
    Node first = world.node(65000);
    Node second = world.node(65000);
    originate(first);
    originate(second);
    world.connect(first, second);
    Routing client = new Routing(true, Routing.DEFAULT.nextHopMode(), 0, true);
    List<Node> racks = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      if (i % 8 == 0) {
        Node rack = world.node(65100 + i / 8);
        originate(rack);
        racks.add(rack);
      }
      Node node = world.node(65000);
      originate(node);
      world.connect(first, node, p -> p.routing(client), p -> p);
      world.connect(second, node, p -> p.routing(client), p -> p);
      world.connect(node, racks.getLast());
    }
  }

  private static void originate(Node node) {
    node.originated.add(Cidr.parse("10.%d.0.0/24".formatted(node.number + 100)));
    node.originated.add(Cidr.parse("fd00:%x::/64".formatted(node.number + 0x100)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aMeshAlwaysComesToTheSameRoutes(long seed) {
    comesToTheSameRoutes(world -> mesh(world, 10), seed, 40);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void fiftySpeakersWithReflectorsComeToTheSameRoutes(long seed) {
    comesToTheSameRoutes(world -> reflectors(world, 43), seed, 60);
  }

  private static void comesToTheSameRoutes(Shape shape, long seed, int disturbances) {
    World calm = new World(1000);
    shape.build(calm);
    calm.start();
    calm.awaitEstablished(COLD_START);
    calm.network.run(Duration.ofSeconds(30));

    World disturbed = new World(seed);
    shape.build(disturbed);
    disturbed.network.delays(Duration.ofNanos(50_000), Duration.ofMillis(40));
    disturbed.start();
    disturb(disturbed, seed, disturbances);
    disturbed.awaitEstablished(QUIET);
    disturbed.network.run(QUIET);

    assertThat(disturbed.allEstablished()).as("all sessions stand, seed %d", seed).isTrue();
    long prefixes = calm.nodes.stream().flatMap(n -> n.originated.stream()).distinct().count();
    assertThat(used(calm).values())
        .allSatisfy(routes -> assertThat(routes).hasSize((int) prefixes));
    assertThat(used(disturbed)).as("seed %d", seed).isEqualTo(used(calm));
  }

  /** Connections are lost, links cut for less and for more than the hold time, nodes killed. */
  private static void disturb(World world, long seed, int times) {
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      world.network.run(Duration.ofMillis(random.nextInt(8000)));
      Node node = world.nodes.get(random.nextInt(world.nodes.size()));
      List<String> peers = node.peers.keySet().stream().sorted().toList();
      Node peer = byName(world, peers.get(random.nextInt(peers.size())));
      switch (random.nextInt(5)) {
        case 0 -> node.restart();
        case 1 -> {
          SimulatedLoop a = node.loop;
          SimulatedLoop b = peer.loop;
          world.network.cut(a, b);
          healLater(world, a, b, Duration.ofSeconds(random.nextInt(150)));
        }
        default -> world.network.resetConnections(node.loop, peer.loop);
      }
    }
  }

  /** A third loop keeps the time, for those two may crash. */
  private static void healLater(World world, SimulatedLoop a, SimulatedLoop b, Duration later) {
    world
        .network
        .loop("healer of " + a.name() + " and " + b.name(), List.of())
        .schedule(later, () -> world.network.heal(a, b));
  }

  private static Node byName(World world, String name) {
    return world.nodes.stream()
        .filter(n -> ("n" + n.number).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static SortedMap<String, Map<Cidr, List<String>>> used(World world) {
    return world.nodes.stream()
        .collect(
            Collectors.toMap(
                n -> "n" + n.number, n -> new TreeMap<>(n.used), (a, b) -> a, TreeMap::new));
  }
}
