package io.ocicat.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.NetNamespace;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.plan.PodLink;
import io.ocicat.plan.RoutePlanner;
import io.ocicat.plan.Sysctl;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.AddressMessage;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.RouteTable;
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reconciles a namespace of this test's own. */
@Timeout(60)
class RouteReconcilerIT {

  private NetNamespace node;
  private Rtnetlink rtnetlink;
  private RouteReconciler reconciler;
  private List<DesiredRoute> desired;
  private PodLink pod;

  @BeforeEach
  void makeANodeWithAnUplinkAndAPodLink() {
    node = NetNamespace.create();
    rtnetlink = Rtnetlink.openIn(node);
    reconciler = new RouteReconciler(rtnetlink, rtnetlink);
    pod =
        PodLink.of(
            "c1",
            "eth0",
            "shop",
            "cart",
            List.of(IpAddress.parse("10.1.0.5"), IpAddress.parse("fd00:1::5")));
    link("uplink");
    link(pod.hostInterface());
    int uplink = rtnetlink.link("uplink").orElseThrow().index();
    for (String address : List.of("192.0.2.1", "2001:db8::1")) {
      IpAddress own = IpAddress.parse(address);
      int length = own.family() == IpFamily.IPV4 ? 24 : 64;
      rtnetlink.execute(AddressCodec.newAddress(AddressMessage.of(own, length, uplink)));
    }
    desired =
        RoutePlanner.routes(
            List.of(pod),
            List.of(Cidr.parse("10.1.0.0/26"), Cidr.parse("fd00:1::/122")),
            Map.of(
                Cidr.parse("10.2.0.0/26"), IpAddress.parse("192.0.2.2"),
                Cidr.parse("fd00:2::/122"), IpAddress.parse("2001:db8::2")));
  }

  private void link(String name) {
    rtnetlink.execute(
        LinkCodec.newLink("bridge", new LinkCodec.NamedLink(name, LinkSettings.NONE.up())));
  }

  @AfterEach
  void closeNode() {
    rtnetlink.close();
    node.close();
  }

  @Test
  void isInSyncAfterOneRunAndStaysSo() {
    RouteReconciler.Report report = reconciler.reconcile(desired, Pruning.ALLOWED);
    assertThat(report.failures()).isEmpty();
    assertThat(report.changed()).hasSize(6);
    assertThat(reconciler.reconcile(desired, Pruning.ALLOWED).changed()).isEmpty();
    assertThat(new RouteReconciler(rtnetlink, rtnetlink).reconcile(desired, Pruning.ALLOWED))
        .satisfies(adopted -> assertThat(adopted.changed()).isEmpty());
  }

  @Test
  void putsBackEachRouteThatIsDeletedByHand() {
    reconciler.reconcile(desired, Pruning.ALLOWED);
    for (RouteMessage route : rtnetlink.routes(DesiredRoute.PROTOCOL)) {
      rtnetlink.apply(List.of(new RouteTable.Change.Delete(route)));
      assertThat(reconciler.reconcile(desired, Pruning.ALLOWED).drift()).hasSize(1);
    }
    assertThat(rtnetlink.routes(DesiredRoute.PROTOCOL)).hasSize(6);
  }

  @Test
  void removesItsOwnRoutesAndNoOthers() {
    int uplink = rtnetlink.link("uplink").orElseThrow().index();
    List<RouteMessage> others =
        List.of(
            RouteMessage.onLink(Cidr.parse("10.3.0.0/26"), uplink, LinuxRtnetlink.RTPROT_STATIC),
            RouteMessage.onLink(Cidr.parse("fd00:3::/122"), uplink, LinuxRtnetlink.RTPROT_STATIC));
    others.forEach(route -> rtnetlink.apply(List.of(new RouteTable.Change.Add(route))));
    reconciler.reconcile(desired, Pruning.ALLOWED);
    reconciler.reconcile(List.of(), Pruning.ALLOWED);
    assertThat(destinations(DesiredRoute.PROTOCOL))
        .containsExactlyInAnyOrderElementsOf(
            pod.addresses().stream().map(IpAddress::toHostCidr).toList());
    assertThat(destinations(LinuxRtnetlink.RTPROT_STATIC))
        .containsExactlyInAnyOrderElementsOf(
            others.stream().map(RouteMessage::destination).toList());
  }

  private List<Cidr> destinations(int protocol) {
    return rtnetlink.routes(protocol).stream().map(RouteMessage::destination).toList();
  }

  @Test
  void setsTheNodesParametersAndPutsThemRight() throws Exception {
    List<Sysctl> sysctls =
        RoutePlanner.sysctls(List.of(pod), List.of(IpFamily.IPV4, IpFamily.IPV6));
    SysctlReconciler parameters = new SysctlReconciler(new ProcSysctls());
    assertThat(node.call(() -> parameters.reconcile(sysctls)).failures()).isEmpty();
    assertThat(node.call(() -> parameters.reconcile(sysctls)).changed()).isEmpty();
    node.<String, IOException>call(
        () -> {
          new ProcSysctls().write("net/ipv4/ip_forward", "0");
          return "";
        });
    assertThat(node.call(() -> parameters.reconcile(sysctls)).drift())
        .contains("net/ipv4/ip_forward was 0, not 1");
  }
}
