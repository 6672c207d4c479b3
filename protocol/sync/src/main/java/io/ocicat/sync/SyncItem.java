package io.ocicat.sync;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.sync.ItemKey.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A row of the table that a controller keeps at an agent. */
public sealed interface SyncItem {

  ItemKey key();

  /**
   * A policy of any kind.
   *
   * @param kind with its group where another has the same name: {@code
   *     NetworkPolicy.projectcalico.org}
   * @param namespace empty for kinds without one
   * @param document as stored, JSON
   */
  record Policy(String kind, String namespace, String name, String document) implements SyncItem {
    @Override
    public ItemKey key() {
      return ItemKey.policy(kind, namespace, name);
    }
  }

  /**
   * A tier of policies.
   *
   * @param document as stored, JSON
   */
  record Tier(String name, String document) implements SyncItem {
    @Override
    public ItemKey key() {
      return new ItemKey(Kind.TIER, "", name);
    }
  }

  /**
   * A host endpoint of the receiving node.
   *
   * @param document as stored, JSON
   */
  record HostEndpoint(String name, String document) implements SyncItem {
    @Override
    public ItemKey key() {
      return new ItemKey(Kind.HOST_ENDPOINT, "", name);
    }
  }

  /**
   * A FelixConfiguration for all nodes, or for the receiving one.
   *
   * @param document as stored, JSON
   */
  record Configuration(String name, String document) implements SyncItem {
    @Override
    public ItemKey key() {
      return new ItemKey(Kind.CONFIGURATION, "", name);
    }
  }

  /**
   * An IPPool.
   *
   * @param document as stored, JSON
   */
  record Pool(String name, String document) implements SyncItem {
    @Override
    public ItemKey key() {
      return new ItemKey(Kind.POOL, "", name);
    }
  }

  /**
   * A namespace and its labels.
   *
   * @param annotations those that agents heed
   */
  record Namespace(String name, Map<String, String> labels, Map<String, String> annotations)
      implements SyncItem {
    public Namespace {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }

    /** Without annotations. */
    public Namespace(String name, Map<String, String> labels) {
      this(name, labels, Map.of());
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.NAMESPACE, "", name);
    }
  }

  /**
   * A Pod object bound to the receiving node.
   *
   * @param uid as runtimes are told it
   * @param annotations those that agents heed
   * @param serviceAccountLabels the labels of the service account; none if it is not known
   */
  record LocalPod(
      String namespace,
      String name,
      String uid,
      Map<String, String> labels,
      Map<String, String> annotations,
      String serviceAccount,
      Map<String, String> serviceAccountLabels,
      List<NamedPort> ports)
      implements SyncItem {
    public LocalPod {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
      serviceAccountLabels = Map.copyOf(serviceAccountLabels);
      ports = List.copyOf(ports);
    }

    /** Without annotations. */
    public LocalPod(
        String namespace,
        String name,
        String uid,
        Map<String, String> labels,
        String serviceAccount,
        Map<String, String> serviceAccountLabels,
        List<NamedPort> ports) {
      this(namespace, name, uid, labels, Map.of(), serviceAccount, serviceAccountLabels, ports);
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.POD, namespace, name);
    }

    /** Whether it is the pod with that uid, of which either side may know nothing. */
    public boolean isPod(String otherUid) {
      return uid.isEmpty() || otherUid.isEmpty() || uid.equals(otherUid);
    }
  }

  /**
   * A block of addresses leased to a node, which is also a route.
   *
   * @param pool name of the IPPool that it is part of
   * @param node may be the receiving node
   * @param nodeAddresses where the node is reached; empty while it has not reported any
   */
  record Block(Cidr cidr, String pool, String node, List<IpAddress> nodeAddresses)
      implements SyncItem {
    public Block {
      nodeAddresses = List.copyOf(nodeAddresses);
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.BLOCK, "", cidr.toString());
    }
  }

  /**
   * What holds for the whole cluster; a table without it is that of a cluster for which none of it
   * holds.
   *
   * @param podObjects every pod has a Pod object, and its labels are there and nowhere else
   */
  record Cluster(boolean podObjects) implements SyncItem {
    @Override
    public ItemKey key() {
      return ItemKey.CLUSTER;
    }
  }

  /**
   * A question that every node named answers once, with {@link Notice.Inspected}.
   *
   * @param uid of the PolicyInspection
   * @param policies whose counters are wanted
   * @param nodes that are asked; empty for all
   */
  record Inspection(String name, String uid, List<PolicyRef> policies, Set<String> nodes)
      implements SyncItem {
    public Inspection {
      policies = List.copyOf(policies);
      nodes = Set.copyOf(nodes);
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.INSPECTION, "", name);
    }
  }

  /**
   * A document that says how nodes speak BGP.
   *
   * @param kind {@code BGPConfiguration}, {@code BGPPeer}, {@code BGPFilter} or {@code
   *     BGPPeerOptions}
   * @param document as stored, JSON
   */
  record Routing(String kind, String name, String document) implements SyncItem {
    @Override
    public ItemKey key() {
      return ItemKey.routing(kind, name);
    }
  }

  /**
   * A node, as far as others' sessions with it, and its own, depend on it.
   *
   * @param addresses where other nodes reach it
   * @param labels those that BGP documents ask for
   * @param annotations those that say how it speaks BGP
   */
  record Node(
      String name,
      List<IpAddress> addresses,
      Map<String, String> labels,
      Map<String, String> annotations)
      implements SyncItem {
    public Node {
      addresses = List.copyOf(addresses);
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.NODE, "", name);
    }
  }

  /**
   * A service whose single addresses the receiving node is to announce, where the BGPConfigurations
   * have ranges for them: of one with local traffic only nodes with a ready endpoint are told.
   *
   * @param balancedAddresses none if it is not of type LoadBalancer
   * @param localTraffic {@code externalTrafficPolicy: Local}
   */
  record Service(
      String namespace,
      String name,
      List<IpAddress> clusterAddresses,
      List<IpAddress> externalAddresses,
      List<IpAddress> balancedAddresses,
      boolean localTraffic)
      implements SyncItem {
    public Service {
      clusterAddresses = List.copyOf(clusterAddresses);
      externalAddresses = List.copyOf(externalAddresses);
      balancedAddresses = List.copyOf(balancedAddresses);
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.SERVICE, namespace, name);
    }
  }

  /**
   * The password of sessions that the receiving node may have. It is in no log and in no text.
   *
   * @param secret the name of the Secret
   * @param field the key in its data
   */
  record Password(String secret, String field, String text) implements SyncItem {
    @Override
    public ItemKey key() {
      return new ItemKey(Kind.PASSWORD, "", secret + "/" + field);
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Password[" + secret + "/" + field + "]";
    }
  }

  /**
   * A question to the receiving node, which it answers with {@link Notice.Routed}.
   *
   * @param uid of the CalicoNodeStatus
   * @param periodSeconds how often it is to answer; 0: once
   */
  record StatusRequest(String name, String uid, Set<NodeRouting.Part> parts, int periodSeconds)
      implements SyncItem {
    public StatusRequest {
      parts = Set.copyOf(parts);
    }

    @Override
    public ItemKey key() {
      return new ItemKey(Kind.STATUS_REQUEST, "", name);
    }
  }

  /** An address group that the agent subscribed to, with all its members; it may be empty. */
  record Group(String id, Set<GroupMember> members) implements SyncItem {
    public Group {
      members = Set.copyOf(members);
    }

    @Override
    public ItemKey key() {
      return ItemKey.group(id);
    }
  }
}
