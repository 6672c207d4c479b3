package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.Refusal;
import io.ocicat.cli.explain.EndFinder.EndAnswer;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.EndpointSlice;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.model.Pod;
import io.ocicat.model.Protocol;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.Service;
import io.ocicat.policy.AccountName;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicySet;
import io.ocicat.policy.ServiceName;
import io.ocicat.policy.explain.ClusterDocuments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what decides about one flow, and little more: its ends, what they inherit labels from, and
 * whatever selects by labels. Requests that do not need each other's answers go out together.
 */
final class ClusterReader {

  /** How many backends of a Service are looked at. */
  private static final int BACKENDS_MAX = 16;

  /** As servers before Kubernetes 1.21 have it. */
  private static final ResourceKind OLD_SLICE =
      new ResourceKind(
          Kinds.ENDPOINT_SLICE.name(),
          "v1beta1",
          Kinds.ENDPOINT_SLICE.kind(),
          Kinds.ENDPOINT_SLICE.singular(),
          List.of(),
          Kinds.ENDPOINT_SLICE.scope(),
          List.of(),
          List.of());

  private final ClusterRequests requests;
  private final ClusterDocuments documents = new ClusterDocuments();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Map<Listing, CompletableFuture<Optional<List<JsonNode>>>> lists =
      new LinkedHashMap<>();

  ClusterReader(ClusterRequests requests) {
    this.requests = requests;
  }

  /**
   * What was read.
   *
   * @param targets where the flow may go: one, but for a Service
   * @param documents as they are
   * @param changed as they would be
   * @param notes what could not be read or is not looked at, for people
   */
  record Found(
      FlowEnd from,
      List<Target> targets,
      ClusterDocuments documents,
      ClusterDocuments changed,
      List<String> notes) {
    Found {
      targets = List.copyOf(targets);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Where a flow goes.
   *
   * @param port of the protocol asked for, if that has ports
   */
  record Target(FlowEnd end, int port) {}

  /** Documents of a kind, in a namespace or all. */
  private record Listing(ResourceKind kind, String namespace) {}

  /**
   * Reads everything.
   *
   * @param protocol with ports, if it is one
   * @param port to which the flow goes
   * @param changes documents that would be applied
   * @throws Refusal if an end is not there, or has no address
   */
  Found read(
      EndWord from, EndWord to, Optional<Protocol> protocol, int port, List<JsonNode> changes) {
    EndFinder finder = new EndFinder(requests);
    CompletableFuture<EndAnswer> source = requests.beside(() -> finder.find(from));
    CompletableFuture<EndAnswer> target = requests.beside(() -> finder.find(to));
    clusterKinds().forEach(kind -> start(kind, ""));
    EndAnswer asker = ClusterRequests.join(source);
    if (!asker.services().isEmpty()) {
      throw new Refusal("explain a flow from %s: a Service opens no connections".formatted(from));
    }
    FlowEnd found = flowEnd(from, asker);
    List<Target> others = targets(to, ClusterRequests.join(target), protocol, port);
    List<Pod> pods = documents.pods();
    pods.stream()
        .map(Pod::namespace)
        .distinct()
        .forEach(namespace -> namespacedPolicies().forEach(kind -> start(kind, namespace)));
    CompletableFuture<List<JsonNode>> inherited = requests.beside(() -> inherited(pods));
    lists.forEach((listing, answer) -> take(listing.kind(), ClusterRequests.join(answer)));
    ClusterRequests.join(inherited).forEach(documents::put);
    FlowEnd first = orHost(found);
    List<Target> last =
        others.stream().map(each -> new Target(orHost(each.end()), each.port())).toList();
    List<FlowEnd> ends = Stream.concat(Stream.of(first), last.stream().map(Target::end)).toList();
    List<JsonNode> more = new ArrayList<>(namespacesOfSets(ends));
    more.addAll(aboutNodes(first, last, changes));
    more.forEach(documents::put);
    ClusterDocuments changed = documents.copy();
    changes.forEach(change -> put(changed, change));
    Set<IpAddress> addresses = new HashSet<>();
    ends.forEach(end -> addresses.addAll(end.addresses()));
    Set<ServiceName> services = new LinkedHashSet<>();
    for (ClusterDocuments each :
        changes.isEmpty() ? List.of(documents) : List.of(documents, changed)) {
      services.addAll(each.near(addresses, nodes(ends)).services());
    }
    for (JsonNode slice : slices(services)) {
      boolean _ = documents.put(slice) && changed.put(slice);
    }
    notes.addAll(changed.problems());
    return new Found(first, last, documents, changed, List.copyOf(notes));
  }

  /** An address outside may be one that a host endpoint has. */
  private FlowEnd orHost(FlowEnd end) {
    return end instanceof FlowEnd.Outside(var address)
        ? documents.hosts().stream()
            .filter(host -> host.addresses().contains(address) && !host.node().isEmpty())
            .findFirst()
            .<FlowEnd>map(
                host ->
                    new FlowEnd.Node("HostEndpoint " + host.name(), host.node(), List.of(address)))
            .orElse(end)
        : end;
  }

  private static Set<String> nodes(List<FlowEnd> ends) {
    return ends.stream()
        .map(end -> end.place().nodeName())
        .filter(node -> !node.isEmpty())
        .collect(Collectors.toSet());
  }

  /** What nodes' own policy goes by, if there is any where the flow passes. */
  private List<JsonNode> aboutNodes(FlowEnd from, List<Target> to, List<JsonNode> changes) {
    Set<String> nodes =
        nodes(Stream.concat(Stream.of(from), to.stream().map(Target::end)).toList());
    boolean any =
        documents.hosts().stream().anyMatch(host -> nodes.contains(host.node()))
            || changes.stream()
                .anyMatch(change -> change.path("kind").asText().equals("HostEndpoint"))
            || (from instanceof FlowEnd.Pod
                && to.stream().anyMatch(each -> each.end() instanceof FlowEnd.Node));
    if (!any) {
      return List.of();
    }
    List<JsonNode> found = new ArrayList<>();
    List<CompletableFuture<Optional<List<JsonNode>>>> settings =
        Stream.of(Kinds.FELIX_CONFIGURATION, Kinds.IP_POOL)
            .map(kind -> requests.beside(() -> requests.list(kind, "")))
            .toList();
    nodes.forEach(node -> requests.object(Kinds.NODE, "", node).ifPresent(found::add));
    settings.forEach(answer -> ClusterRequests.join(answer).ifPresent(found::addAll));
    return found;
  }

  private void start(ResourceKind kind, String namespace) {
    lists.computeIfAbsent(
        new Listing(kind, namespace),
        listing -> requests.beside(() -> requests.list(listing.kind(), listing.namespace())));
  }

  /** Those of which a document may matter wherever the ends are. */
  private static List<ResourceKind> clusterKinds() {
    return Stream.concat(
            policyKinds().filter(kind -> !kind.namespaced()),
            Stream.of(Kinds.TIER, Kinds.NETWORK_SET, Kinds.GLOBAL_NETWORK_SET, Kinds.HOST_ENDPOINT))
        .toList();
  }

  /** Those of which a document is for pods of its namespace alone. */
  private static List<ResourceKind> namespacedPolicies() {
    return policyKinds().filter(ResourceKind::namespaced).toList();
  }

  private static Stream<ResourceKind> policyKinds() {
    return Kinds.all().stream().filter(kind -> PolicyKind.of(kind.name()).isPresent());
  }

  private void take(ResourceKind kind, Optional<List<JsonNode>> items) {
    if (items.isEmpty()) {
      notes.add(
          "%s of %s are left out: the server does not serve them, or not to you"
              .formatted(kind.kind(), kind.apiVersion()));
    }
    items.ifPresent(all -> all.forEach(documents::put));
  }

  /** Applies a document; a pod keeps what its node says of it. */
  private void put(ClusterDocuments changed, JsonNode change) {
    JsonNode metadata = change.path("metadata");
    Optional<JsonNode> pod =
        change.path("kind").asText().equals(Kinds.POD.kind())
            ? changed.document(
                Kinds.POD, metadata.path("namespace").asText(), metadata.path("name").asText())
            : Optional.empty();
    JsonNode document = change;
    if (pod.isPresent()) {
      ObjectNode merged = pod.get().deepCopy();
      metadata
          .path("labels")
          .forEachEntry((key, value) -> merged.withObject("/metadata/labels").replace(key, value));
      if (change.path("spec").path("containers").isArray()) {
        merged.withObject("/spec").set("containers", change.path("spec").path("containers"));
      }
      document = merged;
    }
    if (!changed.put(document)) {
      notes.add(
          "%s %s has no part in policy: it changes nothing here"
              .formatted(change.path("kind").asText(), metadata.path("name").asText()));
    }
  }

  // Ends

  private FlowEnd flowEnd(EndWord word, EndAnswer answer) {
    if (!answer.pods().isEmpty()) {
      if (answer.pods().size() > 1) {
        notes.add("%s is the address of %d pods".formatted(word, answer.pods().size()));
      }
      answer.pods().forEach(documents::put);
      return pod(answer.pods().getFirst());
    }
    if (!answer.nodes().isEmpty()) {
      Node node = Node.read(answer.nodes().getFirst());
      if (node.internalAddresses().isEmpty()) {
        throw new Refusal("find the addresses of node %s: it has none yet".formatted(node.name()));
      }
      List<IpAddress> addresses =
          word instanceof EndWord.OfAddress(var address)
              ? List.of(address)
              : node.internalAddresses();
      return new FlowEnd.Node("node " + node.name(), node.name(), addresses);
    }
    if (word instanceof EndWord.OfAddress(var address)) {
      return new FlowEnd.Outside(address);
    }
    throw new IllegalStateException("an end that is nothing: " + word);
  }

  private FlowEnd pod(JsonNode document) {
    Pod pod = Pod.read(document);
    String name = pod.namespace() + "/" + pod.name();
    if (pod.hostNetwork()) {
      notes.add(
          "pod %s is in the network of its node %s: policies of pods are not for it"
              .formatted(name, pod.nodeName()));
      return new FlowEnd.Node(
          "pod " + name + " on node " + pod.nodeName(), pod.nodeName(), addressesOf(pod));
    }
    if (!pod.isOnPodNetwork()) {
      throw new Refusal(
          "explain a flow of pod %s: it has ended (%s)"
              .formatted(name, pod.phase().documentName()));
    }
    return new FlowEnd.Pod(pod.namespace(), pod.name(), pod.nodeName(), addressesOf(pod));
  }

  private static List<IpAddress> addressesOf(Pod pod) {
    if (pod.addresses().isEmpty()) {
      throw new Refusal(
          "find the address of pod %s/%s: it has none yet (%s on node '%s'); 'ocicat describe pod %s -n %s' tells more"
              .formatted(
                  pod.namespace(),
                  pod.name(),
                  pod.phase().documentName(),
                  pod.nodeName(),
                  pod.name(),
                  pod.namespace()));
    }
    return pod.addresses();
  }

  /** One, or the backends of a Service. */
  private List<Target> targets(
      EndWord word, EndAnswer answer, Optional<Protocol> protocol, int port) {
    if (answer.services().isEmpty()) {
      return List.of(new Target(flowEnd(word, answer), port));
    }
    ServiceAnswer service = new ServiceAnswer(Service.read(answer.services().getFirst()));
    String portName = service.portName(protocol, port);
    List<EndpointSlice> slices =
        slices(service.name())
            .orElseThrow(
                () ->
                    new Refusal(
                        "find the backends of %s: the server has no EndpointSlices for you"
                            .formatted(service.title())))
            .stream()
            .map(EndpointSlice::read)
            .toList();
    List<ServiceAnswer.Backend> backends =
        service.backends(slices, portName, protocol, port).stream()
            .filter(
                each ->
                    !(word instanceof EndWord.OfAddress(var address))
                        || each.address().family() == address.family())
            .toList();
    if (backends.isEmpty()) {
      throw new Refusal(
          "explain a flow to %s: it has no backend that is ready".formatted(service.title()));
    }
    notes.add(service.note(backends.size(), BACKENDS_MAX));
    List<Target> targets = new ArrayList<>();
    for (ServiceAnswer.Backend each :
        backends.subList(0, Math.min(backends.size(), BACKENDS_MAX))) {
      targets.add(new Target(backend(service.name().namespace(), each), each.port()));
    }
    return targets;
  }

  private FlowEnd backend(String namespace, ServiceAnswer.Backend backend) {
    Optional<JsonNode> pod =
        backend.pod().isEmpty()
            ? Optional.empty()
            : requests.object(Kinds.POD, namespace, backend.pod());
    if (pod.isEmpty()) {
      return new FlowEnd.Outside(backend.address());
    }
    documents.put(pod.get());
    FlowEnd end = pod(pod.get());
    return end instanceof FlowEnd.Pod(var in, var name, var node, _)
        ? new FlowEnd.Pod(in, name, node, List.of(backend.address()))
        : end;
  }

  // What labels are inherited from, and Services

  private List<JsonNode> inherited(List<Pod> pods) {
    Set<String> namespaces = new LinkedHashSet<>();
    Set<AccountName> accounts = new LinkedHashSet<>();
    for (Pod pod : pods) {
      namespaces.add(pod.namespace());
      accounts.add(new AccountName(pod.namespace(), pod.serviceAccountName()));
    }
    List<JsonNode> found = new ArrayList<>();
    namespaces.forEach(name -> requests.object(Kinds.NAMESPACE, "", name).ifPresent(found::add));
    accounts.forEach(
        account ->
            requests
                .object(Kinds.SERVICE_ACCOUNT, account.namespace(), account.name())
                .ifPresent(found::add));
    return found;
  }

  /** Of network sets that have the address of an end. */
  private List<JsonNode> namespacesOfSets(List<FlowEnd> ends) {
    return documents.sets().stream()
        .filter(
            set ->
                ends.stream()
                    .flatMap(end -> end.addresses().stream())
                    .anyMatch(address -> set.nets().stream().anyMatch(n -> n.contains(address))))
        .map(PolicySet::namespace)
        .filter(namespace -> !namespace.isEmpty())
        .distinct()
        .flatMap(namespace -> requests.object(Kinds.NAMESPACE, "", namespace).stream())
        .toList();
  }

  private List<JsonNode> slices(Set<ServiceName> services) {
    List<JsonNode> found = new ArrayList<>();
    for (ServiceName service : services) {
      Optional<List<JsonNode>> slices = slices(service);
      if (slices.isEmpty()) {
        notes.add(
            "Service %s/%s counts as empty: the server has no EndpointSlices for you"
                .formatted(service.namespace(), service.name()));
      }
      slices.ifPresent(found::addAll);
    }
    return found;
  }

  private Optional<List<JsonNode>> slices(ServiceName service) {
    String query =
        "labelSelector=" + ClusterRequests.encoded("kubernetes.io/service-name=" + service.name());
    return Stream.of(Kinds.ENDPOINT_SLICE, OLD_SLICE)
        .flatMap(kind -> requests.list(kind, service.namespace(), query, _ -> true).stream())
        .findFirst();
  }
}
