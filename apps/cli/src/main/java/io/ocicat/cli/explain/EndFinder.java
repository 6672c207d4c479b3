package io.ocicat.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.Refusal;
import io.ocicat.client.ApiException;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.Node;
import io.ocicat.model.Pod;
import io.ocicat.model.Service;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.WorkloadEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Finds what an end of a flow is, without reading all pods of a cluster. */
final class EndFinder {

  private final ClusterRequests requests;

  EndFinder(ClusterRequests requests) {
    this.requests = requests;
  }

  /** What an end may be, as it came: of one kind, or nothing for an address outside. */
  record EndAnswer(List<JsonNode> pods, List<JsonNode> nodes, List<JsonNode> services) {

    private static final EndAnswer NOTHING = new EndAnswer(List.of(), List.of(), List.of());

    EndAnswer {
      pods = List.copyOf(pods);
      nodes = List.copyOf(nodes);
      services = List.copyOf(services);
    }

    private static EndAnswer pods(List<JsonNode> pods) {
      return new EndAnswer(pods, List.of(), List.of());
    }

    private static EndAnswer nodes(List<JsonNode> nodes) {
      return new EndAnswer(List.of(), nodes, List.of());
    }

    private static EndAnswer services(List<JsonNode> services) {
      return new EndAnswer(List.of(), List.of(), services);
    }
  }

  /**
   * @throws Refusal if there is nothing of that name
   */
  EndAnswer find(EndWord word) {
    return switch (word) {
      case EndWord.OfPod(var namespace, var name) -> EndAnswer.pods(List.of(pod(namespace, name)));
      case EndWord.OfNode(var name) ->
          EndAnswer.nodes(
              List.of(
                  requests
                      .object(Kinds.NODE, "", name)
                      .orElseThrow(
                          () ->
                              new Refusal(
                                  "find node %s: there is none of that name; 'ocicat get nodes' lists them"
                                      .formatted(name)))));
      case EndWord.OfService(var namespace, var name) ->
          EndAnswer.services(
              List.of(
                  requests
                      .object(Kinds.SERVICE, namespace, name)
                      .orElseThrow(
                          () ->
                              new Refusal(
                                  "find Service %s/%s: there is none of that name"
                                      .formatted(namespace, name)))));
      case EndWord.OfAddress(var address) -> at(address);
    };
  }

  private JsonNode pod(String namespace, String name) {
    return requests
        .object(Kinds.POD, namespace, name)
        .or(() -> reported(namespace, name))
        .orElseThrow(
            () ->
                new Refusal(
                    ("find pod %s/%s: there is none of that name;"
                            + " 'ocicat get pods -n %s' lists those of the namespace")
                        .formatted(namespace, name, namespace)));
  }

  /** A workload that Kubernetes does not know, as its node reports it. */
  private Optional<JsonNode> reported(String namespace, String name) {
    return requests.list(Kinds.WORKLOAD_ENDPOINT, namespace).stream()
        .flatMap(List::stream)
        .map(WorkloadEndpoint::read)
        .filter(report -> report.workload().pod().equals(name))
        .findFirst()
        .map(report -> standIn(report, name));
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
    List<JsonNode> pods = podsWith("status.podIP", address.toString(), address);
    if (!pods.isEmpty()) {
      return EndAnswer.pods(pods);
    }
    List<JsonNode> services = servicesAt(address);
    if (!services.isEmpty()) {
      return EndAnswer.services(services);
    }
    Optional<List<JsonNode>> pools = requests.list(Kinds.IP_POOL, "");
    if (pools.isEmpty() || contains(pools.get(), pool -> IpPool.read(pool).cidr(), address)) {
      pods = podsOfBlock(address);
      if (!pods.isEmpty()) {
        return EndAnswer.pods(pods);
      }
    }
    List<JsonNode> nodes =
        requests
            .list(Kinds.NODE, "", "", node -> Node.read(node).internalAddresses().contains(address))
            .orElse(List.of());
    return nodes.isEmpty() ? EndAnswer.NOTHING : EndAnswer.nodes(nodes);
  }

  private List<JsonNode> servicesAt(IpAddress address) {
    Predicate<JsonNode> wanted =
        service -> Service.read(service).clusterAddresses().contains(address);
    String query = selector("spec.clusterIP", address.toString());
    try {
      return requests.list(Kinds.SERVICE, "", query, wanted).orElse(List.of());
    } catch (ApiException e) {
      // Servers before Kubernetes 1.22 do not select by this field.
      if (e.httpStatus() != 400) {
        throw e;
      }
      return requests.list(Kinds.SERVICE, "", "", wanted).orElse(List.of());
    }
  }

  /** A second address of a pod is found on the node that has leased it, else by reading all. */
  private List<JsonNode> podsOfBlock(IpAddress address) {
    List<BlockAffinity> leases =
        requests
            .list(
                Kinds.BLOCK_AFFINITY,
                "",
                "",
                lease -> contains(List.of(lease), one -> BlockAffinity.read(one).cidr(), address))
            .orElse(List.of())
            .stream()
            .map(BlockAffinity::read)
            .toList();
    return leases.isEmpty()
        ? requests.list(Kinds.POD, "", "", pod -> isLivingAt(pod, address)).orElse(List.of())
        : leases.stream()
            .map(BlockAffinity::node)
            .distinct()
            .flatMap(node -> podsWith("spec.nodeName", node, address).stream())
            .toList();
  }

  private List<JsonNode> podsWith(String field, String value, IpAddress address) {
    return requests
        .list(Kinds.POD, "", selector(field, value), pod -> isLivingAt(pod, address))
        .orElse(List.of());
  }

  private static String selector(String field, String value) {
    return "fieldSelector=" + ClusterRequests.encoded(field + "=" + value);
  }

  private static boolean isLivingAt(JsonNode document, IpAddress address) {
    Pod pod = Pod.read(document);
    return pod.isOnPodNetwork() && pod.addresses().contains(address);
  }

  private static boolean contains(
      List<JsonNode> documents, Function<JsonNode, Cidr> net, IpAddress address) {
    return documents.stream()
        .flatMap(document -> readable(document, net).stream())
        .anyMatch(each -> each.contains(address));
  }

  private static Optional<Cidr> readable(JsonNode document, Function<JsonNode, Cidr> net) {
    try {
      return Optional.of(net.apply(document));
    } catch (UnreadableDocumentException e) {
      return Optional.empty();
    }
  }
}
