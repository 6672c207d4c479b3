package io.ocicat.agent;

import io.ocicat.inet.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything an agent is told, from {@code agent.yaml}. See {@link AgentConfigReader} for the
 * fields' names and defaults.
 *
 * @param nodeAddresses where other nodes reach this one; routes to its blocks go there
 * @param controllers where the controller listens for agents; none for an agent that only enforces
 *     what it remembers
 * @param joinToken empty if the node has joined already
 * @param labels that a Node object made for this node starts with
 * @param driftCheck how often the kernel is compared with what it should be
 */
public record AgentConfig(
    String nodeName,
    List<IpAddress> nodeAddresses,
    List<InetSocketAddress> controllers,
    String joinToken,
    Map<String, String> labels,
    Folders folders,
    String networkName,
    Duration driftCheck) {

  public AgentConfig {
    nodeAddresses = List.copyOf(nodeAddresses);
    controllers = List.copyOf(controllers);
    labels = Map.copyOf(labels);
  }

  /**
   * Where the agent keeps its things; several agents on one machine differ in all of them.
   *
   * @param state survives a reboot: journal, leases, certificate, the table of the controller
   * @param run does not: the socket
   * @param cniBin where runtimes look for executables
   * @param cniConf where runtimes look for network configurations
   */
  public record Folders(Path state, Path run, Path cniBin, Path cniConf) {

    public static final Folders DEFAULT =
        new Folders(
            Path.of("/var/lib/ocicat"),
            Path.of("/run/ocicat"),
            Path.of("/opt/cni/bin"),
            Path.of("/etc/cni/net.d"));

    /** The socket on which the CNI executable calls. */
    public Path socket() {
      return run.resolve("agent.sock");
    }

    /** The network configuration list that the agent writes when it can serve ADD. */
    public Path conflist() {
      return cniConf.resolve("10-ocicat.conflist");
    }
  }
}
