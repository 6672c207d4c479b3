package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which part of a kind's documents the mirror keeps, so that memory is spent on what is used.
 *
 * <p>A write of a mirrored object is a patch of the difference, so what the mirror does not have
 * stays on the server as it was. Only lists cannot be patched in part: those that a projection
 * shortens cannot be written.
 *
 * @param shape turns a document, which it may change, into what is kept
 * @param shortened JSON pointers of the lists that lose something
 */
public record Projection(UnaryOperator<ObjectNode> shape, List<String> shortened) {
  private static final Set<String> POD_METADATA =
      Set.of(
          "name",
          "namespace",
          "uid",
          "labels",
          "annotations",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "finalizers");

  /** Annotations of pods that address management, wiring or policy read. */
  private static final List<String> POD_ANNOTATIONS =
      List.of(
          "cni.projectcalico.org/",
          "projectcalico.org/",
          "qos.projectcalico.org/",
          "kubernetes.io/config.mirror",
          "kubernetes.io/ingress-bandwidth",
          "kubernetes.io/egress-bandwidth");

  private static final Set<String> POD_SPEC =
      Set.of("nodeName", "hostNetwork", "serviceAccountName", "containers", "initContainers");
  private static final Set<String> CONTAINER = Set.of("name", "ports", "restartPolicy");
  private static final Set<String> ENDPOINT =
      Set.of("addresses", "conditions", "nodeName", "topology", "targetRef");
  private static final Set<String> POD_STATUS = Set.of("phase", "podIP", "podIPs", "hostIP");

  /** Keeps everything. */
  public static final Projection WHOLE = new Projection(UnaryOperator.identity(), List.of());

  /**
   * Of pods: names, labels, annotations about the network, times; node, host network, service
   * account and containers' ports; phase and addresses.
   */
  public static final Projection POD =
      new Projection(Projection::pod, List.of("/spec/containers", "/spec/initContainers"));

  /**
   * Of nodes: all but the lists of images and volumes and the times of heartbeats, which would make
   * every node a change every few minutes.
   */
  public static final Projection NODE =
      new Projection(Projection::node, List.of("/status/conditions"));

  /** Of slices of endpoints: all but zones, hints and the like. */
  public static final Projection ENDPOINT_SLICE =
      new Projection(Projection::endpointSlice, List.of("/endpoints"));

  /** Of service accounts: the metadata. */
  public static final Projection METADATA =
      new Projection(
          document -> document.retain(Set.of("apiVersion", "kind", "metadata")), List.of());

  /** Copies the list. */
  public Projection {
    shortened = List.copyOf(shortened);
  }

  /**
   * Refuses a patch of what this projection has only in part.
   *
   * @throws IllegalStateException if it has one of the shortened lists
   */
  void requireWritable(ObjectNode patch) {
    for (String pointer : shortened) {
      if (!patch.at(pointer).isMissingNode()) {
        throw new IllegalStateException(
            pointer + " is mirrored only in part and cannot be written through the store");
      }
    }
  }

  private static ObjectNode pod(ObjectNode pod) {
    pod.retain(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    if (pod.get("metadata") instanceof ObjectNode metadata) {
      metadata.retain(POD_METADATA);
      if (metadata.get("annotations") instanceof ObjectNode annotations) {
        annotations.retain(
            annotations
                .propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> POD_ANNOTATIONS.stream().anyMatch(name::startsWith))
                .toList());
        if (annotations.isEmpty()) {
          metadata.remove("annotations");
        }
      }
    }
    if (pod.get("spec") instanceof ObjectNode spec) {
      spec.retain(POD_SPEC);
      for (String list : List.of("containers", "initContainers")) {
        if (spec.get(list) instanceof ArrayNode containers) {
          spec.set(list, withPorts(containers));
        }
      }
    }
    if (pod.get("status") instanceof ObjectNode status) {
      status.retain(POD_STATUS);
    }
    return pod;
  }

  /** The containers that have ports, which only matter where they have names. */
  private static ArrayNode withPorts(ArrayNode containers) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : containers) {
      if (each instanceof ObjectNode container && container.has("ports")) {
        kept.add(container.retain(CONTAINER));
      }
    }
    return kept;
  }

  private static ObjectNode endpointSlice(ObjectNode slice) {
    for (JsonNode each : slice.path("endpoints")) {
      if (each instanceof ObjectNode endpoint) {
        endpoint.retain(ENDPOINT);
        if (endpoint.get("topology") instanceof ObjectNode topology) {
          topology.retain("kubernetes.io/hostname");
        }
        if (endpoint.get("targetRef") instanceof ObjectNode target) {
          target.retain("kind", "namespace", "name");
        }
      }
    }
    return slice;
  }

  private static ObjectNode node(ObjectNode node) {
    if (node.get("status") instanceof ObjectNode status) {
      status.remove(List.of("images", "volumesInUse", "volumesAttached"));
      for (JsonNode each : status.path("conditions")) {
        if (each instanceof ObjectNode condition) {
          condition.remove("lastHeartbeatTime");
        }
      }
    }
    return node;
  }
}
