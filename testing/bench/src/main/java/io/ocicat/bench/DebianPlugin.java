package io.ocicat.bench;

import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A plugin of the package containernetworking-plugins, with host-local.
 *
 * @param type its name
 * @param masquerade by iptables
 * @param dualStack IPv4 and IPv6, else IPv4 alone
 */
record DebianPlugin(String type, boolean masquerade, boolean dualStack) {

  /** Where Debian installs them. */
  static final Path FOLDER = Path.of("/usr/lib/cni");

  static final List<DebianPlugin> ALL =
      List.of(
          new DebianPlugin("ptp", false, false),
          new DebianPlugin("ptp", true, false),
          new DebianPlugin("ptp", true, true),
          new DebianPlugin("bridge", false, false),
          new DebianPlugin("bridge", true, false));

  String name() {
    return type + (masquerade ? ", masq" : "") + (dualStack ? ", v4+v6" : "");
  }

  Contender contender() {
    try {
      Path state = Files.createTempDirectory("ocicat-bench");
      NetNamespace node = NetNamespace.create();
      return new PluginContender(
          name(),
          node,
          FOLDER,
          new PluginContender.Conf(type, configuration(state)),
          _ -> {},
          () -> {
            node.close();
            deleteAll(state);
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for host-local", e);
    }
  }

  private String configuration(Path state) {
    String second = dualStack ? ",[{\"subnet\":\"fd91::/64\"}]" : "";
    return """
        {"cniVersion":"1.0.0","name":"bench","type":"%s","bridge":"bench0","isGateway":true,
         "ipMasq":%s,
         "ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"10.91.0.0/16"}]%s],
                 "routes":[{"dst":"0.0.0.0/0"}]}}
        """
        .formatted(type, masquerade, state, second);
  }

  private static void deleteAll(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
