package io.ocicat.policy.explain;

import io.ocicat.inet.IpAddress;
import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.IpPool;
import io.ocicat.model.Node;
import io.ocicat.policy.Flow;
import io.ocicat.policy.HostFlow;
import io.ocicat.policy.HostSettings;
import io.ocicat.policy.Passage;
import io.ocicat.policy.PolicyHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes that a flow passes, as far as documents tell. They do not tell by which interface a
 * node is reached: a host endpoint with an address of the node is it, else one that names an
 * interface, else the one for all interfaces.
 *
 * @param passages in order
 * @param notes what was taken to be so, for people
 */
record Way(List<Passage> passages, List<String> notes) {

  /** Stands for an interface of which no document tells the name. */
  private static final String UNNAMED = "?";

  Way {
    passages = List.copyOf(passages);
    notes = List.copyOf(notes);
  }

  /** Of a question about a cluster. */
  static Way of(ClusterDocuments cluster, Question question) {
    Walk walk = new Walk(cluster, question);
    walk.go();
    return new Way(walk.passages, walk.notes);
  }

  private record Interface(String name, Map<String, List<IpAddress>> addresses) {}

  private static final class Walk {
    private final ClusterDocuments cluster;
    private final Question question;
    private final List<Passage> passages = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Walk(ClusterDocuments cluster, Question question) {
      this.cluster = cluster;
      this.question = question;
    }

    void go() {
      Flow flow = question.flow();
      String first = question.from().nodeName();
      String last = question.to().nodeName();
      if (!(flow.source() instanceof Flow.Source.Remote(var source))
          || source.equals(flow.destination())) {
        return;
      }
      if (first.equals(last)) {
        if (!first.isEmpty()) {
          add(first, place(question.from()), place(question.to()), source, Map.of());
        }
        return;
      }
      if (!first.isEmpty()) {
        Interface by = uplink(first, addresses(first));
        add(
            first,
            place(question.from()),
            new HostFlow.Place.Interface(by.name()),
            source,
            by.addresses());
      }
      if (!last.isEmpty()) {
        List<IpAddress> there =
            question.to() instanceof Question.Place.OfNode
                ? List.of(flow.destination())
                : addresses(last);
        Interface by = uplink(last, there);
        add(
            last,
            new HostFlow.Place.Interface(by.name()),
            place(question.to()),
            masqueraded(source),
            by.addresses());
      }
    }

    private void add(
        String node,
        HostFlow.Place from,
        HostFlow.Place to,
        IpAddress source,
        Map<String, List<IpAddress>> interfaces) {
      Flow flow = question.flow();
      passages.add(
          new Passage(
              HostFlow.of(node, from, to, source, flow.destination(), flow.traffic()),
              settings(node),
              interfaces));
    }

    private static HostFlow.Place place(Question.Place place) {
      return switch (place) {
        case Question.Place.OfPod(var name, _) -> new HostFlow.Place.Pod(name);
        case Question.Place.OfNode _ -> new HostFlow.Place.Host();
        case Question.Place.Elsewhere() ->
            throw new IllegalStateException("outside is on no node: " + place);
      };
    }

    private HostSettings settings(String node) {
      HostSettings settings = HostSettings.DEFAULT;
      for (String name :
          List.of(FelixConfiguration.DEFAULT, FelixConfiguration.NODE_PREFIX + node)) {
        Optional<FelixConfiguration> configuration =
            cluster.all(FelixConfiguration.class).filter(c -> c.name().equals(name)).findFirst();
        settings = configuration.map(settings::overriddenBy).orElse(settings);
      }
      return settings;
    }

    private List<IpAddress> addresses(String node) {
      return cluster
          .all(Node.class)
          .filter(each -> each.name().equals(node))
          .findFirst()
          .map(Node::internalAddresses)
          .orElse(List.of());
    }

    private Interface uplink(String node, List<IpAddress> addresses) {
      List<PolicyHost> own =
          cluster
              .all(PolicyHost.class)
              .filter(host -> host.node().equals(node) && !host.isForAllInterfaces())
              .sorted(Comparator.comparing(PolicyHost::name))
              .toList();
      Optional<PolicyHost> by =
          own.stream()
              .filter(host -> host.addresses().stream().anyMatch(addresses::contains))
              .findFirst();
      if (by.isPresent()) {
        String name = by.get().interfaceName();
        return name.isEmpty()
            ? new Interface(UNNAMED, Map.of(UNNAMED, addresses))
            : new Interface(name, Map.of(name, addresses));
      }
      Optional<PolicyHost> named =
          own.stream()
              .filter(host -> !host.interfaceName().isEmpty() && host.addresses().isEmpty())
              .findFirst();
      named.ifPresent(
          host ->
              notes.add(
                  "interface %s of node %s is taken to be the one by which others reach it: HostEndpoint %s has no expectedIPs"
                      .formatted(host.interfaceName(), node, host.name())));
      return new Interface(named.map(PolicyHost::interfaceName).orElse(UNNAMED), Map.of());
    }

    /** What leaves the pools has the node's address. */
    private IpAddress masqueraded(IpAddress source) {
      List<IpPool> pools = cluster.all(IpPool.class).toList();
      boolean masqueraded =
          question.from() instanceof Question.Place.OfPod
              && pools.stream().anyMatch(pool -> pool.natOutgoing() && pool.cidr().contains(source))
              && pools.stream()
                  .noneMatch(pool -> pool.cidr().contains(question.flow().destination()));
      Optional<IpAddress> address =
          addresses(question.from().nodeName()).stream()
              .filter(each -> masqueraded && each.family() == source.family())
              .findFirst();
      address.ifPresent(
          known ->
              notes.add(
                  "node %s gives the packets its own address %s: its pool has natOutgoing"
                      .formatted(question.from().nodeName(), known)));
      return address.orElse(source);
    }
  }
}
