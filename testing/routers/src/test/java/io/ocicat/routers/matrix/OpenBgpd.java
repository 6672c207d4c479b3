package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.routers.matrix.Task.Neighbour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/** OpenBGPD, the portable one. */
final class OpenBgpd extends BgpRouter {

  /** Where its processes lock themselves up. */
  private static final Path JAIL = Path.of("/run/openbgpd");

  OpenBgpd(Path directory, String namespace) {
    super(directory, namespace);
  }

  @Override
  void start(Task task) throws IOException {
    Files.createDirectories(JAIL);
    // On Linux it takes the loopback's IPv6 address for its own on an IPv4 session.
    String _ = ask("ip", "address", "delete", "::1/128", "dev", "lo");
    String _ = ask("ip", "address", "add", "fd98::2/128", "dev", "lo");
    StringBuilder config =
        new StringBuilder(
            """
            AS %d
            router-id 10.98.0.2
            fib-update no
            socket "%s"
            listen on %s
            network 10.20.0.0/24 set { community 65010:20 %s ext-community rt 65010:20 \
            large-community 65010:1:20 }
            network fd20::/64 set { community 65010:20 ext-community rt 65010:20 \
            large-community 65010:1:20 }
            """
                .formatted(
                    task.as(),
                    socket(),
                    task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2",
                    longCommunities(task).stream()
                        .map(community -> "community " + community)
                        .collect(Collectors.joining(" "))));
    task.many().forEach(prefix -> config.append("network ").append(prefix).append('\n'));
    task.neighbours().forEach(neighbour -> config.append(session(task, neighbour)));
    config.append("allow from any\nallow to any\n");
    Path file = write("bgpd.conf", config.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    run("/usr/sbin/bgpd", "-d", "-v", "-f", file.toString());
  }

  private static String session(Task task, Neighbour neighbour) {
    String lines =
        List.of(
                "remote-as " + neighbour.as(),
                "local-address " + (task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2"),
                "announce IPv4 unicast",
                "announce IPv6 unicast",
                "announce enhanced refresh yes",
                task.line(Knob.PASSWORD, "tcp md5sig password %s"),
                task.line(Knob.TTL_SECURITY, "ttl-security %s"),
                task.line(Knob.ADD_PATH, "announce add-path recv yes"),
                task.line(Knob.ADD_PATH, "announce add-path send all"),
                task.line(Knob.ROLE, "announce policy %s"),
                task.line(Knob.LIMIT, "max-prefix %s"),
                task.has(Knob.REFLECTS) ? "route-reflector" : "")
            .stream()
            .filter(line -> !line.isEmpty())
            .map(line -> "  " + line + "\n")
            .collect(Collectors.joining());
    return "neighbor " + neighbour.address() + " {\n" + lines + "}\n";
  }

  private String socket() {
    return at("bgpd.sock").toString();
  }

  private String command(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "bgpctl";
    all[1] = "-s";
    all[2] = socket();
    System.arraycopy(words, 0, all, 3, words.length);
    return ask(all);
  }

  @Override
  String learned() {
    return command("show", "rib");
  }

  @Override
  String details(String prefix) {
    return command("show", "rib", "detail", prefix);
  }

  @Override
  int paths(String prefix) {
    return count(details(prefix), "BGP routing table entry for");
  }

  @Override
  void refresh() {
    String _ = command("neighbor", "10.98.0.1", "refresh");
  }

  @Override
  void flap(boolean there) {
    String _ = command("network", there ? "add" : "delete", FLAPPING);
  }

  @Override
  void shutDown(String text) {
    String _ = command("neighbor", "10.98.0.1", "down", text);
  }

  @Override
  String session() {
    return command("show", "neighbor", "10.98.0.1") + logged();
  }
}
