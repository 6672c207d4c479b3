package io.ocicat.policy;

import io.ocicat.inet.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * A node that a flow passes, as {@link HostOracle} asks for it.
 *
 * @param settings the node's
 * @param interfaces addresses of the node's interfaces that are no pods'
 */
public record Passage(
    HostFlow flow, HostSettings settings, Map<String, List<IpAddress>> interfaces) {

  public Passage {
    interfaces = Map.copyOf(interfaces);
  }
}
