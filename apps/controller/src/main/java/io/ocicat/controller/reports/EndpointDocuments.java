package io.ocicat.controller.reports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.Metadata;
import io.ocicat.model.Pod;
import io.ocicat.model.Protocol;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.model.WorkloadEndpoint;
import io.ocicat.selector.Labels;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.FromAgent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps WorkloadEndpoint documents as the agents report. For one thread.
 *
 * <p>A pod that was deleted and made again on its node has the same document name: the document is
 * that of the container reported last, and the end of the earlier one does not remove it.
 */
final class EndpointDocuments {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointDocuments.class);
  private static final String DEFAULT_NAMESPACE = "default";

  /** What a document was last written from; empty if an earlier life of the controller wrote it. */
  private record Owned(ResourceKey document, Optional<Endpoint> endpoint) {}

  private final Store store;
  private final DocumentStamp stamp;
  private final Map<String, Map<EndpointKey, Owned>> byNode = new HashMap<>();
  private final Map<ResourceKey, EndpointKey> owners = new HashMap<>();

  EndpointDocuments(Store store, DocumentStamp stamp, List<StoredObject> existing) {
    this.store = store;
    this.stamp = stamp;
    for (StoredObject object : existing) {
      try {
        WorkloadEndpoint.Workload workload = WorkloadEndpoint.read(object.tree()).workload();
        EndpointKey key = new EndpointKey(workload.containerId(), workload.interfaceName());
        own(workload.node(), key, new Owned(object.key(), Optional.empty()));
      } catch (UnreadableDocumentException e) {
        LOG.warn("{} is not watched over: {}", object.key(), e.getMessage());
      }
    }
  }

  private void own(String node, EndpointKey key, Owned owned) {
    Map<EndpointKey, Owned> ofNode = byNode.computeIfAbsent(node, _ -> new HashMap<>());
    EndpointKey before = owners.put(owned.document(), key);
    if (before != null && !before.equals(key)) {
      ofNode.remove(before);
    }
    ofNode.put(key, owned);
  }

  void report(String node, FromAgent.Endpoints report) {
    if (report.full()) {
      Set<EndpointKey> gone = new HashSet<>(byNode.getOrDefault(node, Map.of()).keySet());
      report.up().forEach(endpoint -> gone.remove(endpoint.key()));
      gone.forEach(key -> down(node, key));
    }
    report.down().forEach(key -> down(node, key));
    report.up().forEach(endpoint -> up(node, endpoint));
  }

  /** Removes all documents of a node. */
  void forget(String node) {
    Set.copyOf(byNode.getOrDefault(node, Map.of()).keySet()).forEach(key -> down(node, key));
  }

  private void up(String node, Endpoint endpoint) {
    Owned before = byNode.getOrDefault(node, Map.of()).get(endpoint.key());
    if (before != null && before.endpoint().equals(Optional.of(endpoint))) {
      return;
    }
    WorkloadEndpoint document = document(node, endpoint);
    ResourceKey key =
        new ResourceKey(Kinds.WORKLOAD_ENDPOINT.name(), document.namespace(), document.name());
    if (before != null && !before.document().equals(key)) {
      down(node, endpoint.key());
    }
    write(key, document);
    own(node, endpoint.key(), new Owned(key, Optional.of(endpoint)));
  }

  private void write(ResourceKey key, WorkloadEndpoint endpoint) {
    while (true) {
      ObjectNode document = endpoint.document();
      Optional<StoredObject> existing = store.get(key);
      if (existing.isEmpty()) {
        stamp.created(document);
        switch (store.create(key, document)) {
          case Written _ -> {
            return;
          }
          case AlreadyExists _ -> LOG.debug("{} came while it was created", key);
        }
      } else {
        ObjectNode before = existing.get().tree();
        if (before.at("/metadata/annotations") instanceof ObjectNode annotations) {
          annotations.remove(WorkloadEndpoint.POD_UID);
        }
        stamp.replacing(document, before);
        switch (store.update(key, document, Expected.revision(existing.get().revision()))) {
          case Written _ -> {
            return;
          }
          case Conflict _, NotFound _ -> LOG.debug("{} changed while it was written", key);
        }
      }
    }
  }

  private void down(String node, EndpointKey key) {
    Map<EndpointKey, Owned> ofNode = byNode.getOrDefault(node, new HashMap<>());
    Owned owned = ofNode.remove(key);
    if (ofNode.isEmpty()) {
      byNode.remove(node);
    }
    if (owned != null && owners.remove(owned.document(), key)) {
      store.delete(owned.document(), Expected.any());
    }
  }

  private static WorkloadEndpoint document(String node, Endpoint endpoint) {
    WorkloadEndpoint.Workload workload =
        new WorkloadEndpoint.Workload(
            endpoint.pod().isEmpty() ? "cni" : "k8s",
            node,
            endpoint.pod(),
            endpoint.key().containerId(),
            endpoint.key().interfaceName(),
            "");
    String namespace = endpoint.namespace().isEmpty() ? DEFAULT_NAMESPACE : endpoint.namespace();
    Metadata metadata =
        Metadata.of(namespace, WorkloadEndpoint.nameFor(workload))
            .withLabels(new Labels(endpoint.labels()))
            .withAnnotations(
                endpoint.podUid().isEmpty()
                    ? Map.of()
                    : Map.of(WorkloadEndpoint.POD_UID, endpoint.podUid()));
    return new WorkloadEndpoint(
        metadata,
        workload,
        endpoint.addresses().stream().map(IpAddress::toHostCidr).toList(),
        endpoint.hostInterface(),
        endpoint.mac(),
        endpoint.ports().stream()
            .flatMap(
                port ->
                    Protocol.named(port.protocol()).stream()
                        .map(protocol -> new Pod.ContainerPort(port.name(), protocol, port.port())))
            .toList());
  }
}
