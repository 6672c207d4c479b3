package io.ocicat.sync;

import java.util.List;
import java.util.Set;

/** What an agent says on its stream. */
public sealed interface FromAgent {

  /**
   * The first message of a stream.
   *
   * @param version of the agent's program
   * @param epoch of the table it holds; empty if it holds none
   * @param generation up to which that table is complete
   * @param groups subscribed to
   * @param heldGroups those of them whose members it holds, as of {@code generation}
   */
  record Hello(
      String node,
      String version,
      String epoch,
      long generation,
      Set<String> groups,
      Set<String> heldGroups)
      implements FromAgent {
    public Hello {
      groups = Set.copyOf(groups);
      heldGroups = Set.copyOf(heldGroups);
    }
  }

  /** Changes the set of groups subscribed to; removals come first. */
  record Subscribe(Set<String> add, Set<String> remove) implements FromAgent {
    public Subscribe {
      add = Set.copyOf(add);
      remove = Set.copyOf(remove);
    }
  }

  /**
   * What is wired on the node.
   *
   * @param full {@code up} is everything; what it does not name is gone
   */
  record Endpoints(boolean full, List<Endpoint> up, List<EndpointKey> down) implements FromAgent {
    public Endpoints {
      up = List.copyOf(up);
      down = List.copyOf(down);
    }
  }

  /** The kernel enforces everything up to {@code generation}. */
  record Ack(long generation) implements FromAgent {}

  /** How the node is; replaces the last such report. */
  record Node(NodeReport report) implements FromAgent {}

  /** A pod could not be added; told once for each attempt, as far as there is room for it. */
  record Trouble(PodTrouble trouble) implements FromAgent {}

  /** Something for people; told once. */
  record Noticed(Notice notice) implements FromAgent {}
}
