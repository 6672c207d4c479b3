package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.Cidr;
import io.ocicat.model.NetworkPolicy.Direction;
import io.ocicat.selector.LabelSelector;
import java.util.List;

/**
 * A ClusterNetworkPolicy ({@code policy.networking.k8s.io/v1alpha2}). Host-networked pods are never
 * meant, neither as subjects nor as peers.
 *
 * <p>Reading never fails. As upstream asks for, what cannot be read fails closed: a rule with an
 * {@code Unreadable} part matches nothing if it accepts, and denies everything in its direction
 * otherwise.
 *
 * @param metadata the name
 * @param tier before or after the NetworkPolicies
 * @param priority 0 to 1000, low first
 * @param subject the pods that it is for
 * @param ingress the rules for traffic to them; none leaves it alone
 * @param egress the rules for traffic from them; none leaves it alone
 */
public record ClusterNetworkPolicy(
    Metadata metadata,
    Tier tier,
    int priority,
    Subject subject,
    List<Rule> ingress,
    List<Rule> egress) {

  /** Where a policy comes. */
  public enum Tier {
    /** Before NetworkPolicies, which cannot change what it decides. */
    ADMIN,
    /** After NetworkPolicies, for pods that none applies to. */
    BASELINE,
    /** Neither could be read. The policy is for nobody. */
    UNREADABLE
  }

  /** What becomes of matching traffic. */
  public enum Action {
    /** It is accepted for this direction. */
    ACCEPT,
    /** It is dropped. */
    DENY,
    /** The rest of the tier is skipped. */
    PASS
  }

  /** The pods that a policy is for. */
  public sealed interface Subject {
    /**
     * All pods of namespaces.
     *
     * @param namespaces which
     */
    record Namespaces(LabelSelector namespaces) implements Subject {}

    /**
     * Pods of namespaces.
     *
     * @param namespaces which namespaces
     * @param pods which of their pods
     */
    record Pods(LabelSelector namespaces, LabelSelector pods) implements Subject {}

    /**
     * Nobody.
     *
     * @param reason why it could not be read
     */
    record Unreadable(String reason) implements Subject {}
  }

  /**
   * A rule; the first that matches decides.
   *
   * @param name may be empty
   * @param action what becomes of matching traffic
   * @param peers the other ends; an empty list, which upstream forbids, is one unreadable peer
   * @param protocols what is asked of protocols and ports; empty for nothing
   */
  public record Rule(String name, Action action, List<Peer> peers, List<Port> protocols) {
    /** Copies the lists. */
    public Rule {
      peers = List.copyOf(peers);
      protocols = List.copyOf(protocols);
    }

    /** Whether every part could be read. */
    public boolean isReadable() {
      return peers.stream().noneMatch(Peer.Unreadable.class::isInstance)
          && protocols.stream().noneMatch(Port.Unreadable.class::isInstance);
    }
  }

  /** The other end of the traffic. */
  public sealed interface Peer {
    /**
     * All pods of namespaces.
     *
     * @param namespaces which
     */
    record Namespaces(LabelSelector namespaces) implements Peer {}

    /**
     * Pods of namespaces.
     *
     * @param namespaces which namespaces
     * @param pods which of their pods
     */
    record Pods(LabelSelector namespaces, LabelSelector pods) implements Peer {}

    /**
     * Addresses of nodes; egress only.
     *
     * @param nodes which nodes
     */
    record Nodes(LabelSelector nodes) implements Peer {}

    /**
     * Addresses; egress only.
     *
     * @param cidrs the ranges
     */
    record Networks(List<Cidr> cidrs) implements Peer {
      /** Copies the list. */
      public Networks {
        cidrs = List.copyOf(cidrs);
      }
    }

    /**
     * What names resolve to; egress and Accept only.
     *
     * @param names the names; {@code *.} in front stands for one or more labels
     */
    record DomainNames(List<String> names) implements Peer {
      /** Copies the list. */
      public DomainNames {
        names = List.copyOf(names);
      }
    }

    /**
     * Not known.
     *
     * @param reason why it could not be read
     */
    record Unreadable(String reason) implements Peer {}
  }

  /** Protocol and destination port of the traffic. */
  public sealed interface Port {
    /**
     * Every port.
     *
     * @param protocol of this protocol
     */
    record Every(Protocol protocol) implements Port {}

    /**
     * Ports by number.
     *
     * @param protocol the transport
     * @param first 1 to 65535
     * @param last the same as first for a single port
     */
    record Range(Protocol protocol, int first, int last) implements Port {}

    /**
     * What the destination pod calls by this name, of whatever protocol.
     *
     * @param name the name
     */
    record Named(String name) implements Port {}

    /**
     * Not known.
     *
     * @param reason why it could not be read
     */
    record Unreadable(String reason) implements Port {}
  }

  /** Copies the lists. */
  public ClusterNetworkPolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** Reads a document of kind ClusterNetworkPolicy. */
  public static ClusterNetworkPolicy read(JsonNode document) {
    return ClusterNetworkPolicyReader.read(document);
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The rules for one direction; none leaves its traffic alone. */
  public List<Rule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }
}
