package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import java.util.List;

/**
 * What an agent reports of a workload's interface ({@code projectcalico.org/v3} WorkloadEndpoint).
 *
 * @param metadata the namespace and the name, which {@link #nameFor} derives
 * @param workload whose interface it is
 * @param addresses its addresses, each as a prefix of full length
 * @param hostInterface the name of the interface's host end
 * @param mac the workload's MAC address; empty if it is not known
 * @param ports the named ports
 */
public record WorkloadEndpoint(
    Metadata metadata,
    Workload workload,
    List<Cidr> addresses,
    String hostInterface,
    String mac,
    List<Pod.ContainerPort> ports) {

  /** Annotation with the uid of the pod, which tells it from earlier and later ones of its name. */
  public static final String POD_UID = "ocicat.io/pod-uid";

  /**
   * Whose interface it is.
   *
   * @param orchestrator {@code k8s} for pods that Kubernetes or the API knows, else {@code cni}
   * @param node the node it is on
   * @param pod the pod's name; empty for a container that is no pod
   * @param containerId the container id that the runtime gave
   * @param interfaceName the interface's name inside the workload, e.g. {@code eth0}
   * @param serviceAccountName the pod's service account; empty if unknown
   */
  public record Workload(
      String orchestrator,
      String node,
      String pod,
      String containerId,
      String interfaceName,
      String serviceAccountName) {}

  /** Copies the lists. */
  public WorkloadEndpoint {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  /**
   * The name under which this workload's interface is stored: its parts with their dashes doubled.
   */
  public static String nameFor(Workload workload) {
    String id = workload.pod().isEmpty() ? workload.containerId() : workload.pod();
    return String.join(
        "-",
        doubled(workload.node()),
        doubled(workload.orchestrator()),
        doubled(id),
        doubled(workload.interfaceName()));
  }

  /**
   * Reads a document of kind WorkloadEndpoint.
   *
   * @throws UnreadableDocumentException if an address cannot be read
   */
  public static WorkloadEndpoint read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    Workload workload =
        new Workload(
            spec.text("orchestrator"),
            spec.text("node"),
            spec.text("pod"),
            spec.text("containerID"),
            spec.text("endpoint"),
            spec.text("serviceAccountName"));
    List<Pod.ContainerPort> ports =
        spec.list("ports").stream()
            .map(
                port ->
                    new Pod.ContainerPort(
                        port.text("name"),
                        Protocol.named(port.text("protocol", "TCP")).orElse(Protocol.TCP),
                        port.number("port", 0)))
            .toList();
    return new WorkloadEndpoint(
        Metadata.read(document),
        workload,
        spec.cidrs("ipNetworks"),
        spec.text("interfaceName"),
        spec.text("mac"),
        ports);
  }

  /** The uid of the pod; empty if it is not known. */
  public String podUid() {
    return metadata.annotations().getOrDefault(POD_UID, "");
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The namespace. */
  public String namespace() {
    return metadata.namespace();
  }

  /** This endpoint as a document. */
  public ObjectNode document() {
    ObjectNode document = metadata.document(Kinds.WORKLOAD_ENDPOINT);
    ObjectNode spec = document.putObject("spec");
    put(spec, "orchestrator", workload.orchestrator());
    put(spec, "node", workload.node());
    put(spec, "pod", workload.pod());
    put(spec, "containerID", workload.containerId());
    put(spec, "endpoint", workload.interfaceName());
    put(spec, "serviceAccountName", workload.serviceAccountName());
    put(spec, "interfaceName", hostInterface);
    put(spec, "mac", mac);
    addresses.stream().map(Cidr::toString).forEach(spec.putArray("ipNetworks")::add);
    if (!ports.isEmpty()) {
      ArrayNode array = spec.putArray("ports");
      for (Pod.ContainerPort port : ports) {
        ObjectNode item = array.addObject();
        put(item, "name", port.name());
        item.put("protocol", port.protocol().name()).put("port", port.port());
      }
    }
    return document;
  }

  private static void put(ObjectNode object, String field, String value) {
    if (!value.isEmpty()) {
      object.put(field, value);
    }
  }

  private static String doubled(String part) {
    return part.replace("-", "--");
  }
}
