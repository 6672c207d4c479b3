package io.ocicat.bench;

import io.ocicat.libc.ChildProcess;
import io.ocicat.libc.NetNamespace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A CNI plugin, run as a container runtime runs it: one process per call. */
final class PluginContender implements Contender {

  private final String name;
  private final NetNamespace node;
  private final Path folder;
  private final String type;
  private final byte[] configuration;
  private final Consumer<List<Pod>> onExpect;
  private final Runnable onClose;

  /** The plugin's object of a network configuration list, with name and version, and its type. */
  record Conf(String type, String json) {}

  /**
   * @param folder where the plugin and those that it calls are
   * @param onExpect tells the orchestrator of the pods to come
   * @param onClose gives back what was made for this contender
   */
  PluginContender(
      String name,
      NetNamespace node,
      Path folder,
      Conf configuration,
      Consumer<List<Pod>> onExpect,
      Runnable onClose) {
    this.name = name;
    this.node = node;
    this.folder = folder;
    this.type = configuration.type();
    this.configuration = configuration.json().getBytes(StandardCharsets.UTF_8);
    this.onExpect = onExpect;
    this.onClose = onClose;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public NetNamespace node() {
    return node;
  }

  @Override
  public void expect(List<Pod> pods) {
    onExpect.accept(pods);
  }

  @Override
  public void add(Pod pod) {
    call("ADD", pod);
  }

  @Override
  public void del(Pod pod) {
    call("DEL", pod);
  }

  private void call(String command, Pod pod) {
    ChildProcess.Result result =
        ChildProcess.run(
            folder.resolve(type),
            Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                pod.containerId(),
                "CNI_NETNS",
                pod.path().toString(),
                "CNI_IFNAME",
                "eth0",
                "CNI_ARGS",
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=bench;K8S_POD_NAME=" + pod.containerId(),
                "CNI_PATH",
                folder.toString(),
                // Debian's plugins call iptables by name.
                "PATH",
                "/usr/sbin:/usr/bin:/sbin:/bin"),
            configuration);
    if (result.exitStatus() != 0) {
      throw new IllegalStateException(
          "%s: %s of %s failed: %s"
              .formatted(name, command, pod.containerId(), result.stdout().strip()));
    }
  }

  @Override
  public void close() {
    onClose.run();
  }
}
