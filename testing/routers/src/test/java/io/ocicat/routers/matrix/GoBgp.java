package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.routers.matrix.Task.Neighbour;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** GoBGP, which has no routes in its configuration and is told of them. */
final class GoBgp extends BgpRouter {

  private Task task = Task.external();

  GoBgp(Path directory, String namespace) {
    super(directory, namespace);
  }

  @Override
  void start(Task wanted) throws IOException {
    task = wanted;
    StringBuilder config =
        new StringBuilder(
            """
            [global.config]
              as = %d
              router-id = "10.98.0.2"
            """
                .formatted(task.as()));
    for (Neighbour neighbour : task.neighbours()) {
      config.append(session(task, neighbour));
    }
    List<String> command =
        new ArrayList<>(
            List.of("gobgpd", "-f", write("gobgpd.toml", config.toString()).toString()));
    if (task.has(Knob.RESTARTED)) {
      command.add("-r");
    }
    run(command.toArray(String[]::new));
  }

  private static String session(Task task, Neighbour neighbour) {
    String families =
        List.of("ipv4-unicast", "ipv6-unicast").stream()
            .map(
                family ->
                    """
                      [[neighbors.afi-safis]]
                        [neighbors.afi-safis.config]
                          afi-safi-name = "%s"
                        [neighbors.afi-safis.mp-graceful-restart.config]
                          enabled = true
                        %s
                        %s
                    """
                        .formatted(
                            family,
                            task.line(
                                Knob.ADD_PATH,
                                "[neighbors.afi-safis.add-paths.config]\nreceive = true\nsend-max = 8"),
                            task.line(
                                Knob.LIMIT,
                                "[neighbors.afi-safis.prefix-limit.config]\nmax-prefixes = %s")))
            .collect(Collectors.joining());
    return """
        [[neighbors]]
          [neighbors.config]
            %s
            %s
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
          %s
        %s
        """
        .formatted(
            task.has(Knob.UNNUMBERED)
                ? "neighbor-interface = \"west\""
                : "neighbor-address = \"" + neighbour.address() + "\"",
            task.has(Knob.UNNUMBERED) ? "" : "peer-as = " + neighbour.as(),
            task.value(Knob.PASSWORD),
            task.has(Knob.TTL_SECURITY),
            task.line(
                Knob.REFLECTS,
                """
                [neighbors.route-reflector.config]
                  route-reflector-client = true
                  route-reflector-cluster-id = "10.98.0.2"
                """),
            families);
  }

  @Override
  void established() {
    add(List.of(ROUTE), task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2", true);
    add(task.many(), "10.98.0.2", false);
    add(List.of(ROUTE6), "fd98::2", true);
  }

  private void add(List<String> prefixes, String nextHop, boolean marked) {
    for (String prefix : prefixes) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "gobgp",
                  "global",
                  "rib",
                  "add",
                  prefix,
                  "-a",
                  prefix.contains(":") ? "ipv6" : "ipv4",
                  "nexthop",
                  nextHop));
      if (marked) {
        List<String> communities = new ArrayList<>(List.of("65010:20"));
        communities.addAll(longCommunities(task));
        command.addAll(
            List.of(
                "community",
                String.join(",", communities),
                "rt",
                "65010:20",
                "large-community",
                "65010:1:20"));
      }
      tell(command.toArray(String[]::new));
    }
  }

  @Override
  String learned() {
    return ask("gobgp", "global", "rib") + ask("gobgp", "global", "rib", "-a", "ipv6");
  }

  @Override
  String details(String prefix) {
    return ask("gobgp", "global", "rib", prefix, "-a", prefix.contains(":") ? "ipv6" : "ipv4");
  }

  @Override
  int paths(String prefix) {
    return count(details(prefix), prefix);
  }

  @Override
  void refresh() {
    throw new NotApplicable(
        "It has no command that asks for routes: softresetin reads again what it has kept");
  }

  @Override
  void flap(boolean there) {
    tell("gobgp", "global", "rib", there ? "add" : "del", FLAPPING, "nexthop", "10.98.0.2");
  }

  @Override
  void shutDown(String text) {
    tell("gobgp", "neighbor", "10.98.0.1", "shutdown", "--reason", text);
  }

  @Override
  String session() {
    return ask("gobgp", "neighbor", "10.98.0.1") + logged();
  }
}
