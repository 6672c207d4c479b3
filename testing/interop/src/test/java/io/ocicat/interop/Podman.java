package io.ocicat.interop;

import io.ocicat.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** podman of one node: its own storage, its CNI backend reading the node's configuration. */
final class Podman {

  private final LabNode node;
  private final Path directory;
  private final Path configuration;

  Podman(LabNode node, Path directory) throws IOException {
    this.node = node;
    this.directory = directory;
    this.configuration = directory.resolve("containers.conf");
    Path networks = Files.createDirectories(directory.resolve("networks"));
    Files.copy(node.cniConf(), networks.resolve(node.cniConf().getFileName()));
    Files.writeString(
        configuration,
        """
        [network]
        network_backend = "cni"
        network_config_dir = "%s"
        cni_plugin_dirs = ["%s"]
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        runtime = "runc"
        """
            .formatted(networks, node.cniBin()));
  }

  Shell.Result podman(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                directory.resolve("root").toString(),
                "--runroot",
                directory.resolve("run").toString(),
                "--storage-driver",
                "vfs",
                "--runtime",
                "runc"));
    command.addAll(List.of(arguments));
    return Shell.run(
        Shell.inside(node.netns(), command), Map.of("CONTAINERS_CONF", configuration.toString()));
  }

  void load(Path image) {
    podman("load", "-i", image.toString()).orFail();
  }

  /** Starts a container that sleeps; {@code network} is the CNI network's name. */
  void run(String name, String network) {
    podman(
            "run",
            "-d",
            "--name",
            name,
            "--network",
            network,
            "--ulimit",
            "nofile=1024:1024",
            "--ulimit",
            "nproc=1024:1024",
            "--no-hosts",
            BusyboxImage.NAME)
        .orFail();
  }

  Shell.Result exec(String name, String... command) {
    List<String> arguments = new ArrayList<>(List.of("exec", name));
    arguments.addAll(List.of(command));
    return podman(arguments.toArray(String[]::new));
  }

  void remove(String name) {
    podman("rm", "-f", "-t", "0", name).orFail();
  }
}
