package io.ocicat.controller.reports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.DocumentStamp;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.Kinds;
import io.ocicat.model.KubeControllersConfiguration;
import io.ocicat.model.Node;
import io.ocicat.model.Profile;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a HostEndpoint for all interfaces of each node, if the cluster is configured so. One that
 * somebody else made under the same name is left alone.
 *
 * @see <a href="https://docs.tigera.io/calico/latest/network-policy/hosts/kubernetes-nodes">Calico:
 *     automatic host endpoints</a>
 */
final class AutoHostEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(AutoHostEndpoints.class);
  private static final String SUFFIX = "-auto-hep";
  private static final String CREATOR_LABEL = "projectcalico.org/created-by";
  private static final String CREATOR = "calico-kube-controllers";
  private static final String CONFIGURATION = "default";

  private final Store store;
  private final DocumentStamp stamp;

  AutoHostEndpoints(Store store, DocumentStamp stamp) {
    this.store = store;
    this.stamp = stamp;
  }

  /** Brings them to what nodes and configuration are now. */
  void settle() {
    boolean enabled = isEnabled();
    Map<ResourceKey, StoredObject> present = new TreeMap<>();
    for (StoredObject stored : store.snapshot(Selection.of(Kinds.HOST_ENDPOINT.name())).objects()) {
      present.put(stored.key(), stored);
    }
    Map<ResourceKey, Node> wanted = new TreeMap<>();
    if (enabled) {
      for (StoredObject stored : store.snapshot(Selection.of(Kinds.NODE.name())).objects()) {
        Node node = Node.read(stored.tree());
        wanted.put(ResourceKey.ofCluster(Kinds.HOST_ENDPOINT.name(), node.name() + SUFFIX), node);
      }
    }
    present.forEach(
        (key, stored) -> {
          if (isOurs(stored) && !wanted.containsKey(key)) {
            delete(stored);
          }
        });
    wanted.forEach(
        (key, node) -> {
          StoredObject stored = present.get(key);
          if (stored == null) {
            create(key, node);
          } else if (isOurs(stored)) {
            update(stored, node);
          }
        });
  }

  private boolean isEnabled() {
    return store
        .get(ResourceKey.ofCluster(Kinds.KUBE_CONTROLLERS_CONFIGURATION.name(), CONFIGURATION))
        .map(stored -> KubeControllersConfiguration.read(stored.tree()).autoHostEndpoints())
        .orElse(false);
  }

  private static boolean isOurs(StoredObject stored) {
    return stored.tree().at("/metadata/labels").path(CREATOR_LABEL).asText().equals(CREATOR);
  }

  private void create(ResourceKey key, Node node) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Kinds.HOST_ENDPOINT.apiVersion())
            .put("kind", Kinds.HOST_ENDPOINT.kind());
    document.putObject("metadata").put("name", key.name());
    fill(document, node);
    stamp.created(document);
    switch (store.create(key, document)) {
      case Written _ -> LOG.info("{} was made", key);
      case AlreadyExists _ -> LOG.debug("{} came while it was made", key);
    }
  }

  private void update(StoredObject stored, Node node) {
    ObjectNode document = stored.tree();
    fill(document, node);
    if (document.equals(stored.tree())) {
      return;
    }
    stamp.replacing(document, stored.tree());
    switch (store.update(stored.key(), document, Expected.revision(stored.revision()))) {
      case Written _ -> LOG.debug("{} follows its node", stored.key());
      case NotFound _, Conflict _ -> LOG.debug("{} changed while it was written", stored.key());
    }
  }

  private void delete(StoredObject stored) {
    switch (store.delete(stored.key(), Expected.revision(stored.revision()))) {
      case Written _ -> LOG.info("{} is not wanted any more", stored.key());
      case NotFound _, Conflict _ -> LOG.debug("{} changed while it was deleted", stored.key());
    }
  }

  private static void fill(ObjectNode document, Node node) {
    ObjectNode labels = document.withObject("/metadata").putObject("labels");
    new TreeMap<>(node.labels().asMap()).forEach(labels::put);
    labels.put(CREATOR_LABEL, CREATOR);
    ObjectNode spec = document.putObject("spec");
    spec.put("node", node.name()).put("interfaceName", HostEndpoint.ALL_INTERFACES);
    ArrayNode addresses = spec.putArray("expectedIPs");
    node.internalAddresses().forEach(address -> addresses.add(address.toString()));
    spec.putArray("profiles").add(Profile.DEFAULT_ALLOW);
  }
}
