package io.ocicat.interop.cluster;

import io.ocicat.inet.IpAddress;
import io.ocicat.libc.NetNamespace;
import io.ocicat.testkit.Shell;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An FRR on the network of a lab, as a router at the top of a rack: it takes every node as a
 * neighbour, puts what they say into its kernel, and leads to a network of its own.
 */
final class Rack implements AutoCloseable {

  static final IpAddress IPV4 = IpAddress.parse("172.31.200.1");
  static final IpAddress IPV6 = IpAddress.parse("fd31::c801");

  /** The network that is behind it. */
  static final String BEHIND = "198.51.100.0/24";

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Path FRR = Path.of("/usr/lib/frr");

  private final String netns;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  private Rack(String netns, Path directory) {
    this.netns = netns;
    this.directory = directory;
  }

  /** On the fabric of that lab, whose end removes it in any case. */
  static Rack start(String lab) throws IOException {
    Rack rack = new Rack("ocicat." + lab + ".rack", Files.createTempDirectory("ocicat-rack"));
    // Its daemons run as a user of theirs.
    Files.setPosixFilePermissions(rack.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    String fabric = "ocicat." + lab + ".fabric";
    ip("netns", "add", rack.netns);
    ip("-n", rack.netns, "link", "set", "lo", "up");
    ip("-n", rack.netns, "link", "add", "up0", "type", "veth", "peer", "rack", "netns", fabric);
    ip("-n", fabric, "link", "set", "rack", "master", "br0", "up");
    ip("-n", rack.netns, "addr", "add", IPV4 + "/16", "dev", "up0");
    ip("-n", rack.netns, "addr", "add", IPV6 + "/64", "dev", "up0", "nodad");
    ip("-n", rack.netns, "link", "set", "up0", "up");
    rack.run("zebra", "hostname rack\n");
    rack.run("bgpd", configuration());
    return rack;
  }

  private static String configuration() {
    return """
    router bgp 65100
     bgp router-id %1$s
     no bgp ebgp-requires-policy
     no bgp network import-check
     neighbor nodes peer-group
     neighbor nodes remote-as 64512
     neighbor nodes timers connect 1
     bgp listen range 172.31.0.0/16 peer-group nodes
     bgp listen range fd31::/64 peer-group nodes
     address-family ipv4 unicast
      network %2$s
      neighbor nodes activate
     exit-address-family
     address-family ipv6 unicast
      neighbor nodes activate
     exit-address-family
    """
        .formatted(IPV4, BEHIND);
  }

  private void run(String daemon, String configuration) throws IOException {
    Path file = Files.writeString(directory.resolve(daemon + ".conf"), configuration);
    List<String> command =
        new ArrayList<>(
            List.of(
                FRR.resolve(daemon).toString(),
                "-f",
                file.toString(),
                "-i",
                directory.resolve(daemon + ".pid").toString(),
                "-z",
                directory.resolve("zserv.api").toString(),
                "--vty_socket",
                directory.toString(),
                "-u",
                "frr",
                "-g",
                "frr"));
    File log = directory.resolve(daemon + ".log").toFile();
    processes.add(
        new ProcessBuilder(Shell.inside(NetNamespace.NAMED_DIRECTORY.resolve(netns), command))
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start());
  }

  /** What its kernel has learned, of both families. */
  String routes() {
    return Shell.run(List.of("ip", "-n", netns, "route")).stdout()
        + Shell.run(List.of("ip", "-n", netns, "-6", "route")).stdout();
  }

  /** Whether somebody answers there. */
  boolean reaches(IpAddress address, int port) {
    try (NetNamespace namespace = NetNamespace.open(NetNamespace.NAMED_DIRECTORY.resolve(netns));
        SocketChannel channel = namespace.call(SocketChannel::open)) {
      channel
          .socket()
          .connect(new InetSocketAddress(address.toInetAddress(), port), (int) PATIENCE.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    String _ = Shell.run(command).orFail();
  }

  @Override
  public void close() throws IOException {
    for (Process process : processes.reversed()) {
      process.destroy();
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
    NetNamespace.deleteNamed(NetNamespace.NAMED_DIRECTORY, netns);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
