package io.ocicat.controller.reports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.reports.Inspections.Standing;
import io.ocicat.model.Kinds;
import io.ocicat.model.PolicyInspection;
import io.ocicat.store.Conflict;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.sync.Notice;
import io.ocicat.sync.PolicyRef;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what nodes answered into the status of inspections. */
final class InspectionDocuments {

  private static final Logger LOG = LoggerFactory.getLogger(InspectionDocuments.class);

  /** Of all nodes: an object must not grow beyond what API servers take. */
  private static final int MOST_COUNTERS = 5000;

  private final Store store;

  InspectionDocuments(Store store) {
    this.store = store;
  }

  void write(Standing standing) {
    ResourceKey key = key(standing);
    while (true) {
      Optional<StoredObject> existing = find(standing);
      if (existing.isEmpty()) {
        return;
      }
      ObjectNode document = existing.get().tree();
      document.set("status", status(document, standing));
      switch (store.update(key, document, Expected.revision(existing.get().revision()))) {
        case Written _, NotFound _ -> {
          return;
        }
        case Conflict _ -> LOG.debug("{} changed while it was written", key);
      }
    }
  }

  void delete(Standing standing) {
    Optional<StoredObject> existing = find(standing);
    if (existing.isPresent()) {
      DeleteResult _ = store.delete(key(standing), Expected.revision(existing.get().revision()));
    }
  }

  private Optional<StoredObject> find(Standing standing) {
    return store
        .get(key(standing))
        .filter(object -> object.tree().at("/metadata/uid").asText().equals(standing.uid()));
  }

  private static ResourceKey key(Standing standing) {
    return ResourceKey.ofCluster(Kinds.POLICY_INSPECTION.name(), standing.name());
  }

  private static ObjectNode status(ObjectNode document, Standing standing) {
    ObjectNode status = document.objectNode();
    status
        .put("observedGeneration", document.at("/metadata/generation").asLong())
        .put("phase", standing.isComplete() ? PolicyInspection.COMPLETE : PolicyInspection.RUNNING);
    ArrayNode waitingFor = status.putArray("waitingFor");
    standing.waitingFor().forEach(waitingFor::add);
    ArrayNode nodes = status.putArray("nodes");
    int room = MOST_COUNTERS;
    for (Map.Entry<String, Notice.Inspected> each : standing.answers().entrySet()) {
      Notice.Inspected answer = each.getValue();
      ObjectNode node = nodes.addObject();
      node.put("name", each.getKey())
          .put("generation", answer.generation())
          .put("verified", answer.differenceCount() == 0);
      answer.differences().forEach(node.putArray("differences")::add);
      node.put("differenceCount", answer.differenceCount()).put("repaired", answer.repaired());
      answer.lastRepaired().forEach(node.putArray("lastRepaired")::add);
      ArrayNode counters = node.putArray("counters");
      answer.counts().stream().limit(room).forEach(count -> write(count, counters.addObject()));
      room -= counters.size();
    }
    return status;
  }

  /** Empty fields are left out, as the API server's patches have it. */
  private static void write(Notice.RuleCount count, ObjectNode json) {
    PolicyRef policy = count.policy();
    json.put("kind", policy.kind()).put("name", policy.name()).put("direction", count.direction());
    if (!policy.namespace().isEmpty()) {
      json.put("namespace", policy.namespace());
    }
    if (!count.rule().isEmpty()) {
      json.put("rule", count.rule());
    }
    json.put("packets", count.packets()).put("bytes", count.bytes());
  }
}
