package io.ocicat.policy.explain;

import io.ocicat.policy.Flow;
import io.ocicat.policy.PodName;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A flow, and where its ends are. */
public record Question(Flow flow, Place from, Place to) {

  /** Between addresses of which nobody knows the nodes. */
  public Question(Flow flow) {
    this(flow, new Place.Elsewhere(), new Place.Elsewhere());
  }

  /** The names of the nodes at its ends. */
  Set<String> nodes() {
    return Stream.of(from, to)
        .map(Place::nodeName)
        .filter(node -> !node.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Where an end is. */
  public sealed interface Place {

    /** A pod with its own network. */
    record OfPod(PodName name, String node) implements Place {}

    /** A node, or a pod in its network. */
    record OfNode(String node) implements Place {}

    /** Outside of the cluster. */
    record Elsewhere() implements Place {}

    /** Empty where there is none. */
    default String nodeName() {
      return switch (this) {
        case OfPod(_, var node) -> node;
        case OfNode(var node) -> node;
        case Elsewhere() -> "";
      };
    }
  }
}
