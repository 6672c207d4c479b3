package io.ocicat.routers.matrix;

import io.ocicat.routers.matrix.Task.Knob;
import io.ocicat.routers.matrix.Task.Neighbour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * ExaBGP, which has no tables: it tells a process of ours what it receives, and says what another
 * one tells it to.
 */
final class ExaBgp extends BgpRouter {

  private static final String MARKED =
      "extended-community [ target:65010:20 ] large-community [ 65010:1:20 ]";

  ExaBgp(Path directory, String namespace) {
    super(directory, namespace);
  }

  @Override
  void start(Task task) throws IOException {
    // The shell keeps the standard output open, without which ExaBGP calls it dead.
    Path listener = script("listener", "cat >> " + heard() + "; exit 0");
    Path speaker = script("speaker", "exec tail -n +1 --pid=$PPID -f " + told());
    Files.writeString(told(), "");
    Files.deleteIfExists(heard());
    StringBuilder config =
        new StringBuilder(
            """
            process listener { run /bin/sh %s; encoder text; }
            process speaker { run /bin/sh %s; encoder text; }
            """
                .formatted(listener, speaker));
    task.neighbours().forEach(neighbour -> config.append(session(task, neighbour)));
    run(
        "env",
        "exabgp_daemon_user=root",
        "exabgp_daemon_drop=false",
        "exabgp_api_cli=false",
        "exabgp_api_ack=false",
        "exabgp_log_destination=stdout",
        "exabgp",
        write("exabgp.conf", config.toString()).toString());
  }

  private Path script(String name, String text) throws IOException {
    return write(name + ".sh", text + "\n");
  }

  private Path heard() {
    return at("heard");
  }

  private Path told() {
    return at("told");
  }

  private static String session(Task task, Neighbour neighbour) {
    String local = task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2";
    String communities =
        "community [ 65010:20 %s ] ".formatted(String.join(" ", longCommunities(task))) + MARKED;
    String nextHop = task.has(Knob.IPV6) ? "fd98::2" : "10.98.0.2";
    return """
        neighbor %s {
          router-id 10.98.0.2;
          local-address %s;
          local-as %d;
          peer-as %d;
          %s
          %s
          family { ipv4 unicast; ipv6 unicast; }
          capability {
            route-refresh enable; graceful-restart 20; asn4 enable; extended-message %s;
            %s
            %s
          }
          %s
          api hears { processes [ listener ]; neighbor-changes; receive { parsed; update; notification; } }
          api speaks { processes [ speaker ]; }
          static {
            %s
            route fd20::/64 next-hop fd98::2 %s;
            %s
          }
        }
        """
        .formatted(
            neighbour.address(),
            local,
            task.as(),
            neighbour.as(),
            task.line(Knob.PASSWORD, "md5-password \"%s\";"),
            task.has(Knob.TTL_SECURITY) ? "outgoing-ttl 255; incoming-ttl 255;" : "",
            task.has(Knob.EXTENDED_MESSAGES) ? "enable" : "disable",
            task.line(Knob.ADD_PATH, "add-path send/receive;"),
            task.line(Knob.IPV6, "nexthop enable;"),
            task.line(Knob.IPV6, "nexthop { ipv4 unicast ipv6; }"),
            task.has(Knob.ADD_PATH)
                ? """
                  route 10.20.0.0/24 next-hop 10.98.0.2 path-information 1 %1$s;
                  route 10.20.0.0/24 next-hop 10.98.0.2 path-information 2 med 20 %1$s;
                  """
                    .formatted(communities)
                : "route 10.20.0.0/24 next-hop %s %s;".formatted(nextHop, communities),
            communities,
            task.many().stream()
                .map(prefix -> "route " + prefix + " next-hop 10.98.0.2;")
                .collect(Collectors.joining("\n")));
  }

  /** What it is to say, in its own words. */
  void say(String command) {
    try {
      Files.writeString(told(), command + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell ExaBGP " + command, e);
    }
  }

  /** Each route, with its path identifier, and the last that was said of it. */
  private Map<String, String> routes() {
    Map<String, String> routes = new LinkedHashMap<>();
    for (String line : lines()) {
      List<String> words = List.of(line.split(" "));
      if (words.size() > 2 && words.get(2).equals("down")) {
        routes.clear();
      }
      int announced = words.indexOf("announced");
      int withdrawn = words.indexOf("withdrawn");
      int at = Math.max(announced, withdrawn);
      if (at > 0 && words.size() > at + 1) {
        int path = words.indexOf("path-information");
        String key = words.get(at + 1) + (path > 0 ? " " + words.get(path + 1) : "");
        if (announced > 0) {
          routes.put(key, line);
        } else {
          routes.remove(key);
        }
      }
    }
    return routes;
  }

  private List<String> lines() {
    try {
      return Files.exists(heard()) ? Files.readAllLines(heard()) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + heard(), e);
    }
  }

  @Override
  String learned() {
    return String.join("\n", routes().values());
  }

  @Override
  String details(String prefix) {
    return routes().entrySet().stream()
        .filter(route -> route.getKey().split(" ")[0].equals(prefix))
        .map(Map.Entry::getValue)
        .collect(Collectors.joining("\n"));
  }

  @Override
  int paths(String prefix) {
    return count(details(prefix), prefix);
  }

  @Override
  void refresh() {
    say("announce route-refresh ipv4 unicast");
  }

  @Override
  void flap(boolean there) {
    say((there ? "announce" : "withdraw") + " route " + FLAPPING + " next-hop 10.98.0.2");
  }

  @Override
  void shutDown(String text) {
    throw new NotApplicable("Its teardown command takes no text");
  }

  @Override
  String session() {
    return logged() + String.join("\n", lines());
  }
}
