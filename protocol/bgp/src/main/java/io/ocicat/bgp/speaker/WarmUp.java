package io.ocicat.bgp.speaker;

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
import io.ocicat.bgp.session.Transport;
import io.ocicat.bgpwire.AsPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv4Address;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Three speakers in memory that tell one another routes, so that the JVM has compiled what a
 * speaker does before the first neighbour is there: a change that comes through code never run
 * before takes several times as long.
 *
 * <p>It touches nothing outside, and takes about a second of one processor.
 */
public final class WarmUp {

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int FIRST_AS = 64512;
  private static final int PREFIXES = 5_000;
  private static final int PREFIXES_A_SET = 5;
  static final int CHANGES = 600;

  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final Speaker feeder = speaker(1, List.of(2));
  private final Speaker sink = speaker(3, List.of(2));

  private WarmUp() {
    Speaker _ = speaker(2, List.of(1, 3));
  }

  /**
   * Runs in the calling thread until all is warm, or the thread is interrupted.
   *
   * @return how many changes went from one end to the other
   */
  public static int run() {
    return new WarmUp().play();
  }

  private int play() {
    for (int i = 0; i < PREFIXES; i++) {
      feeder.rib().originate(prefix(i), attributes(i), RouteTag.NONE);
    }
    int arrived = known(PREFIXES);
    for (int i = 0; i < CHANGES && !Thread.currentThread().isInterrupted(); i++) {
      feeder.rib().withdraw(prefix(i));
      arrived += known(PREFIXES - 1);
      feeder.rib().originate(prefix(i), attributes(i), RouteTag.NONE);
      arrived += known(PREFIXES);
    }
    return arrived;
  }

  private int known(int prefixes) {
    boolean known =
        network.runUntil(
            () -> sink.rib().counters(Family.IPV4_UNICAST).prefixes() == prefixes, LONGEST);
    return known ? 1 : 0;
  }

  private Speaker speaker(int number, List<Integer> neighbours) {
    SimulatedLoop loop = network.loop("n" + number, List.of(address(number)));
    Rib rib = new Rib(RibSettings.DEFAULT, NextHops.ALL_CONNECTED, Background.of(loop));
    SpeakerSettings settings =
        SpeakerSettings.of(number)
            .listen(List.of(new ListenSettings(address(number), Transport.BGP_PORT, "")))
            .peers(neighbours.stream().map(other -> peer(number, other)).toList());
    Speaker speaker = new Speaker(loop, rib, settings, NeighbourDiscovery.NONE, new Random(number));
    speaker.apply(settings);
    return speaker;
  }

  private static PeerSettings peer(int from, int to) {
    return PeerSettings.of(
        "n" + to,
        new PeerAddress.At(address(to), ""),
        FIRST_AS + from,
        new RemoteAs.Exactly(FIRST_AS + to));
  }

  private static IpAddress address(int number) {
    return new Ipv4Address(0x0a000000 + number);
  }

  private static Cidr prefix(int index) {
    return new Cidr(new Ipv4Address(0x0b000000 + (index << 8)), 24);
  }

  private static Attributes attributes(int index) {
    int set = index / PREFIXES_A_SET;
    return Attributes.builder().asPath(AsPath.sequence(1 + set % 99, 100 + set)).build();
  }
}
