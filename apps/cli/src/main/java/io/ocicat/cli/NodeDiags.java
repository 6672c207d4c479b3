package io.ocicat.cli;

import io.ocicat.agent.kernel.KernelListing;
import io.ocicat.libc.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this machine tells of an agent that runs on it, and of the network namespace it is in. */
final class NodeDiags {
  private static final List<String> PROCESS = List.of("cmdline", "status", "limits", "cgroup");
  private static final List<String> COUNTERS = List.of("dev", "snmp", "snmp6", "netstat");

  private final Bundle bundle;

  NodeDiags(Bundle bundle) {
    this.bundle = bundle;
  }

  /** The processes of agents here, also those in containers. */
  static List<Long> agents() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(NodeDiags::isAgent)
        .sorted()
        .toList();
  }

  private static boolean isAgent(long pid) {
    try {
      List<String> words = List.of(proc(pid, "cmdline").split("\0"));
      int main = words.indexOf(Main.class.getName());
      return main > 0
          && words.size() > main + 1
          && words.get(main + 1).equals("agent")
          && !words.contains("cleanup");
    } catch (IOException e) {
      return false;
    }
  }

  private static String proc(long pid, String file) throws IOException {
    return Files.readString(Path.of("/proc", String.valueOf(pid), file));
  }

  /** All of one agent. */
  void collect(long pid) throws IOException {
    String folder = "node/" + pid + "/";
    for (String file : PROCESS) {
      bundle.add(folder + file, () -> proc(pid, file).replace('\0', ' '));
    }
    for (String file : COUNTERS) {
      bundle.add(folder + "net/" + file, () -> proc(pid, "net/" + file));
    }
    inNamespace(pid, folder + "links.txt", KernelListing::links);
    inNamespace(pid, folder + "routes.txt", KernelListing::routes);
    inNamespace(pid, folder + "table.txt", KernelListing::table);
    inNamespace(pid, folder + "parameters.txt", KernelListing::parameters);
  }

  private void inNamespace(long pid, String name, NetNamespace.Work<String, IOException> work)
      throws IOException {
    bundle.add(
        name,
        () -> {
          try (NetNamespace namespace = NetNamespace.ofProcess(pid)) {
            return namespace.call(work);
          }
        });
  }
}
