package io.ocicat.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutePlannerTest {

  private static final PodLink POD =
      PodLink.of(
          "c1",
          "eth0",
          "shop",
          "cart",
          List.of(IpAddress.parse("10.1.0.5"), IpAddress.parse("fd00:1::5")));

  @Test
  void routesPodsOwnBlocksAndRemoteBlocks() {
    Cidr own = Cidr.parse("10.1.0.0/26");
    Cidr remote = Cidr.parse("10.2.0.0/26");
    IpAddress node = IpAddress.parse("192.0.2.2");
    assertThat(RoutePlanner.routes(List.of(POD), List.of(own), Map.of(remote, node)))
        .containsExactly(
            new DesiredRoute.Blackhole(own),
            new DesiredRoute.ToPod(Cidr.parse("10.1.0.5/32"), POD.hostInterface()),
            new DesiredRoute.ViaNode(remote, node),
            new DesiredRoute.ToPod(Cidr.parse("fd00:1::5/128"), POD.hostInterface()));
  }

  @Test
  void prefersThePodToItsBlockAndWhatIsHereToWhatIsRemote() {
    Cidr block = Cidr.parse("10.1.0.5/32");
    Cidr other = Cidr.parse("10.3.0.0/26");
    assertThat(
            RoutePlanner.routes(
                List.of(POD), List.of(block, other), Map.of(other, IpAddress.parse("192.0.2.2"))))
        .contains(new DesiredRoute.ToPod(block, POD.hostInterface()))
        .contains(new DesiredRoute.Blackhole(other))
        .hasSize(3);
  }

  @Test
  void refusesAGatewayOfTheOtherFamily() {
    IpAddress node = IpAddress.parse("192.0.2.2");
    assertThatThrownBy(() -> new DesiredRoute.ViaNode(Cidr.parse("fd00::/64"), node))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void setsParametersForTheFamiliesInUse() {
    PodLink v4 = PodLink.of("c2", "eth0", "a", "b", List.of(IpAddress.parse("10.1.0.6")));
    assertThat(RoutePlanner.sysctls(List.of(v4), Set.of(IpFamily.IPV4)))
        .extracting(Sysctl::path)
        .contains("net/ipv4/ip_forward")
        .noneMatch(path -> path.startsWith("net/ipv6"));
    assertThat(RoutePlanner.sysctls(List.of(POD), Set.of(IpFamily.values())))
        .contains(
            new Sysctl("net/ipv6/conf/all/forwarding", "1"),
            new Sysctl("net/ipv4/conf/" + POD.hostInterface() + "/rp_filter", "1"));
  }
}
