package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.routers.matrix.Task.Neighbour;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** BIRD 2. */
final class Bird extends BgpRouter {

  Bird(Path directory, String namespace) {
    super(directory, namespace);
  }

  @Override
  void start(Task task) throws IOException {
    StringBuilder config =
        new StringBuilder(
            """
            log stderr all;
            router id 10.98.0.2;
            protocol device { scan time 1; }
            filter marked {
              bgp_community.add((65010, 20));
              bgp_ext_community.add((rt, 65010, 20));
              bgp_large_community.add((65010, 1, 20));
              %s
              accept;
            }
            protocol static { ipv4 { import filter marked; }; route 10.20.0.0/24 blackhole; }
            protocol static { ipv6 { import filter marked; }; route fd20::/64 blackhole; }
            protocol static flapping { disabled; ipv4; route 10.21.0.0/24 blackhole; }
            protocol static { ipv4; %s }
            %s
            %s
            """
                .formatted(
                    longCommunities(task).stream()
                        .map(c -> "bgp_community.add((" + c.replace(":", ", ") + "));")
                        .collect(Collectors.joining("\n")),
                    task.many().stream()
                        .map(prefix -> "route " + prefix + " blackhole;")
                        .collect(Collectors.joining(" ")),
                    task.line(
                        Knob.BFD,
                        "protocol bfd { interface \"west\" { interval 100 ms; multiplier 3; }; }"),
                    task.line(
                        Knob.UNNUMBERED,
                        "protocol radv { interface \"west\" {"
                            + " min ra interval 3; max ra interval 4; }; }")));
    String name = "ocicat";
    for (Neighbour neighbour : task.neighbours()) {
      config.append(session(task, name, neighbour));
      name = "side" + neighbour.as();
    }
    String restarted = task.has(Knob.RESTARTED) ? "-R" : "-f";
    run(
        "bird",
        "-f",
        restarted,
        "-c",
        write("bird.conf", config.toString()).toString(),
        "-s",
        socket());
  }

  private static String session(Task task, String name, Neighbour neighbour) {
    String where =
        task.has(Knob.UNNUMBERED)
            ? "local as %d; neighbor range fe80::/10 external; interface \"west\";"
                .formatted(task.as())
            : "local %s as %d; neighbor %s as %d;"
                .formatted(
                    task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2",
                    task.as(),
                    neighbour.address(),
                    neighbour.as());
    String channel =
        "import all; export where source ~ [RTS_STATIC, RTS_BGP]; %s %s"
            .formatted(
                task.line(Knob.ADD_PATH, "add paths on;"),
                task.line(Knob.LIMIT, "import limit %s action disable;"));
    boolean overIpv6 = task.has(Knob.IPV6) || task.has(Knob.UNNUMBERED);
    return """
        protocol bgp %s {
          %s
          %s %s %s %s %s %s
          graceful restart on;
          connect delay time 1; error wait time 1, 2; connect retry time 1;
          ipv4 { %s %s };
          ipv6 { %s %s };
        }
        """
        .formatted(
            name,
            where,
            task.line(Knob.PASSWORD, "password \"%s\";"),
            task.line(Knob.TTL_SECURITY, "ttl security on;"),
            task.line(Knob.BFD, "bfd on;"),
            task.line(Knob.ROLE, "local role %s;"),
            task.line(Knob.REFLECTS, "rr client;"),
            task.line(Knob.EXTENDED_MESSAGES, "enable extended messages on;"),
            channel,
            overIpv6 ? "extended next hop on;" : "next hop self ebgp;",
            channel,
            overIpv6 ? "" : "next hop address fd98::2;");
  }

  private String socket() {
    return at("bird.ctl").toString();
  }

  private String command(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "birdc";
    all[1] = "-s";
    all[2] = socket();
    System.arraycopy(words, 0, all, 3, words.length);
    return ask(all);
  }

  @Override
  String learned() {
    return command("show", "route", "all", "where", "source", "=", "RTS_BGP");
  }

  @Override
  String details(String prefix) {
    return command("show", "route", "all", "for", prefix);
  }

  @Override
  int paths(String prefix) {
    return count(details(prefix), "BGP.as_path");
  }

  @Override
  void refresh() {
    String _ = command("reload", "in", "ocicat");
  }

  @Override
  void flap(boolean there) {
    String _ = command(there ? "enable" : "disable", "flapping");
  }

  @Override
  void shutDown(String text) {
    String _ = command("disable", "ocicat", "\"" + text + "\"");
  }

  @Override
  String session() {
    return command("show", "protocols", "all", "ocicat") + logged();
  }
}
