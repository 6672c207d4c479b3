package io.ocicat.controller.reports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.model.Allocatable;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.Json;
import io.ocicat.store.NotFound;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the status of IPPool documents. */
final class PoolDocuments {

  private static final Logger LOG = LoggerFactory.getLogger(PoolDocuments.class);

  private final Store store;
  private final DocumentStamp stamp;

  PoolDocuments(Store store, DocumentStamp stamp) {
    this.store = store;
    this.stamp = stamp;
  }

  /**
   * Judges every pool next to those that are older. A pool that changes meanwhile is judged again
   * for that change.
   */
  void judge() {
    List<IpPool> elders = new ArrayList<>();
    for (StoredObject stored :
        store.snapshot(Selection.of(Kinds.IP_POOL.name())).objects().stream()
            .sorted(Comparator.comparingLong(StoredObject::createRevision))
            .toList()) {
      try {
        IpPool pool = IpPool.read(stored.tree());
        write(stored, Allocatable.of(pool, elders));
        elders.add(pool);
      } catch (UnreadableDocumentException e) {
        LOG.warn("{} has no status: {}", stored.key(), e.getMessage());
      }
    }
  }

  private void write(StoredObject stored, Allocatable condition) {
    ObjectNode document = stored.tree();
    condition.writeInto(document, stamp.now());
    if (Json.text(document).equals(stored.json())) {
      return;
    }
    switch (store.update(stored.key(), document, Expected.revision(stored.revision()))) {
      case Written _ -> LOG.debug("{} is {}", stored.key(), condition.reason());
      case NotFound _, Conflict _ -> LOG.debug("{} changed while it was judged", stored.key());
    }
  }
}
