package io.ocicat.routers.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.IpAddress;
import io.ocicat.routers.matrix.Task.Knob;
import java.time.Duration;
import java.util.Locale;

/** Rows about the session itself. */
final class SessionCells {

  private static final String WORDS = "gone to lunch";

  private SessionCells() {}

  static void routes(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    assertThat(us.counters(Family.IPV4_UNICAST).accepted()).isEqualTo(1);
    assertThat(us.counters(Family.IPV6_UNICAST).accepted()).isEqualTo(1);
  }

  static void fourOctetAs(Cell cell) throws Exception {
    Task task = new Task(4_200_000_002L, 4_200_000_001L, Task.external().knobs());
    OurSpeaker us = cell.both(task);
    cell.exchanged(us);
    assertThat(us.peer().remoteAs()).isEqualTo(4_200_000_002L);
    assertThat(us.paths(BgpRouter.ROUTE).getFirst().attributes().asPath().toString())
        .isEqualTo("4200000002");
    assertThat(cell.router().details(Cell.OUR_ROUTE)).contains("4200000001");
  }

  static void internal(Cell cell) throws Exception {
    cell.exchanged(cell.both(Task.internal()));
  }

  static void md5(Cell cell) throws Exception {
    cell.exchanged(cell.both(Task.external().with(Knob.PASSWORD, "s3cret"), "password: s3cret"));
  }

  static void wrongKey(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external().with(Knob.PASSWORD, "s3cret"), "password: an0ther");
    Cell.pause(Duration.ofSeconds(4));
    assertThat(us.peer().state()).isNotEqualTo(FsmState.ESTABLISHED);
    assertThat(us.peer().flaps()).isZero();
    assertThat(cell.router().isAlive()).as("it runs").isTrue();
  }

  static void gtsm(Cell cell) throws Exception {
    cell.exchanged(cell.both(Task.external().with(Knob.TTL_SECURITY), "ttlSecurity: 1"));
  }

  static void fastTimers(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external(), "holdTime: 3");
    cell.exchanged(us);
    assertThat(us.peer().holdSeconds()).isEqualTo(3);
    Cell.pause(Duration.ofSeconds(7));
    assertThat(us.peer().flaps()).isZero();
    assertThat(us.stands()).isTrue();
  }

  static void roles(Cell cell) throws Exception {
    OurSpeaker provider = cell.both(Task.external().with(Knob.ROLE, "customer"), "role: provider");
    cell.established(provider);
    cell.needs(provider, Capability.BgpRole.class, "a role");
    cell.exchanged(provider);
    // Only To Customer: what a customer has from its provider it tells its own customers alone.
    cell.await(
        "our mark on our route",
        () -> {
          String told = cell.router().details(Cell.OUR_ROUTE).toLowerCase(Locale.ROOT);
          return told.contains("otc") || told.contains("only to customer");
        });
    provider.close();
    OurSpeaker customer = cell.ours("role: customer");
    cell.await("refusal", () -> customer.peer().lastError().contains("Role Mismatch"));
    assertThat(customer.stands()).isFalse();
  }

  static void shutdownByUs(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    us.close(WORDS);
    if (cell.peer() == Peer.EXABGP) {
      cell.fails(
          "can not decode update message of type \"3\"", "Its decoder of such a message fails");
    }
    cell.await("word of ours there", () -> cell.router().session().contains(WORDS));
  }

  static void shutdownByIt(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    cell.router().shutDown(WORDS);
    cell.await("word of its here", () -> us.peer().lastError().contains(WORDS));
    assertThat(us.has(BgpRouter.ROUTE)).isFalse();
  }

  static void unnumbered(Cell cell) throws Exception {
    if (cell.peer() != Peer.BIRD && cell.peer() != Peer.FRR) {
      throw new NotApplicable(
          "It sends no router advertisements, by which neighbours on a link are found");
    }
    OurSpeaker us = cell.both(Task.external().with(Knob.UNNUMBERED));
    cell.exchanged(us);
    assertThat(us.peer().address()).startsWith("fe80::").endsWith("%east");
    IpAddress nextHop = us.paths(BgpRouter.ROUTE).getFirst().attributes().nextHop().orElseThrow();
    assertThat(nextHop.toString()).contains(":");
    assertThat(cell.router().details(Cell.OUR_ROUTE)).contains("fe80::");
  }
}
