package io.ocicat.agent;

import io.ocicat.agent.address.NodeAddressing;
import io.ocicat.inet.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an agent is told, from {@code agent.yaml} and the environment. See {@link
 * AgentConfigReader} for the fields' names and defaults.
 *
 * @param nodeAddresses how the addresses are found where other nodes reach this one; routes to its
 *     blocks go there
 * @param internalAddresses the node's as the cluster has them; none if it is not known
 * @param controllers where controllers are
 * @param labels that a Node object made for this node starts with
 * @param removeOnShutdown whether the network configuration goes when the agent is asked to end
 * @param routes how routes to pods of other nodes come about
 * @param driftCheck how often the kernel is compared with what it should be
 */
public record AgentConfig(
    String nodeName,
    NodeAddressing nodeAddresses,
    List<IpAddress> internalAddresses,
    Controllers controllers,
    Joining joining,
    Map<String, String> labels,
    Folders folders,
    String networkName,
    boolean removeOnShutdown,
    Routes routes,
    Duration driftCheck) {

  /** Who knows the way to pods of other nodes. */
  public enum Routes {
    /** The controller says which node has which block; nodes reach each other without routers. */
    DIRECT,
    /** Nodes and routers tell each other by BGP. */
    BGP
  }

  public AgentConfig {
    internalAddresses = List.copyOf(internalAddresses);
    labels = Map.copyOf(labels);
  }

  /**
   * Where controllers listen for agents. With none, the agent only enforces what it remembers.
   *
   * @param fixed tried one after the other
   * @param file with more, {@code host:port} at the beginning of each line; read for each attempt
   */
  public record Controllers(List<InetSocketAddress> fixed, Optional<Path> file) {

    public Controllers {
      fixed = List.copyOf(fixed);
    }

    public boolean isEmpty() {
      return fixed.isEmpty() && file.isEmpty();
    }
  }

  /**
   * Where the agent keeps its things; several agents on one machine differ in all of them.
   *
   * @param state survives a reboot: journal, leases, certificate, the table of the controller
   * @param run does not, and is in memory: the socket, passwords
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

    /** The socket on which people ask the node's BGP speaker. */
    public Path bgpSocket() {
      return run.resolve("bgp.sock");
    }

    /** The passwords of BGP sessions, as the controller sent them. */
    public Path passwords() {
      return run.resolve("passwords");
    }

    /** The network configuration list that the agent writes when it can serve ADD. */
    public Path conflist() {
      return cniConf.resolve("10-ocicat.conflist");
    }
  }
}
