package io.ocicat.fib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.rib.Reachability;
import io.ocicat.fib.HopGroups.Hop;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxIfLink;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.RouteMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {

  private static final int STATIC = 4;
  private static final IpAddress ROUTER = IpAddress.parse("192.0.2.2");
  private static final IpAddress FAR = IpAddress.parse("203.0.113.7");

  private final Topology topology = new Topology();

  TopologyTest() {
    topology.put(link(2, LinuxIfLink.IFF_UP | LinuxIfLink.IFF_LOWER_UP));
    topology.put(RouteMessage.onLink(Cidr.parse("192.0.2.0/24"), 2, 2), false);
  }

  private static LinkMessage link(int index, int flags) {
    return new LinkMessage(
        index, flags, "eth" + index, "", 1500, LinkMessage.NO_ADDRESS, "", 0, 0, 0, -1, List.of());
  }

  private boolean reaches(IpAddress address) {
    return topology.reachability(address, true).reachable();
  }

  @Test
  void theLongestMatchCounts() {
    topology.put(RouteMessage.via(Cidr.parse("0.0.0.0/0"), ROUTER, 2, STATIC), false);
    assertThat(reaches(FAR)).isTrue();
    assertThat(topology.reachability(FAR, false)).isEqualTo(Reachability.UNREACHABLE);
    topology.put(RouteMessage.blackhole(Cidr.parse("203.0.113.0/24"), 0, STATIC), false);
    assertThat(reaches(FAR)).isFalse();
    topology.put(RouteMessage.via(Cidr.parse("203.0.113.7/32"), ROUTER, 2, STATIC), false);
    assertThat(reaches(FAR)).isTrue();
    assertThat(topology.leads(List.of(new Hop(FAR, "")), true))
        .containsExactly(NextHop.of(2, ROUTER));
  }

  @Test
  void whatASpeakerLearnedSaysNothing() {
    RouteMessage learned =
        RouteMessage.via(Cidr.parse("203.0.113.0/24"), ROUTER, 2, FibSettings.PROTOCOL);
    assertThat(Topology.learned(learned)).isTrue();
    assertThat(Topology.counts(learned)).isFalse();
    RouteMessage pod = RouteMessage.onLink(Cidr.parse("10.1.0.5/32"), 2, FibSettings.PROTOCOL);
    assertThat(Topology.counts(pod)).isTrue();
  }

  @Test
  void anAddressOfOurOwnIsNoNextHop() {
    assertThat(reaches(ROUTER)).isTrue();
    topology.put(AddressMessage.of(ROUTER, 24, 2));
    assertThat(reaches(ROUTER)).isFalse();
    topology.remove(AddressMessage.of(ROUTER, 24, 2));
    assertThat(reaches(ROUTER)).isTrue();
  }

  @Test
  void aLinkWithoutCarrierLeadsNowhere() {
    topology.put(link(2, LinuxIfLink.IFF_UP));
    assertThat(reaches(ROUTER)).isFalse();
    assertThat(topology.takeDisturbed()).contains(2);
    topology.put(link(2, LinuxIfLink.IFF_UP | LinuxIfLink.IFF_LOWER_UP));
    assertThat(reaches(ROUTER)).isTrue();
    // The kernel drops IPv4 routes of a link that is down, and does not say so.
    topology.put(link(2, 0));
    topology.put(link(2, LinuxIfLink.IFF_UP | LinuxIfLink.IFF_LOWER_UP));
    assertThat(reaches(ROUTER)).isFalse();
  }

  @Test
  void aRouteInThePlaceOfAnotherLeavesNothingOfIt() {
    topology.put(link(3, LinuxIfLink.IFF_UP | LinuxIfLink.IFF_LOWER_UP));
    Cidr far = Cidr.parse("203.0.113.0/24");
    topology.put(RouteMessage.onLink(far, 2, STATIC), false);
    topology.put(RouteMessage.onLink(far, 3, STATIC), true);
    assertThat(topology.leads(List.of(new Hop(FAR, "")), true)).containsExactly(NextHop.of(3, FAR));
    assertThat(topology.remove(RouteMessage.onLink(far, 3, STATIC))).isTrue();
    assertThat(reaches(FAR)).isFalse();
  }

  @Test
  void linkLocalNextHopsAreOnTheirDevice() {
    Hop hop = new Hop(IpAddress.parse("fe80::1"), "eth2");
    assertThat(topology.leads(List.of(hop), true)).containsExactly(NextHop.of(2, hop.address()));
    assertThat(topology.leads(List.of(new Hop(hop.address(), "eth9")), true)).isEmpty();
  }
}
