package io.ocicat.interop.cluster;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A stand-alone daemon on the network of a lab, with BFD, that leads to a network. */
final class Router implements AutoCloseable {

  static final int AS = 65200;
  static final String NETWORK = "203.0.113.0/24";

  private final String name;
  private final String netns;
  private final String fabric;
  private final IpAddress address;
  private final Path directory;
  private final Process process;

  private Router(String lab, int number) throws IOException {
    name = "router-" + number;
    netns = "ocicat." + lab + "." + name;
    fabric = "ocicat." + lab + ".fabric";
    address = IpAddress.parse("172.31.201." + number);
    directory = Files.createTempDirectory("ocicat-router");
    ip("netns", "add", netns);
    ip("-n", netns, "link", "set", "lo", "up");
    ip("-n", netns, "link", "add", "up0", "type", "veth", "peer", name, "netns", fabric);
    ip("-n", fabric, "link", "set", name, "master", "br0", "up");
    ip("-n", netns, "addr", "add", address + "/16", "dev", "up0");
    ip("-n", netns, "link", "set", "up0", "up");
    Path file =
        Files.writeString(
            directory.resolve("bgpd.yaml"),
            """
            routerId: %1$s
            as: %2$d
            socket: %3$s
            networks: [%4$s]
            peers:
            - {name: node-1, address: 172.31.0.1, as: 64512, bfd: {transmit: 100, receive: 100}}
            """
                .formatted(address, AS, directory.resolve("bgpd.sock"), NETWORK));
    ProcessBuilder builder =
        new ProcessBuilder(
            Shell.inside(
                NetNamespace.NAMED_DIRECTORY.resolve(netns),
                List.of(
                    BuiltProgram.home().resolve("bin/ocicat").toString(),
                    "bgpd",
                    "--config",
                    file.toString())));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("bgpd.log").toFile())
            .start();
  }

  /** On the fabric of that lab, whose end removes its namespace in any case. */
  static Router start(String lab, int number) throws IOException {
    return new Router(lab, number);
  }

  String name() {
    return name;
  }

  IpAddress address() {
    return address;
  }

  /** Its link carries nothing any more; the nodes' links do not show it. */
  void cut() {
    ip("-n", fabric, "link", "set", name, "down");
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    String _ = Shell.run(command).orFail();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    NetNamespace.deleteNamed(NetNamespace.NAMED_DIRECTORY, netns);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
