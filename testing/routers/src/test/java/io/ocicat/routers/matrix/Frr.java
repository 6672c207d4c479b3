package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.routers.matrix.Task.Neighbour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** FRR's bgpd, with zebra and bfdd where a task needs interfaces or BFD. */
final class Frr extends BgpRouter {

  private static final int COMMUNITIES_A_LINE = 200;
  private static final Duration LONGEST_START = Duration.ofSeconds(10);

  Frr(Path directory, String namespace) {
    super(directory, namespace);
  }

  @Override
  void start(Task task) throws IOException, InterruptedException {
    boolean whole = task.has(Knob.BFD) || task.has(Knob.UNNUMBERED);
    if (whole) {
      // It gives up being root.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      daemon("zebra", write("zebra.conf", ""), List.of());
      awaitFile(at("zserv.api"));
      daemon("bfdd", write("bfdd.conf", ""), List.of("--bfdctl", at("bfdd.sock").toString()));
    }
    List<String> more = new ArrayList<>();
    if (!whole) {
      more.addAll(List.of("-n", "-Z"));
    }
    if (!task.has(Knob.IPV6) && !task.has(Knob.UNNUMBERED)) {
      more.addAll(List.of("-l", "10.98.0.2"));
    }
    daemon("bgpd", write("bgpd.conf", config(task)), more);
  }

  private void daemon(String name, Path config, List<String> more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/lib/frr/" + name,
                "-f",
                config.toString(),
                "-i",
                at(name + ".pid").toString(),
                "-z",
                at("zserv.api").toString(),
                "--vty_socket",
                directory.toString(),
                "--log",
                "stdout"));
    boolean root = name.equals("bgpd");
    command.addAll(
        root ? List.of("-u", "root", "-g", "root", "-S") : List.of("-u", "frr", "-g", "frr"));
    command.addAll(more);
    run(command.toArray(String[]::new));
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (!Files.exists(file)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("no " + file + " after " + LONGEST_START);
      }
      Thread.sleep(20);
    }
  }

  private static String config(Task task) {
    StringBuilder config =
        new StringBuilder(
            """
            debug bgp neighbor-events
            bgp send-extra-data zebra
            %s
            route-map marked permit 65000
             set community 65010:20 additive
             set extcommunity rt 65010:20
             set large-community 65010:1:20
            exit
            route-map v6 permit 10
             set ipv6 next-hop global fd98::2
            exit
            router bgp %d
             bgp router-id 10.98.0.2
             no bgp ebgp-requires-policy
             no bgp network import-check
             bgp graceful-restart
             bgp graceful-restart preserve-fw-state
             bgp graceful-restart restart-time 20
            """
                .formatted(marks(task), task.as()));
    for (Neighbour neighbour : task.neighbours()) {
      config.append(session(task, neighbour));
    }
    config.append(" address-family ipv4 unicast\n  network 10.20.0.0/24 route-map marked\n");
    task.many().forEach(prefix -> config.append("  network ").append(prefix).append('\n'));
    config.append(channels(task, ""));
    config.append(" exit-address-family\n address-family ipv6 unicast\n");
    config.append("  network fd20::/64 route-map marked\n");
    config.append(
        channels(task, task.has(Knob.UNNUMBERED) ? "" : "  neighbor %s route-map v6 out"));
    config.append(" exit-address-family\n");
    return config.toString();
  }

  /** Its lines may be 4095 characters long. */
  private static String marks(Task task) {
    StringBuilder marks = new StringBuilder();
    List<String> communities = longCommunities(task);
    for (int at = 0; at < communities.size(); at += COMMUNITIES_A_LINE) {
      int end = Math.min(communities.size(), at + COMMUNITIES_A_LINE);
      marks
          .append("route-map marked permit ")
          .append(at + 1)
          .append("\n set community ")
          .append(String.join(" ", communities.subList(at, end)))
          .append(" additive\n on-match next\nexit\n");
    }
    return marks.toString();
  }

  private static String session(Task task, Neighbour neighbour) {
    String at = name(task, neighbour);
    String first =
        task.has(Knob.UNNUMBERED)
            ? "neighbor west interface remote-as external"
            : "neighbor %s remote-as %d".formatted(at, neighbour.as());
    return List.of(
            first,
            "neighbor " + at + " timers connect 1",
            "neighbor " + at + " advertisement-interval 0",
            task.line(Knob.PASSWORD, "neighbor " + at + " password %s"),
            task.line(Knob.TTL_SECURITY, "neighbor " + at + " ttl-security hops 1"),
            task.line(Knob.BFD, "neighbor " + at + " bfd 3 100 100"),
            task.line(Knob.ROLE, "neighbor " + at + " local-role %s"),
            task.line(Knob.IPV6, "neighbor " + at + " capability extended-nexthop"))
        .stream()
        .filter(line -> !line.isEmpty())
        .map(line -> " " + line + "\n")
        .collect(Collectors.joining());
  }

  private static String name(Task task, Neighbour neighbour) {
    return task.has(Knob.UNNUMBERED) ? "west" : neighbour.address();
  }

  private static String channels(Task task, String more) {
    StringBuilder lines = new StringBuilder();
    for (Neighbour neighbour : task.neighbours()) {
      String at = name(task, neighbour);
      for (String line :
          List.of(
              "  neighbor %s activate",
              task.has(Knob.ADD_PATH) ? "  neighbor %s addpath-tx-all-paths" : "",
              task.has(Knob.REFLECTS) ? "  neighbor %s route-reflector-client" : "",
              task.has(Knob.LIMIT) ? "  neighbor %s maximum-prefix " + task.value(Knob.LIMIT) : "",
              more)) {
        if (!line.isEmpty()) {
          lines.append(line.formatted(at)).append('\n');
        }
      }
    }
    return lines.toString();
  }

  private String vty(String... commands) {
    List<String> all = new ArrayList<>(List.of("vtysh", "--vty_socket", directory.toString()));
    for (String command : commands) {
      all.add("-c");
      all.add(command);
    }
    return ask(all.toArray(String[]::new));
  }

  @Override
  String learned() {
    return vty("show bgp ipv4 unicast", "show bgp ipv6 unicast");
  }

  @Override
  String details(String prefix) {
    return vty("show bgp ipv" + (prefix.contains(":") ? 6 : 4) + " unicast " + prefix);
  }

  @Override
  int paths(String prefix) {
    return count(details(prefix), "Last update:");
  }

  @Override
  void refresh() {
    String _ = vty("clear bgp 10.98.0.1 in");
  }

  @Override
  void flap(boolean there) {
    String _ =
        vty(
            "configure terminal",
            "router bgp",
            "address-family ipv4 unicast",
            (there ? "" : "no ") + "network " + FLAPPING);
  }

  @Override
  void shutDown(String text) {
    String _ =
        vty("configure terminal", "router bgp", "neighbor 10.98.0.1 shutdown message " + text);
  }

  @Override
  String session() {
    return vty("show bgp neighbors") + logged();
  }
}
