package io.ocicat.routers;

import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A router of somebody else's, at 10.98.0.2 and fd98::2, with us at .1 and ::1. */
abstract class BgpRouter {

  /**
   * What it is to speak.
   *
   * @param as its own
   * @param ourAs ours
   * @param password for TCP MD5; empty for none
   * @param ttlSecurity RFC 5082
   */
  record Task(long as, long ourAs, String password, boolean ttlSecurity) {}

  private static final int LAST_LINES = 2000;

  final Path directory;
  private final String namespace;
  private Optional<Process> process = Optional.empty();

  BgpRouter(Path directory, String namespace) {
    this.directory = directory;
    this.namespace = namespace;
  }

  /** Writes its configuration and answers with its command line. */
  abstract List<String> prepare(Task task) throws IOException;

  /** What it says of the session and of what it learned from us. */
  abstract String learned();

  /** Has it ask us for our routes again; false if it cannot be asked to. */
  abstract boolean refresh();

  /** Has it originate its routes, 10.20.0.0/24 and fd20::/64, where the configuration cannot. */
  void originate() {}

  void start(Task task) throws IOException {
    process =
        Optional.of(
            new ProcessBuilder(inside(prepare(task)))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start());
  }

  private Path log() {
    return directory.resolve("router.log");
  }

  /** The end of what it has logged. */
  String lastWords() {
    try {
      String all = Files.exists(log()) ? Files.readString(log()) : "";
      return all.substring(Math.max(0, all.length() - LAST_LINES));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log(), e);
    }
  }

  /** As kill -9: it says nothing, and its kernel ends its connections. */
  void kill() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroyForcibly().waitFor();
      process = Optional.empty();
    }
  }

  void stop() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroy();
      if (!process.get().waitFor(3, TimeUnit.SECONDS)) {
        kill();
      }
      process = Optional.empty();
    }
  }

  private List<String> inside(List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(command);
    return all;
  }

  String ask(String... command) {
    Shell.Result result = Shell.run(inside(List.of(command)));
    return result.stdout() + result.stderr();
  }

  static final class Bird extends BgpRouter {
    Bird(Path directory, String namespace) {
      super(directory, namespace);
    }

    @Override
    List<String> prepare(Task task) throws IOException {
      Path config =
          Files.writeString(
              directory.resolve("bird.conf"),
              """
              router id 10.98.0.2;
              protocol device { scan time 1; }
              protocol static { ipv4; route 10.20.0.0/24 blackhole; }
              protocol static { ipv6; route fd20::/64 blackhole; }
              protocol bgp ocicat {
                local 10.98.0.2 as %d;
                neighbor 10.98.0.1 as %d;
                %s
                %s
                connect delay time 1; error wait time 1, 2; connect retry time 2;
                ipv4 { import all; export where source = RTS_STATIC; next hop self; };
                ipv6 { import all; export where source = RTS_STATIC; next hop address fd98::2; };
              }
              """
                  .formatted(
                      task.as(),
                      task.ourAs(),
                      task.password().isEmpty() ? "" : "password \"" + task.password() + "\";",
                      task.ttlSecurity() ? "ttl security on;" : ""));
      return List.of("bird", "-f", "-c", config.toString(), "-s", socket());
    }

    private String socket() {
      return directory.resolve("bird.ctl").toString();
    }

    @Override
    String learned() {
      return ask("birdc", "-s", socket(), "show", "route", "protocol", "ocicat");
    }

    @Override
    boolean refresh() {
      return ask("birdc", "-s", socket(), "reload", "in", "ocicat").contains("reloading");
    }
  }

  static final class Frr extends BgpRouter {
    Frr(Path directory, String namespace) {
      super(directory, namespace);
    }

    @Override
    List<String> prepare(Task task) throws IOException {
      Path config =
          Files.writeString(
              directory.resolve("bgpd.conf"),
              """
              router bgp %1$d
               bgp router-id 10.98.0.2
               no bgp ebgp-requires-policy
               no bgp network import-check
               bgp graceful-restart
               neighbor 10.98.0.1 remote-as %2$d
               neighbor 10.98.0.1 timers connect 1
               %3$s
               %4$s
               address-family ipv4 unicast
                network 10.20.0.0/24
                neighbor 10.98.0.1 activate
                neighbor 10.98.0.1 soft-reconfiguration inbound
               exit-address-family
               address-family ipv6 unicast
                network fd20::/64
                neighbor 10.98.0.1 activate
                neighbor 10.98.0.1 soft-reconfiguration inbound
                neighbor 10.98.0.1 route-map v6 out
               exit-address-family
              route-map v6 permit 10
               set ipv6 next-hop global fd98::2
              """
                  .formatted(
                      task.as(),
                      task.ourAs(),
                      task.password().isEmpty()
                          ? ""
                          : "neighbor 10.98.0.1 password " + task.password(),
                      task.ttlSecurity() ? "neighbor 10.98.0.1 ttl-security hops 1" : ""));
      return List.of(
          "/usr/lib/frr/bgpd",
          "-f",
          config.toString(),
          "-i",
          directory.resolve("bgpd.pid").toString(),
          "-z",
          directory.resolve("zserv.api").toString(),
          "--vty_socket",
          directory.toString(),
          "-u",
          "root",
          "-g",
          "root",
          "-n",
          "-Z",
          "-S",
          "-l",
          "10.98.0.2",
          "--log",
          "stdout");
    }

    private String vty(String command) {
      return ask("vtysh", "--vty_socket", directory.toString(), "-c", command);
    }

    @Override
    String learned() {
      return vty("show bgp ipv4 unicast neighbors 10.98.0.1 received-routes")
          + vty("show bgp ipv6 unicast neighbors 10.98.0.1 received-routes");
    }

    @Override
    boolean refresh() {
      String _ = vty("clear bgp 10.98.0.1 in");
      return true;
    }
  }

  static final class GoBgp extends BgpRouter {
    GoBgp(Path directory, String namespace) {
      super(directory, namespace);
    }

    @Override
    List<String> prepare(Task task) throws IOException {
      Path config =
          Files.writeString(
              directory.resolve("gobgpd.toml"),
              """
              [global.config]
                as = %d
                router-id = "10.98.0.2"
              [[neighbors]]
                [neighbors.config]
                  neighbor-address = "10.98.0.1"
                  peer-as = %d
                  auth-password = "%s"
                [neighbors.timers.config]
                  connect-retry = 1
                  idle-hold-time-after-reset = 1
                [neighbors.ttl-security.config]
                  enabled = %s
                  ttl-min = 255
                [neighbors.graceful-restart.config]
                  enabled = true
                  restart-time = 20
                [[neighbors.afi-safis]]
                  [neighbors.afi-safis.config]
                    afi-safi-name = "ipv4-unicast"
                  [neighbors.afi-safis.mp-graceful-restart.config]
                    enabled = true
                [[neighbors.afi-safis]]
                  [neighbors.afi-safis.config]
                    afi-safi-name = "ipv6-unicast"
                  [neighbors.afi-safis.mp-graceful-restart.config]
                    enabled = true
              """
                  .formatted(task.as(), task.ourAs(), task.password(), task.ttlSecurity()));
      return List.of("gobgpd", "-f", config.toString());
    }

    @Override
    void originate() {
      String _ = ask("gobgp", "global", "rib", "add", "10.20.0.0/24", "nexthop", "10.98.0.2");
      String _ =
          ask("gobgp", "global", "rib", "-a", "ipv6", "add", "fd20::/64", "nexthop", "fd98::2");
    }

    @Override
    String learned() {
      return ask("gobgp", "neighbor", "10.98.0.1", "adj-in")
          + ask("gobgp", "neighbor", "10.98.0.1", "adj-in", "-a", "ipv6");
    }

    @Override
    boolean refresh() {
      // Its softresetin reads again what it has kept.
      return false;
    }
  }
}
