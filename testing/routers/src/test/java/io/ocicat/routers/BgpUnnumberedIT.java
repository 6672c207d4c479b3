package io.ocicat.routers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgp.fsm.FsmState;
import io.ocicat.bgp.speaker.PeerView;
import io.ocicat.bgpd.BgpdConfig;
import io.ocicat.bgpd.BgpdConfigReader;
import io.ocicat.bgpd.Daemon;
import io.ocicat.bgpwire.Family;
import io.ocicat.libc.NetNamespace;
import io.ocicat.testkit.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two daemons on a link that has no addresses but those that the kernel gave it. */
@Timeout(60)
class BgpUnnumberedIT {

  private final String east = "ocibgp-e" + ProcessHandle.current().pid();
  private final String west = "ocibgp-w" + ProcessHandle.current().pid();
  private final List<Daemon> daemons = new ArrayList<>();

  @AfterEach
  void remove() {
    daemons.forEach(Daemon::end);
    Shell.run(List.of("ip", "netns", "delete", east));
    Shell.run(List.of("ip", "netns", "delete", west));
  }

  @Test
  void neighboursAreFoundAndIpv4RoutesHaveIpv6NextHops() throws Exception {
    ip("netns", "add", east);
    ip("netns", "add", west);
    ip("-n", east, "link", "add", "wire", "type", "veth", "peer", "wire", "netns", west);
    ip("-n", east, "link", "set", "wire", "up");
    ip("-n", west, "link", "set", "wire", "up");
    Daemon one = daemon(east, 1);
    Daemon two = daemon(west, 2);
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!stands(one) || !stands(two)) {
      assertThat(System.nanoTime()).as("%s, %s", peer(one), peer(two)).isLessThan(end);
      Thread.sleep(100);
    }
    assertThat(peer(one).address()).startsWith("fe80::").endsWith("%wire");
    String route =
        one.ask(
            s ->
                s.rib()
                    .view()
                    .received("other", Family.IPV4_UNICAST)
                    .next(10)
                    .getFirst()
                    .toString());
    assertThat(route).contains("10.2.0.0/24").contains("fe80::");
  }

  @Test
  void whoIsNotOnTheLinkIsNotHeard() throws Exception {
    ip("netns", "add", east);
    ip("netns", "add", west);
    ip("-n", east, "link", "add", "wire", "type", "veth", "peer", "wire", "netns", west);
    String forge =
        """
        table ip6 forge {
          chain out {
            type filter hook output priority mangle;
            icmpv6 type nd-router-advert ip6 hoplimit set 254;
          }
        }
        """;
    String _ = Shell.run(List.of("ip", "netns", "exec", west, "nft", forge)).orFail();
    ip("-n", east, "link", "set", "wire", "up");
    ip("-n", west, "link", "set", "wire", "up");
    Daemon one = daemon(east, 1);
    Daemon two = daemon(west, 2, "passive: true, ");
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!peer(two).address().startsWith("fe80::")) {
      assertThat(System.nanoTime()).as("%s", peer(two)).isLessThan(end);
      Thread.sleep(100);
    }
    Thread.sleep(3000); // three advertisements or more from the west
    assertThat(peer(one).address()).doesNotContain("fe80::");
    String _ =
        Shell.run(List.of("ip", "netns", "exec", west, "nft", "delete", "table", "ip6", "forge"))
            .orFail();
    while (!stands(one)) {
      assertThat(System.nanoTime()).as("%s", peer(one)).isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static boolean stands(Daemon daemon) {
    PeerView peer = peer(daemon);
    return peer.state() == FsmState.ESTABLISHED
        && peer.families().values().stream().anyMatch(c -> c.accepted() > 0);
  }

  private static PeerView peer(Daemon daemon) {
    return daemon.ask(s -> s.peers().getFirst());
  }

  private Daemon daemon(String namespace, int number) throws Exception {
    return daemon(namespace, number, "");
  }

  private Daemon daemon(String namespace, int number, String more) throws Exception {
    BgpdConfigReader.Reading reading =
        BgpdConfigReader.parse(
            """
            routerId: 10.0.0.%d
            as: 6500%d
            networks: [10.%d.0.0/24]
            peers:
            - {name: other, %sinterface: wire, as: external}
            """
                .formatted(number, number, number, more),
            Path.of("/"));
    if (!(reading instanceof BgpdConfigReader.Reading.Valid(BgpdConfig config))) {
      throw new AssertionError(reading);
    }
    CompletableFuture<Daemon> made = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try (NetNamespace at =
                  NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(namespace))) {
                at.run(
                    () -> {
                      Daemon daemon = new Daemon(config);
                      made.complete(daemon);
                      daemon.run();
                    });
              } catch (RuntimeException e) {
                made.completeExceptionally(e);
              }
            });
    Daemon daemon = made.get(10, TimeUnit.SECONDS);
    daemons.add(daemon);
    return daemon;
  }

  private static void ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    String _ = Shell.run(command).orFail();
  }
}
