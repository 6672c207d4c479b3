package io.ocicat.lab;

import io.ocicat.inet.IpAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * A node of a lab.
 *
 * @param name {@code node-1} and so on
 * @param netns its namespace
 * @param addresses its addresses on the fabric
 * @param directory where its agent keeps everything
 */
public record LabNode(String name, Path netns, List<IpAddress> addresses, Path directory) {
  /** Copies the list. */
  public LabNode {
    addresses = List.copyOf(addresses);
  }

  /** Where a runtime finds plugins. */
  public Path cniBin() {
    return directory.resolve("cni/bin");
  }

  /** Where a runtime finds the network configuration. */
  public Path cniConfDirectory() {
    return directory.resolve("cni/net.d");
  }

  /** The network configuration that the agent writes. */
  public Path cniConf() {
    return cniConfDirectory().resolve("10-ocicat.conflist");
  }

  /** The socket on which plugins call the agent. */
  public Path agentSocket() {
    return directory.resolve("run/agent.sock");
  }

  /** The socket on which its BGP speaker answers, if it has one. */
  public Path bgpSocket() {
    return directory.resolve("run/bgp.sock");
  }

  /** What calls its plugins. */
  public CniRuntime runtime() {
    return new CniRuntime(netns, cniConfDirectory(), cniBin());
  }
}
