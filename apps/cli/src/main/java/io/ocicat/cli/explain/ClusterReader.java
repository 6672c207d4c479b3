package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.Refusal;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.model.Pod;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.policy.PolicyKind;
import io.ocicat.policy.PolicySet;
import io.ocicat.policy.ServiceName;
import io.ocicat.policy.explain.ClusterDocuments;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads what decides about one flow, and little more: its ends, what they inherit labels from, and
 * whatever selects by labels. Requests that do not need each other's answers go out together.
 */
final class ClusterReader {

  private static final int PAGE = 1000;

  private final ApiClient client;
  private final ClusterDocuments documents = new ClusterDocuments();
  private final Set<String> notes = new LinkedHashSet<>();

  ClusterReader(ApiClient client) {
    this.client = client;
  }

  /**
   * What was read.
   *
   * @param documents as they are
   * @param changed as they would be
   * @param notes what could not be read or is not looked at, for people
   */
  record Found(
      FlowEnd from,
      FlowEnd to,
      ClusterDocuments documents,
      ClusterDocuments changed,
      List<String> notes) {
    Found {
      notes = List.copyOf(notes);
    }
  }

  /** The pods or node that an end may be, as they came. */
  private record EndAnswer(List<JsonNode> pods, List<JsonNode> nodes) {}

  /**
   * Reads everything.
   *
   * @param changes documents that would be applied
   * @throws Refusal if an end is not there, or has no address
   */
  Found read(EndWord from, EndWord to, List<JsonNode> changes) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<EndAnswer> source = async(threads, () -> end(from));
      CompletableFuture<EndAnswer> target = async(threads, () -> end(to));
      Map<ResourceKind, CompletableFuture<Optional<List<JsonNode>>>> lists = new LinkedHashMap<>();
      kinds().forEach(kind -> lists.put(kind, async(threads, () -> list(kind))));
      FlowEnd found = flowEnd(from, join(source));
      FlowEnd other = flowEnd(to, join(target));
      CompletableFuture<List<JsonNode>> inherited = async(threads, this::inherited);
      List<JsonNode> answered = join(inherited);
      lists.forEach((kind, answer) -> take(kind, join(answer)));
      answered.forEach(documents::put);
      namespacesOfSets(List.of(found, other)).forEach(documents::put);
      ClusterDocuments changed = documents.copy();
      changes.forEach(change -> put(changed, change));
      Set<ServiceName> services = new LinkedHashSet<>(documents.services());
      services.addAll(changed.services());
      for (JsonNode slice : slices(services)) {
        boolean _ = documents.put(slice) && changed.put(slice);
      }
      notes.addAll(changed.problems());
      return new Found(found, other, documents, changed, List.copyOf(notes));
    }
  }

  private static <T> CompletableFuture<T> async(ExecutorService threads, Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, threads);
  }

  private static <T> T join(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static List<ResourceKind> kinds() {
    return Stream.concat(
            Kinds.all().stream().filter(kind -> PolicyKind.of(kind.name()).isPresent()),
            Stream.of(Kinds.TIER, Kinds.NETWORK_SET, Kinds.GLOBAL_NETWORK_SET, Kinds.HOST_ENDPOINT))
        .distinct()
        .toList();
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

  private EndAnswer end(EndWord word) {
    return switch (word) {
      case EndWord.OfPod(var namespace, var name) -> new EndAnswer(pod(namespace, name), List.of());
      case EndWord.OfNode(var name) ->
          new EndAnswer(
              List.of(),
              object(Kinds.NODE, "", name)
                  .map(List::of)
                  .orElseThrow(
                      () ->
                          new Refusal(
                              "find node %s: there is none of that name; 'ocicat get nodes' lists them"
                                  .formatted(name))));
      case EndWord.OfAddress(var address) -> at(address);
    };
  }

  private List<JsonNode> pod(String namespace, String name) {
    Optional<JsonNode> pod = object(Kinds.POD, namespace, name);
    if (pod.isPresent()) {
      return List.of(pod.get());
    }
    return reported(namespace, name)
        .map(List::of)
        .orElseThrow(
            () ->
                new Refusal(
                    ("find pod %s/%s: there is none of that name;"
                            + " 'ocicat get pods -n %s' lists those of the namespace")
                        .formatted(namespace, name, namespace)));
  }

  /** A workload that Kubernetes does not know, as its node reports it. */
  private Optional<JsonNode> reported(String namespace, String name) {
    Optional<List<JsonNode>> reports =
        list(Kinds.WORKLOAD_ENDPOINT, collection(Kinds.WORKLOAD_ENDPOINT, namespace), List.of());
    return reports.stream()
        .flatMap(List::stream)
        .filter(report -> WorkloadEndpoint.read(report).workload().pod().equals(name))
        .findFirst()
        .map(report -> standIn(WorkloadEndpoint.read(report), name));
  }

  /** The Pod object that a report without one stands for. */
  private static JsonNode standIn(WorkloadEndpoint report, String name) {
    ObjectNode pod =
        JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("namespace", report.namespace()).put("name", name);
    ObjectNode labels = metadata.putObject("labels");
    report.metadata().labels().asMap().forEach(labels::put);
    ObjectNode spec = pod.putObject("spec").put("nodeName", report.workload().node());
    ArrayNode ports = spec.putArray("containers").addObject().putArray("ports");
    report
        .ports()
        .forEach(
            port ->
                ports
                    .addObject()
                    .put("name", port.name())
                    .put("protocol", port.protocol().name())
                    .put("containerPort", port.port()));
    ArrayNode addresses = pod.putObject("status").putArray("podIPs");
    report.addresses().forEach(net -> addresses.addObject().put("ip", net.address().toString()));
    return pod;
  }

  private EndAnswer at(IpAddress address) {
    List<JsonNode> pods =
        list(
                Kinds.POD,
                collection(Kinds.POD, ""),
                List.of("fieldSelector=status.podIP%3D" + address))
            .orElse(List.of())
            .stream()
            .filter(pod -> Pod.read(pod).addresses().contains(address))
            .toList();
    if (pods.isEmpty() && isInPool(address)) {
      pods =
          list(Kinds.POD).orElse(List.of()).stream()
              .filter(pod -> Pod.read(pod).addresses().contains(address))
              .toList();
    }
    List<JsonNode> living = pods.stream().filter(pod -> Pod.read(pod).isOnPodNetwork()).toList();
    if (!living.isEmpty()) {
      return new EndAnswer(living, List.of());
    }
    return new EndAnswer(
        List.of(),
        list(Kinds.NODE).orElse(List.of()).stream()
            .filter(node -> Node.read(node).internalAddresses().contains(address))
            .toList());
  }

  /** Only then is it worth the while to look through all pods for a second address. */
  private boolean isInPool(IpAddress address) {
    Optional<List<JsonNode>> pools = list(Kinds.IP_POOL);
    return pools.isEmpty()
        || pools.get().stream()
            .map(ClusterReader::net)
            .flatMap(Optional::stream)
            .anyMatch(net -> net.contains(address));
  }

  private static Optional<Cidr> net(JsonNode pool) {
    try {
      return Optional.of(IpPool.read(pool).cidr());
    } catch (UnreadableDocumentException e) {
      return Optional.empty();
    }
  }

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

  // What labels are inherited from, and Services

  private List<JsonNode> inherited() {
    List<JsonNode> found = new ArrayList<>();
    for (Pod pod : documents.pods()) {
      object(Kinds.NAMESPACE, "", pod.namespace()).ifPresent(found::add);
      object(Kinds.SERVICE_ACCOUNT, pod.namespace(), pod.serviceAccountName())
          .ifPresent(found::add);
    }
    return found;
  }

  /** Of network sets that have the address of an end. */
  private List<JsonNode> namespacesOfSets(List<FlowEnd> ends) {
    return documents.snapshot().sets().stream()
        .filter(
            set ->
                ends.stream()
                    .flatMap(end -> end.addresses().stream())
                    .anyMatch(address -> set.nets().stream().anyMatch(n -> n.contains(address))))
        .map(PolicySet::namespace)
        .filter(namespace -> !namespace.isEmpty())
        .distinct()
        .flatMap(namespace -> object(Kinds.NAMESPACE, "", namespace).stream())
        .toList();
  }

  private List<JsonNode> slices(Set<ServiceName> services) {
    List<JsonNode> found = new ArrayList<>();
    for (ServiceName service : services) {
      String path =
          "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices".formatted(service.namespace());
      Optional<List<JsonNode>> slices =
          list(
              "endpointslices of Service " + service.namespace() + "/" + service.name(),
              path,
              List.of("labelSelector=" + encoded("kubernetes.io/service-name=" + service.name())));
      if (slices.isEmpty()) {
        notes.add(
            "Service %s/%s counts as empty: the server has no EndpointSlices for you"
                .formatted(service.namespace(), service.name()));
      }
      slices.orElse(List.of()).stream()
          .map(slice -> named(slice, "discovery.k8s.io/v1", "EndpointSlice"))
          .forEach(found::add);
    }
    return found;
  }

  // Requests

  private static String collection(ResourceKind kind, String namespace) {
    String base = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
    return base
        + kind.version()
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + kind.plural();
  }

  private Optional<JsonNode> object(ResourceKind kind, String namespace, String name) {
    try {
      return Optional.of(
          named(
              client.read(
                  new ApiClient.Attempt(
                      "read %s %s%s"
                          .formatted(
                              kind.plural(), namespace.isEmpty() ? "" : namespace + "/", name),
                      collection(kind, namespace) + "/" + name)),
              kind.apiVersion(),
              kind.kind()));
    } catch (ApiException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<List<JsonNode>> list(ResourceKind kind) {
    return list(kind, collection(kind, ""), List.of());
  }

  private Optional<List<JsonNode>> list(ResourceKind kind, String path, List<String> query) {
    return list(kind.plural(), path, query)
        .map(
            items ->
                items.stream().map(item -> named(item, kind.apiVersion(), kind.kind())).toList());
  }

  /** Empty if the server does not serve them to this user. */
  private Optional<List<JsonNode>> list(String what, String path, List<String> query) {
    List<JsonNode> items = new ArrayList<>();
    String token = "";
    try {
      do {
        List<String> parts = new ArrayList<>(query);
        parts.add("limit=" + PAGE);
        if (!token.isEmpty()) {
          parts.add("continue=" + encoded(token));
        }
        JsonNode page =
            client.read(
                new ApiClient.Attempt("list " + what, path + "?" + String.join("&", parts)));
        page.path("items").forEach(items::add);
        token = page.path("metadata").path("continue").asText("");
      } while (!token.isEmpty());
      return Optional.of(items);
    } catch (ApiException e) {
      if (e.notFound() || e.httpStatus() == 403) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Items of lists do not say what they are. */
  private static JsonNode named(JsonNode document, String apiVersion, String kind) {
    if (document instanceof ObjectNode object && !object.has("kind")) {
      object.put("apiVersion", apiVersion).put("kind", kind);
    }
    return document;
  }
}
