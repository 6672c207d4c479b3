package io.ocicat.bgpcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.rib.RouteTag;
import io.ocicat.bgp.session.PeerSettings;
import io.ocicat.bgp.session.Timers;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.AttributesBuilder;
import io.ocicat.bgpwire.Family;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.Ipv4Address;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keepalives each second and a hold time of three, while full tables go in and out and away. */
@Timeout(300)
class FastTimersIT {

  private static final int ROUTES = 1_000_000;
  private static final int PORTION = 20_000;

  @Test
  void sessionsStandWhileAMillionRoutesComeAndGo() {
    try (RunningSpeaker feeder = new RunningSpeaker("127.0.19.1", 65001);
        RunningSpeaker middle = new RunningSpeaker("127.0.19.2", 65002);
        RunningSpeaker quiet = new RunningSpeaker("127.0.19.3", 65003)) {
      feeder.peersWith(List.of(fast(feeder.peer("middle", "127.0.19.2", 65002))));
      quiet.peersWith(List.of(fast(quiet.peer("middle", "127.0.19.2", 65002))));
      middle.peersWith(
          List.of(
              fast(middle.peer("feeder", "127.0.19.1", 65001)),
              fast(middle.peer("quiet", "127.0.19.3", 65003))));
      middle.awaitEstablished("feeder");
      middle.awaitEstablished("quiet");
      int before = flaps(feeder) + flaps(middle) + flaps(quiet);

      for (int from = 0; from < ROUTES; from += PORTION) {
        originate(feeder, from);
      }
      RunningSpeaker.await("the table at the far end", () -> known(quiet) == ROUTES);
      for (int from = 0; from < ROUTES; from += PORTION) {
        withdraw(feeder, from);
      }
      RunningSpeaker.await("the end of it", () -> known(quiet) == 0);

      assertThat(flaps(feeder) + flaps(middle) + flaps(quiet)).isEqualTo(before);
    }
  }

  private static PeerSettings fast(PeerSettings peer) {
    return peer.timers(Timers.DEFAULT.hold(3));
  }

  private static int flaps(RunningSpeaker speaker) {
    return speaker.ask(s -> s.peers().stream().mapToInt(view -> view.flaps()).sum());
  }

  private static int known(RunningSpeaker speaker) {
    return speaker.ask(s -> s.rib().counters(Family.IPV4_UNICAST).best());
  }

  private static Cidr prefix(int number) {
    return Cidr.containing(new Ipv4Address(0x14000000 + (number << 8)), 24);
  }

  /** As many different sets of attributes as full tables have about. */
  private static void originate(RunningSpeaker feeder, int from) {
    boolean _ =
        feeder.ask(
            s -> {
              for (int i = from; i < from + PORTION; i++) {
                AttributesBuilder attributes = Attributes.builder().med(i / 7);
                s.rib().originate(prefix(i), attributes.build(), RouteTag.NONE);
              }
              return true;
            });
  }

  private static void withdraw(RunningSpeaker feeder, int from) {
    boolean _ =
        feeder.ask(
            s -> {
              for (int i = from; i < from + PORTION; i++) {
                s.rib().withdraw(prefix(i));
              }
              return true;
            });
  }
}
