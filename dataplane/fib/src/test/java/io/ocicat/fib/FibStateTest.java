package io.ocicat.fib;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.rib.Reachability;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.rib.UsedPath;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.libc.Errno;
import io.ocicat.netlink.ExtAck;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxIfLink;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.RouteTable.Change;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written, without a kernel. */
class FibStateTest {

  private static final Cidr PREFIX = Cidr.parse("10.9.0.0/24");
  private static final IpAddress LEFT = IpAddress.parse("192.0.2.2");
  private static final IpAddress RIGHT = IpAddress.parse("198.51.100.2");
  private static final int KERNEL = 2;

  private final Topology topology = new Topology();
  private final FibState state = new FibState(FibSettings.DEFAULT, topology);

  FibStateTest() {
    topology.put(link(2, true));
    topology.put(link(3, true));
    topology.put(RouteMessage.onLink(Cidr.parse("192.0.2.0/24"), 2, KERNEL), false);
    topology.put(RouteMessage.onLink(Cidr.parse("198.51.100.0/24"), 3, KERNEL), false);
  }

  private static LinkMessage link(int index, boolean carrier) {
    int flags = LinuxIfLink.IFF_UP | (carrier ? LinuxIfLink.IFF_LOWER_UP : 0);
    return new LinkMessage(
        index, flags, "eth" + index, "", 1500, LinkMessage.NO_ADDRESS, "", 0, 0, 0, -1, List.of());
  }

  private void wants(IpAddress... nextHops) {
    state.changed(
        List.of(
            new RouteChange(
                Family.IPV4_UNICAST,
                PREFIX,
                Arrays.stream(nextHops)
                    .map(
                        hop ->
                            new UsedPath(
                                "peer", "", true, Attributes.builder().nextHop(hop).build()))
                    .toList())));
  }

  /** What would be sent, refused with that errno unless it is 0. */
  private List<String> writes(int errno) {
    FibState.Work work = state.take(10);
    List<Rtnetlink.Refused> refused = new ArrayList<>();
    for (int i = 0; errno != 0 && i < work.items().size(); i++) {
      refused.add(
          new Rtnetlink.Refused(
              i, new NetlinkException("replace route", new Errno(errno), ExtAck.NONE, "")));
    }
    state.done(work, refused);
    return work.changes().stream()
        .map(change -> (change instanceof Change.Delete ? "- " : "") + change.route().describe())
        .toList();
  }

  @Test
  void writesTheNewestOfManyChanges() {
    wants(LEFT);
    wants();
    wants(RIGHT);
    wants(LEFT, RIGHT);
    assertThat(writes(0))
        .containsExactly("10.9.0.0/24 via 192.0.2.2 on link 2 via 198.51.100.2 on link 3");
    assertThat(state.view().installed()).isEqualTo(1);
    wants();
    assertThat(writes(0)).containsExactly("- 10.9.0.0/24");
    assertThat(state.view().wanted()).isZero();
    assertThat(state.hasWork()).isFalse();
  }

  @Test
  void triesAgainWhatWasRefusedAndSaysSo() {
    wants(LEFT);
    assertThat(writes(Errno.ENOBUFS.value())).hasSize(1);
    assertThat(state.hasWork()).isFalse();
    FibView view = state.view();
    assertThat(view.waiting()).isEqualTo(1);
    assertThat(view.refusals()).isEqualTo(1);
    assertThat(view.lastFailures().getFirst()).contains("ENOBUFS");
    assertThat(state.hasRefused()).isTrue();
    assertThat(state.retry()).isTrue();
    assertThat(writes(0)).containsExactly("10.9.0.0/24 via 192.0.2.2 on link 2");
    assertThat(state.view().waiting()).isZero();
  }

  @Test
  void writesAgainWhatMayBeLost() {
    wants(LEFT);
    FibState.Work work = state.take(10);
    state.lost(work, new NetlinkException("routes", Errno.ENOBUFS, ExtAck.NONE, ""));
    assertThat(state.view().overruns()).isEqualTo(1);
    assertThat(writes(0)).hasSize(1);
  }

  @Test
  void aRouteThatChangedWhileItWasWrittenIsWrittenAgain() {
    wants(LEFT);
    FibState.Work work = state.take(10);
    wants(RIGHT);
    state.done(work, List.of());
    assertThat(writes(0)).containsExactly("10.9.0.0/24 via 198.51.100.2 on link 3");
    FibState.Work again = state.take(10);
    wants();
    state.done(again, List.of());
    assertThat(writes(0)).containsExactly("- 10.9.0.0/24");
  }

  @Test
  void followsLinksAndTellsNextHops() {
    assertThat(state.watch(LEFT)).isEqualTo(Reachability.CONNECTED);
    List<String> told = new ArrayList<>();
    state.tell((hop, now) -> told.add(hop + " " + now.reachable()));
    wants(LEFT);
    writes(0);
    state.learn(known -> known.put(link(2, false)));
    assertThat(writes(0)).containsExactly("- 10.9.0.0/24");
    assertThat(state.view().waiting()).isEqualTo(1);
    state.learn(known -> known.put(link(2, true)));
    assertThat(writes(0)).containsExactly("10.9.0.0/24 via 192.0.2.2 on link 2");
    assertThat(told).containsExactly("192.0.2.2 true", "192.0.2.2 false", "192.0.2.2 true");
  }

  @Test
  void keepsWhatWasAdoptedUntilAllIsTold() {
    Cidr other = Cidr.parse("10.10.0.0/24");
    for (Cidr prefix : List.of(PREFIX, other)) {
      state.adopt(withMetric(RouteMessage.via(prefix, LEFT, 2, 79), 1024));
    }
    assertThat(state.view().stale()).isEqualTo(2);
    wants(LEFT);
    assertThat(writes(0)).containsExactly("10.9.0.0/24 via 192.0.2.2 on link 2");
    state.inSync();
    assertThat(writes(0)).containsExactly("- 10.10.0.0/24");
    assertThat(state.view().stale()).isZero();
  }

  @Test
  void auditsFindWhatIsMissingWrongAndUnknown() {
    wants(LEFT);
    state.inSync();
    writes(0);
    assertThat(state.beginAudit(true)).isTrue();
    state.audited(withMetric(RouteMessage.via(PREFIX, RIGHT, 3, 79), 1024));
    state.audited(withMetric(RouteMessage.via(Cidr.parse("10.8.0.0/24"), LEFT, 2, 79), 1024));
    state.audited(withMetric(RouteMessage.via(PREFIX, LEFT, 2, 79), 7));
    state.endAudit(true);
    // The one of another metric goes only when ours is right.
    assertThat(writes(0)).containsExactly("10.9.0.0/24 via 192.0.2.2 on link 2", "- 10.8.0.0/24");
    assertThat(state.beginAudit(false)).isTrue();
    state.audited(withMetric(RouteMessage.via(PREFIX, LEFT, 2, 79), 7));
    state.endAudit(true);
    assertThat(writes(0)).containsExactly("- 10.9.0.0/24", "10.9.0.0/24 via 192.0.2.2 on link 2");
    assertThat(state.view().audits()).isEqualTo(2);
  }

  private static RouteMessage withMetric(RouteMessage route, int metric) {
    return new RouteMessage(
        route.destination(),
        route.type(),
        route.table(),
        route.protocol(),
        route.scope(),
        metric,
        route.source(),
        route.nextHops(),
        route.others());
  }
}
