package io.ocicat.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pod, as far as the network needs it.
 *
 * @param metadata name, namespace, labels
 * @param nodeName the node it is bound to; empty while it is bound to none
 * @param hostNetwork whether it uses the node's own network: such a pod is the node, not a pod, to
 *     policies
 * @param serviceAccountName the service account; {@code default} if the document names none
 * @param ports the ports of all containers, init containers included
 * @param phase where it stands in its life
 * @param addresses its addresses, the primary one first; those in its annotations if it has them,
 *     else those of its status
 */
public record Pod(
    Metadata metadata,
    String nodeName,
    boolean hostNetwork,
    String serviceAccountName,
    List<ContainerPort> ports,
    Phase phase,
    List<IpAddress> addresses) {

  /** Annotation with the primary address, as {@code address/length}. */
  public static final String POD_IP = "cni.projectcalico.org/podIP";

  /** Annotation with all addresses, as {@code address/length} with commas between. */
  public static final String POD_IPS = "cni.projectcalico.org/podIPs";

  /** Annotation with the id of the sandbox to which the addresses were given. */
  public static final String CONTAINER_ID = "cni.projectcalico.org/containerID";

  /** Annotation of the object that stands for a static pod, with the uid that its kubelet gave. */
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /**
   * A port that a container declares.
   *
   * @param name by which policies may call it; empty if it has none
   * @param protocol the transport
   * @param port 1 to 65535
   */
  public record ContainerPort(String name, Protocol protocol, int port) {}

  /** Where a pod stands in its life. */
  public enum Phase {
    /** Accepted, not yet running; also when the document says nothing. */
    PENDING("Pending"),
    /** At least one container runs. */
    RUNNING("Running"),
    /** All containers ended well. */
    SUCCEEDED("Succeeded"),
    /** All containers ended, one of them badly. */
    FAILED("Failed"),
    /** Its node cannot be asked. */
    UNKNOWN("Unknown");

    private final String documentName;

    Phase(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in documents. */
    public String documentName() {
      return documentName;
    }

    private static Phase named(String name) {
      for (Phase phase : values()) {
        if (phase.documentName.equals(name)) {
          return phase;
        }
      }
      return PENDING;
    }
  }

  /** Copies the lists. */
  public Pod {
    ports = List.copyOf(ports);
    addresses = List.copyOf(addresses);
  }

  /** Reads a document of kind Pod; addresses and ports that cannot be read are left out. */
  public static Pod read(JsonNode document) {
    Fields spec = Fields.of(document).at("spec");
    Fields status = Fields.of(document).at("status");
    String account = spec.text("serviceAccountName", spec.text("serviceAccount"));
    Metadata metadata = Metadata.read(document);
    return new Pod(
        metadata,
        spec.text("nodeName"),
        spec.flag("hostNetwork"),
        account.isEmpty() ? "default" : account,
        portsOf(spec),
        Phase.named(status.text("phase")),
        annotatedAddresses(metadata.annotations()).orElseGet(() -> addressesOf(status)));
  }

  /**
   * The uid that runtimes are told: the object's, or for a static pod, whose object the kubelet
   * made afterwards, the one that the kubelet uses.
   */
  public String runtimeUid() {
    return metadata.annotations().getOrDefault(MIRROR, metadata.uid());
  }

  /** Whether it is the pod with that {@link #runtimeUid}; nothing is known of an empty one. */
  public boolean isPod(String uid) {
    return uid.isEmpty() || runtimeUid().isEmpty() || uid.equals(runtimeUid());
  }

  /** The name. */
  public String name() {
    return metadata.name();
  }

  /** The namespace. */
  public String namespace() {
    return metadata.namespace();
  }

  /** The labels. */
  public Labels labels() {
    return metadata.labels();
  }

  /**
   * Whether its addresses belong to it: an ended pod has given them back, and a host-network pod's
   * are the node's.
   */
  public boolean isOnPodNetwork() {
    return !hostNetwork && phase != Phase.SUCCEEDED && phase != Phase.FAILED;
  }

  private static List<ContainerPort> portsOf(Fields spec) {
    List<ContainerPort> ports = new ArrayList<>();
    for (String containers : List.of("containers", "initContainers")) {
      for (Fields container : spec.list(containers)) {
        for (Fields port : container.list("ports")) {
          int number = port.number("containerPort", 0);
          Protocol.named(port.text("protocol", "TCP"))
              .filter(_ -> number > 0 && number <= 65535)
              .ifPresent(p -> ports.add(new ContainerPort(port.text("name"), p, number)));
        }
      }
    }
    return ports;
  }

  /** What was wired, which is known before any status; empty text: it has been given back. */
  private static Optional<List<IpAddress>> annotatedAddresses(Map<String, String> annotations) {
    String text = annotations.getOrDefault(POD_IPS, annotations.get(POD_IP));
    return Optional.ofNullable(text)
        .map(
            list ->
                Arrays.stream(list.split(",", -1))
                    .flatMap(each -> IpAddress.tryParse(each.strip().split("/", 2)[0]).stream())
                    .distinct()
                    .toList());
  }

  private static List<IpAddress> addressesOf(Fields status) {
    Set<IpAddress> addresses = new LinkedHashSet<>();
    status.address("podIP").ifPresent(addresses::add);
    status.list("podIPs").forEach(each -> each.address("ip").ifPresent(addresses::add));
    return List.copyOf(addresses);
  }
}
