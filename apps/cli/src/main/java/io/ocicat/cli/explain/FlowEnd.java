package io.ocicat.cli.explain;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.policy.PodName;
import io.ocicat.policy.explain.Question;
import java.util.List;
import java.util.Optional;

/** An end of a flow, as the cluster knows it. */
sealed interface FlowEnd {

  /** A pod with its own network. */
  record Pod(String namespace, String name, String node, List<IpAddress> addresses)
      implements FlowEnd {
    public Pod {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String title() {
      return namespace + "/" + name;
    }
  }

  /**
   * A node, or a pod in its network.
   *
   * @param title the pod's name, or the node's
   */
  record Node(String title, String node, List<IpAddress> addresses) implements FlowEnd {
    public Node {
      addresses = List.copyOf(addresses);
    }
  }

  /** An address that is nothing of the cluster's. */
  record Outside(IpAddress address) implements FlowEnd {
    @Override
    public String title() {
      return address.toString();
    }

    @Override
    public List<IpAddress> addresses() {
      return List.of(address);
    }
  }

  /** For people. */
  String title();

  /** For oracles. */
  default Question.Place place() {
    return switch (this) {
      case Pod(var namespace, var name, var node, _) ->
          new Question.Place.OfPod(new PodName(namespace, name), node);
      case Node(_, var node, _) -> new Question.Place.OfNode(node);
      case Outside _ -> new Question.Place.Elsewhere();
    };
  }

  List<IpAddress> addresses();

  default Optional<IpAddress> address(IpFamily family) {
    return addresses().stream().filter(address -> address.family() == family).findFirst();
  }
}
