package io.ocicat.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.plan.DesiredRoute;
import io.ocicat.rtnetlink.FakeLinkTable;
import io.ocicat.rtnetlink.FakeRouteTable;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.RouteMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteReconcilerTest {

  private static final String POD = "oci000000000001";
  private static final int POD_INDEX = 7;
  private static final DesiredRoute TO_POD = new DesiredRoute.ToPod(Cidr.parse("10.1.0.5/32"), POD);
  private static final DesiredRoute TO_POD_V6 =
      new DesiredRoute.ToPod(Cidr.parse("fd00:1::5/128"), POD);
  private static final DesiredRoute BLACKHOLE =
      new DesiredRoute.Blackhole(Cidr.parse("10.1.0.0/26"));
  private static final DesiredRoute VIA_NODE =
      new DesiredRoute.ViaNode(Cidr.parse("10.2.0.0/26"), IpAddress.parse("192.0.2.2"));
  private static final List<DesiredRoute> ALL = List.of(TO_POD, TO_POD_V6, BLACKHOLE, VIA_NODE);

  private final FakeRouteTable routes = new FakeRouteTable();
  private final FakeLinkTable links = new FakeLinkTable();
  private final RouteReconciler reconciler = new RouteReconciler(routes, links);

  RouteReconcilerTest() {
    links.add(LinkMessage.named(POD, POD_INDEX));
  }

  private List<String> described() {
    return routes.all().stream().map(RouteMessage::describe).sorted().toList();
  }

  @Test
  void addsWhatIsMissingAndThenHasNothingToDo() {
    RouteReconciler.Report first = reconciler.reconcile(ALL, Pruning.ALLOWED);
    assertThat(first.changed()).hasSize(4);
    assertThat(first.drift()).isEmpty();
    assertThat(described())
        .containsExactly(
            "10.1.0.5/32 on link 7",
            "10.2.0.0/26 via 192.0.2.2",
            "blackhole 10.1.0.0/26",
            "fd00:1::5/128 on link 7");
    assertThat(reconciler.reconcile(ALL, Pruning.ALLOWED).changed()).isEmpty();
  }

  @Test
  void removesWhatIsNotDesiredOnlyIfItMayPrune() {
    reconciler.reconcile(ALL, Pruning.ALLOWED);
    assertThat(reconciler.reconcile(List.of(TO_POD), Pruning.FORBIDDEN).changed()).isEmpty();
    reconciler.reconcile(List.of(TO_POD), Pruning.ALLOWED);
    assertThat(described()).containsExactly("10.1.0.5/32 on link 7");
  }

  @Test
  void leavesTheRoutesOfAPodThatIsBeingAddedOrDeleted() {
    reconciler.reconcile(List.of(TO_POD, VIA_NODE), Pruning.ALLOWED);
    reconciler.reconcile(List.of(), Pruning.ALLOWED);
    assertThat(described()).containsExactly("10.1.0.5/32 on link 7");
  }

  @Test
  void removesARouteToAPodThatHasAnotherAddress() {
    routes.put(RouteMessage.onLink(Cidr.parse("10.1.0.9/32"), POD_INDEX, DesiredRoute.PROTOCOL));
    reconciler.reconcile(List.of(TO_POD), Pruning.ALLOWED);
    assertThat(described()).containsExactly("10.1.0.5/32 on link 7");
  }

  @Test
  void leavesRoutesOfOthersAlone() {
    RouteMessage foreign = RouteMessage.onLink(Cidr.parse("10.2.0.0/26"), 3, 4);
    routes.put(foreign);
    RouteReconciler.Report report = reconciler.reconcile(ALL, Pruning.ALLOWED);
    assertThat(report.failures())
        .singleElement()
        .asString()
        .contains("10.2.0.0/26 via 192.0.2.2")
        .contains("EEXIST");
    assertThat(routes.all()).contains(foreign).hasSize(4);
    reconciler.reconcile(List.of(), Pruning.ALLOWED);
    assertThat(routes.all()).contains(foreign);
  }

  @Test
  void putsRightWhatSomebodyRemovedOrChangedAndReportsIt() {
    reconciler.reconcile(ALL, Pruning.ALLOWED);
    routes.remove(RouteMessage.blackhole(Cidr.parse("10.1.0.0/26"), 1 << 20, 79));
    routes.put(RouteMessage.via(Cidr.parse("10.2.0.0/26"), IpAddress.parse("192.0.2.66"), 0, 79));
    RouteReconciler.Report report = reconciler.reconcile(ALL, Pruning.ALLOWED);
    assertThat(report.drift())
        .containsExactlyInAnyOrder(
            "route blackhole 10.1.0.0/26 was not as it should be",
            "route 10.2.0.0/26 via 192.0.2.2 was not as it should be");
    assertThat(reconciler.reconcile(ALL, Pruning.ALLOWED).drift()).isEmpty();
  }

  @Test
  void doesNotCallAChangeOfThePlanDrift() {
    reconciler.reconcile(ALL, Pruning.ALLOWED);
    DesiredRoute moved =
        new DesiredRoute.ViaNode(Cidr.parse("10.2.0.0/26"), IpAddress.parse("192.0.2.3"));
    RouteReconciler.Report report =
        reconciler.reconcile(List.of(TO_POD, TO_POD_V6, BLACKHOLE, moved), Pruning.ALLOWED);
    assertThat(report.changed()).hasSize(1);
    assertThat(report.drift()).isEmpty();
    assertThat(described()).contains("10.2.0.0/26 via 192.0.2.3");
  }

  @Test
  void waitsForThePodsLink() {
    links.remove(POD);
    RouteReconciler.Report report = reconciler.reconcile(ALL, Pruning.ALLOWED);
    assertThat(report.waiting()).containsExactly(TO_POD, TO_POD_V6);
    assertThat(report.failures()).isEmpty();
    links.add(LinkMessage.named(POD, 8));
    assertThat(reconciler.reconcile(ALL, Pruning.ALLOWED).drift()).isEmpty();
    assertThat(described()).contains("10.1.0.5/32 on link 8");
  }

  @Test
  void hasThePodOfABlockOfOneAddressNextToItsBlackhole() {
    DesiredRoute block = new DesiredRoute.Blackhole(Cidr.parse("10.1.0.5/32"));
    reconciler.reconcile(List.of(block), Pruning.ALLOWED);
    // As wiring does it, which knows nothing of blocks.
    routes.put(RouteMessage.onLink(Cidr.parse("10.1.0.5/32"), POD_INDEX, 79));
    reconciler.reconcile(List.of(TO_POD), Pruning.ALLOWED);
    assertThat(described()).containsExactly("10.1.0.5/32 on link 7");
  }

  @Test
  void leavesWhatLeadsOverGatewaysToASpeakerIfThatIsItsScope() {
    RouteMessage learned =
        RouteMessage.via(Cidr.parse("10.3.0.0/26"), IpAddress.parse("192.0.2.3"), 0, 79);
    routes.put(learned);
    RouteReconciler own = new RouteReconciler(routes, links, RouteScope.WITHOUT_GATEWAYS);
    assertThat(own.reconcile(ALL, Pruning.ALLOWED).changed()).hasSize(3);
    assertThat(own.reconcile(List.of(TO_POD, TO_POD_V6), Pruning.ALLOWED).changed()).hasSize(1);
    assertThat(routes.all()).contains(learned);
    assertThat(described())
        .containsExactly(
            "10.1.0.5/32 on link 7", "10.3.0.0/26 via 192.0.2.3", "fd00:1::5/128 on link 7");
    reconciler.reconcile(List.of(TO_POD), Pruning.ALLOWED);
    assertThat(routes.all()).doesNotContain(learned);
  }
}
