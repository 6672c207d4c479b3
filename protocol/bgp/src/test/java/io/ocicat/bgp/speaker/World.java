package io.ocicat.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.loop.ListenSettings;
import io.ocicat.bgp.loop.SimulatedLoop;
import io.ocicat.bgp.loop.SimulatedNetwork;
import io.ocicat.bgp.rib.Background;
import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RibSettings;
import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.session.PeerAddress;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.RemoteAs;
import io.ocicat.bgp.session.Session;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Speakers in a network in memory. */
final class World {

  final SimulatedNetwork network;
  final List<Node> nodes = new ArrayList<>();

  World(long seed) {
    network = new SimulatedNetwork(seed);
  }

  /** One speaker, which can be killed and started again. */
  final class Node {
    final int number;
    final long as;
    final SimulatedLoop loop;
    final Map<String, PeerSettings> peers = new HashMap<>();
    final List<Cidr> originated = new ArrayList<>();
    final SortedMap<Cidr, List<String>> used = new TreeMap<>();
    Speaker speaker;
    List<DynamicPeers> dynamic = List.of();
    int clusterId;
    final FakeLiveness liveness = new FakeLiveness();
    boolean alive = true;

    Node(int number, long as) {
      this.number = number;
      this.as = as;
      this.loop = network.loop("n" + number, List.of(v4(), v6()));
      this.speaker = make();
    }

    IpAddress v4() {
      return new Ipv4Address(0x0a000000 + number);
    }

    IpAddress v6() {
      return IpAddress.parse("fd00::" + Integer.toHexString(number));
    }

    private Speaker make() {
      used.clear();
      Rib rib = new Rib(RibSettings.DEFAULT, NextHops.ALL_CONNECTED, Background.of(loop));
      rib.listen(
          batch ->
              batch.forEach(
                  change -> {
                    if (change.paths().isEmpty()) {
                      used.remove(change.prefix());
                    } else {
                      used.put(
                          change.prefix(),
                          change.paths().stream().map(p -> p.attributes().toString()).toList());
                    }
                  }));
      return new Speaker(
          loop,
          rib,
          SpeakerSettings.of(number),
          NeighbourDiscovery.NONE,
          liveness,
          new Random(number));
    }

    void start() {
      apply();
      originated.forEach(
          p -> speaker.rib().originate(p, Attributes.builder().build(), RouteTag.NONE));
    }

    void apply() {
      speaker.apply(
          SpeakerSettings.of(number)
              .clusterId(clusterId)
              .listen(
                  List.of(
                      new ListenSettings(IpAddress.parse("0.0.0.0"), 179, ""),
                      new ListenSettings(IpAddress.parse("::"), 179, "")))
              .nextHops(List.of(v4(), v6()))
              .peers(
                  peers.values().stream()
                      .sorted(java.util.Comparator.comparing(PeerSettings::name))
                      .toList())
              .dynamic(dynamic));
    }

    /** As kill -9, and up again. */
    void restart() {
      loop.crash();
      speaker = make();
      start();
    }

    Session session(Node other) {
      return speaker.session("n" + other.number).orElseThrow();
    }
  }

  Node node(long as) {
    Node node = new Node(nodes.size() + 1, as);
    nodes.add(node);
    return node;
  }

  /** Makes two nodes neighbours over IPv4. */
  void connect(Node a, Node b, UnaryOperator<PeerSettings> ofA, UnaryOperator<PeerSettings> ofB) {
    a.peers.put("n" + b.number, ofA.apply(peer(a, b)));
    b.peers.put("n" + a.number, ofB.apply(peer(b, a)));
  }

  void connect(Node a, Node b) {
    connect(a, b, p -> p, p -> p);
  }

  static PeerSettings peer(Node from, Node to) {
    return PeerSettings.of(
        "n" + to.number, new PeerAddress.At(to.v4(), ""), from.as, new RemoteAs.Exactly(to.as));
  }

  void start() {
    nodes.forEach(Node::start);
  }

  boolean allEstablished() {
    return nodes.stream()
        .allMatch(
            n ->
                n.peers.keySet().stream()
                    .allMatch(
                        p ->
                            n.speaker
                                .session(p)
                                .map(s -> s.state() == FsmState.ESTABLISHED)
                                .orElse(false)));
  }

  void awaitEstablished(Duration most) {
    assertThat(network.runUntil(this::allEstablished, most))
        .as("all sessions are established after %s", most)
        .isTrue();
  }
}
