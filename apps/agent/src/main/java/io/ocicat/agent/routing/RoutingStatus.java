package io.ocicat.agent.routing;

import io.ocicat.sync.NodeRouting;
import java.util.Set;
import java.util.function.Consumer;

/** Who can tell what this node's sessions and routes are. */
public interface RoutingStatus {

  /** Of a node that speaks no BGP. */
  RoutingStatus NONE = (_, answer) -> answer.accept(NodeRouting.SILENT);

  /**
   * Asks once; called from any thread, and returns at once.
   *
   * @param parts what is wanted; what is not may be left out
   * @param answer is called once, from any thread
   */
  void ask(Set<NodeRouting.Part> parts, Consumer<NodeRouting> answer);
}
