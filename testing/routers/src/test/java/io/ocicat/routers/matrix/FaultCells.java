package io.ocicat.routers.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.session.Liveness;
import io.ocicat.bgpwire.Capability;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.inet.Cidr;
import io.ocicat.routers.matrix.Task.Knob;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Rows about links, routers and messages that are not as they should be. */
final class FaultCells {

  private static final String EXTRA = "10.33.0.0/24";
  private static final int FLAPS_A_DAY = 24 * 60;
  private static final int FLAPS_OF_ITS = 30;
  private static final int FLAPS_OF_SESSION = 3;

  /** OpenBGPD and ExaBGP wait longer each time. */
  private static final Set<Peer> PATIENT = EnumSet.of(Peer.OPENBGPD, Peer.EXABGP);

  /** Three packets in 100 ms are lost in 400; the machine may be busy. */
  private static final Duration IN_TIME = Duration.ofSeconds(2);

  private static final Duration LONGEST_RESTART = Duration.ofSeconds(60);

  private FaultCells() {}

  static void bfd(Cell cell) throws Exception {
    if (cell.peer() != Peer.BIRD && cell.peer() != Peer.FRR) {
      throw new NotApplicable("It has no BFD");
    }
    OurSpeaker us = cell.both(Task.external().with(Knob.BFD), "bfd: {transmit: 100, receive: 100}");
    cell.exchanged(us);
    cell.await("BFD", () -> us.peer().liveness().equals(Optional.of(Liveness.State.UP)));
    // The fast timers are in force when both sides have polled.
    Cell.pause(Duration.ofMillis(1500));
    cell.cut(true);
    cell.await("end of the session", IN_TIME, () -> !us.stands());
    assertThat(us.peer().lastError()).contains("BFD");
    cell.cut(false);
    cell.exchanged(us);
  }

  static void hardKill(Cell cell) throws Exception {
    Task task = Task.external();
    OurSpeaker us = cell.both(task);
    cell.exchanged(us);
    cell.router().kill();
    cell.await("end of the session", () -> !us.stands());
    cell.startRouter(task);
    cell.exchanged(us);
    assertThat(us.peer().flaps()).isEqualTo(1);
  }

  static void itRestarts(Cell cell) throws Exception {
    Task task = Task.external();
    OurSpeaker us = cell.both(task);
    cell.exchanged(us);
    cell.needs(us, Capability.GracefulRestart.class, "graceful restart");
    if (us.offered(Capability.GracefulRestart.class).orElseThrow().families().isEmpty()) {
      throw new NotApplicable("Its OPEN offers graceful restart for no family: End-of-RIB alone");
    }
    cell.router().flap(true);
    cell.await("one route more here", () -> us.has(BgpRouter.FLAPPING));
    AtomicInteger losses = losses(us);
    cell.router().kill();
    cell.await("end of the session", () -> !us.stands());
    assertThat(us.paths(BgpRouter.ROUTE).getFirst().stale()).isTrue();
    assertThat(us.paths(BgpRouter.FLAPPING).getFirst().stale()).isTrue();
    cell.startRouter(task.with(Knob.RESTARTED));
    cell.exchanged(us);
    cell.await("sweep", () -> !us.has(BgpRouter.FLAPPING));
    cell.await("fresh route", () -> !us.paths(BgpRouter.ROUTE).getFirst().stale());
    // GoBGP is told of its routes when it has said that it has no more.
    if (cell.peer() != Peer.GOBGP) {
      assertThat(losses).hasValue(0);
    }
  }

  /** How often the router's route has gone from our table. */
  private static AtomicInteger losses(OurSpeaker us) {
    AtomicInteger losses = new AtomicInteger();
    Cidr prefix = Cidr.parse(BgpRouter.ROUTE);
    boolean _ =
        us.ask(
            s -> {
              s.rib()
                  .listen(
                      batch ->
                          batch.forEach(
                              change -> {
                                if (change.prefix().equals(prefix) && change.paths().isEmpty()) {
                                  losses.incrementAndGet();
                                }
                              }));
              return true;
            });
    return losses;
  }

  static void weRestart(Cell cell) throws Exception {
    if (cell.peer() == Peer.EXABGP) {
      throw new NotApplicable("It has no tables and keeps no routes");
    }
    OurSpeaker us = cell.both(Task.external());
    us.originate(EXTRA);
    cell.exchanged(us);
    cell.await("one route more there", () -> cell.router().learned().contains(EXTRA));
    us.crash();
    Cell.pause(Duration.ofSeconds(1));
    assertThat(cell.router().learned()).contains(Cell.OUR_ROUTE, Cell.OUR_ROUTE6, EXTRA);
    OurSpeaker again = cell.ours(LONGEST_RESTART);
    cell.await(
        "sweep there",
        () -> {
          String learned = cell.router().learned();
          assertThat(learned).contains(Cell.OUR_ROUTE, Cell.OUR_ROUTE6);
          return again.stands() && !learned.contains(EXTRA);
        });
    cell.exchanged(again);
  }

  /** Its route is there and gone as often as its commands are quick enough for. */
  static void flaps(Cell cell) throws Exception {
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    for (int i = 0; i < FLAPS_A_DAY; i++) {
      us.originate(EXTRA);
      Cell.pause(Duration.ofMillis(1));
      us.withdraw(EXTRA);
      if (i % (FLAPS_A_DAY / FLAPS_OF_ITS) == 0) {
        cell.router().flap(true);
        cell.router().flap(false);
      }
    }
    int ends = PATIENT.contains(cell.peer()) ? 1 : FLAPS_OF_SESSION;
    for (int i = 1; i <= ends; i++) {
      int ended = i;
      boolean _ = us.ask(s -> s.reset(OurSpeaker.OTHER));
      cell.await("end of the session", () -> us.peer().flaps() == ended);
      cell.await("session", us::stands);
    }
    us.originate(EXTRA);
    cell.router().flap(true);
    cell.exchanged(us);
    cell.await("our last word there", () -> cell.router().learned().contains(EXTRA));
    cell.await("its last word here", () -> us.has(BgpRouter.FLAPPING));
    assertThat(us.peer().flaps()).as(us.peer().lastError()).isEqualTo(ends);
    assertThat(us.counters(Family.IPV4_UNICAST).accepted()).isEqualTo(2);
  }

  // ---- what is malformed

  private static final String SPOILT = "10.40.0.0/24";

  private static ExaBgp spoiler(Cell cell) {
    if (cell.router() instanceof ExaBgp exaBgp) {
      return exaBgp;
    }
    throw new NotApplicable("It sends nothing that is malformed");
  }

  private static void announce(ExaBgp spoiler, String prefix, String more) {
    spoiler.say("announce route " + prefix + " next-hop 10.98.0.2 " + more);
  }

  /** RFC 7606 §7.6, §7.7, and §7.5 and §7.9 towards an external neighbour. */
  static void discarded(Cell cell) throws Exception {
    ExaBgp spoiler = spoiler(cell);
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    record Spoilt(AttributeType type, String attribute) {}
    int number = 0;
    for (Spoilt spoilt :
        List.of(
            new Spoilt(AttributeType.ATOMIC_AGGREGATE, "[ 0x06 0x40 0x01 ]"),
            new Spoilt(AttributeType.AGGREGATOR, "[ 0x07 0xc0 0x0102030405 ]"),
            new Spoilt(AttributeType.ORIGINATOR_ID, "[ 0x09 0x80 0x0a620003 ]"))) {
      String prefix = "10.40.%d.0/24".formatted(number++);
      announce(spoiler, prefix, "attribute " + spoilt.attribute());
      cell.await(spoilt + " is taken", () -> us.has(prefix));
      assertThat(us.paths(prefix).getFirst().attributes().has(spoilt.type())).isFalse();
    }
    assertThat(us.peer().flaps()).isZero();
  }

  /** RFC 7606 §7.4, §7.8, §7.14 and RFC 8092 §6. */
  static void treatedAsWithdrawn(Cell cell) throws Exception {
    ExaBgp spoiler = spoiler(cell);
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    for (String attribute :
        List.of(
            "[ 0x04 0x80 0x0000000001 ]",
            "[ 0x08 0xc0 0x0102030405 ]",
            "[ 0x10 0xc0 0x01020304050607 ]",
            "[ 0x20 0xc0 0x0102030405060708090a0b ]")) {
      announce(spoiler, SPOILT, "");
      cell.await("route", () -> us.has(SPOILT));
      announce(spoiler, SPOILT, "attribute " + attribute);
      cell.await("withdrawal by " + attribute, () -> !us.has(SPOILT));
    }
    assertThat(us.has(BgpRouter.ROUTE)).isTrue();
    assertThat(us.peer().flaps()).isZero();
  }

  /** RFC 7606 §7.11: a next hop of five octets. */
  static void reset(Cell cell) throws Exception {
    ExaBgp spoiler = spoiler(cell);
    OurSpeaker us = cell.both(Task.external());
    cell.exchanged(us);
    announce(spoiler, SPOILT, "attribute [ 0x0e 0x80 0x00010105010203040500 ]");
    cell.await("end of the session", () -> us.peer().flaps() > 0);
    cell.await(
        "our reason there",
        () -> cell.router().session().contains("receive notification code 3 subcode 9"));
  }
}
