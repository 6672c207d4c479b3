package io.ocicat.controller.reports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.model.Kinds;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.Json;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.sync.NodeReport;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the addresses and the Ready condition of Node documents as the agents report. */
public final class NodeDocuments implements NodeReports {

  private static final Logger LOG = LoggerFactory.getLogger(NodeDocuments.class);
  private static final String HOSTNAME_LABEL = "kubernetes.io/hostname";

  private enum Readiness {
    TRUE("True", "AgentReady", "the agent wires pods and enforces policy"),
    FALSE("False", "AgentNotReady", ""),
    UNKNOWN("Unknown", "AgentUnreachable", "the agent has not been heard of");

    private final String status;
    private final String reason;
    private final String message;

    Readiness(String status, String reason, String message) {
      this.status = status;
      this.reason = reason;
      this.message = message;
    }
  }

  private final Store store;
  private final DocumentStamp stamp;

  public NodeDocuments(Store store, DocumentStamp stamp) {
    this.store = store;
    this.stamp = stamp;
  }

  /** Creates the node's document if there is none. */
  @Override
  public void report(String node, NodeReport report) {
    ResourceKey key = ResourceKey.ofCluster(Kinds.NODE.name(), node);
    if (store.get(key).isEmpty()) {
      ObjectNode document = newDocument(node, report);
      fill(document, node, report);
      stamp.created(document);
      switch (store.create(key, document)) {
        case Written _ -> {
          return;
        }
        case AlreadyExists _ -> LOG.debug("{} came while it was created", key);
      }
    }
    update(key, document -> fill(document, node, report));
  }

  @Override
  public void unreachable(String node) {
    update(
        ResourceKey.ofCluster(Kinds.NODE.name(), node),
        document -> setReady(document, Readiness.UNKNOWN, Readiness.UNKNOWN.message));
  }

  private void update(ResourceKey key, Consumer<ObjectNode> change) {
    while (true) {
      Optional<StoredObject> existing = store.get(key);
      if (existing.isEmpty()) {
        return;
      }
      ObjectNode document = existing.get().tree();
      change.accept(document);
      if (Json.text(document).equals(existing.get().json())) {
        return;
      }
      switch (store.update(key, document, Expected.revision(existing.get().revision()))) {
        case Written _, NotFound _ -> {
          return;
        }
        case Conflict _ -> LOG.debug("{} changed while it was written", key);
      }
    }
  }

  private ObjectNode newDocument(String node, NodeReport report) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Kinds.NODE.apiVersion())
            .put("kind", Kinds.NODE.kind());
    ObjectNode labels = document.putObject("metadata").put("name", node).putObject("labels");
    labels.put(HOSTNAME_LABEL, node);
    report.labels().forEach(labels::put);
    document.putObject("spec");
    return document;
  }

  private void fill(ObjectNode document, String node, NodeReport report) {
    ArrayNode addresses = document.withObject("/status").putArray("addresses");
    report
        .addresses()
        .forEach(
            address ->
                addresses.addObject().put("type", "InternalIP").put("address", address.toString()));
    addresses.addObject().put("type", "Hostname").put("address", node);
    if (report.ready()) {
      setReady(document, Readiness.TRUE, Readiness.TRUE.message);
    } else {
      setReady(document, Readiness.FALSE, String.join("; ", report.problems()));
    }
  }

  private void setReady(ObjectNode document, Readiness readiness, String message) {
    ArrayNode conditions = document.withObject("/status").withArray("conditions");
    for (JsonNode each : conditions) {
      if (each instanceof ObjectNode condition && condition.path("type").asText().equals("Ready")) {
        if (!condition.path("status").asText().equals(readiness.status)) {
          condition.put("lastTransitionTime", stamp.now());
        }
        describe(condition, readiness, message);
        return;
      }
    }
    ObjectNode condition = conditions.addObject().put("type", "Ready");
    describe(condition, readiness, message);
    condition.put("lastTransitionTime", stamp.now());
  }

  private static void describe(ObjectNode condition, Readiness readiness, String message) {
    condition
        .put("status", readiness.status)
        .put("reason", readiness.reason)
        .put("message", message);
  }
}
