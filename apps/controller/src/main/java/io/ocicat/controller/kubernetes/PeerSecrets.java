package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.BgpConfiguration;
import io.ocicat.model.BgpPeer;
import io.ocicat.model.Kinds;
import io.ocicat.model.SecretKey;
import io.ocicat.model.UnreadableDocumentException;
import io.ocicat.store.Conflict;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.Written;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The passwords of BGP sessions: of the namespace's Secrets those that BGPPeers and
 * BGPConfigurations name, and of these the named keys, are put into the store, where they are kept
 * in memory alone. They are asked for one by one, so that the right to read those is enough.
 */
final class PeerSecrets implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeerSecrets.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);
  private static final Selection NAMING =
      Selection.of(Kinds.BGP_PEER.name(), Kinds.BGP_CONFIGURATION.name());

  private final ApiServer server;
  private final Store store;
  private final String namespace;
  private final Set<String> refused = new HashSet<>();
  private final Thread thread;

  PeerSecrets(ApiServer server, Store store, String namespace) {
    this.server = server;
    this.store = store;
    this.namespace = namespace;
    this.thread = Thread.ofPlatform().name("peer-secrets").unstarted(this::run);
  }

  /** Reads them once, and then now and again. */
  static PeerSecrets start(ApiServer server, Store store, String namespace) {
    PeerSecrets secrets = new PeerSecrets(server, store, namespace);
    try {
      // Before agents are told what there is: one without them would end its sessions.
      secrets.readAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    secrets.thread.start();
    return secrets;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        readAll();
      }
    } catch (InterruptedException e) {
      LOG.debug("passwords of BGP sessions are no longer looked after");
    }
  }

  /** Brings the store up to date with the server; what cannot be read stays as it was. */
  void readAll() throws InterruptedException {
    try {
      Map<String, Set<String>> wanted = wanted();
      for (StoredObject each : store.snapshot(Selection.of(Kinds.SECRET.name())).objects()) {
        if (!wanted.containsKey(each.key().name())) {
          drop(each.key());
        }
      }
      for (Map.Entry<String, Set<String>> each : wanted.entrySet()) {
        read(each.getKey(), each.getValue());
      }
      refused.retainAll(wanted.keySet());
    } catch (StoreException e) {
      LOG.warn("passwords of BGP sessions were not read: {}", e.getMessage());
    }
  }

  /** The keys that are named, by Secret. */
  private Map<String, Set<String>> wanted() {
    Map<String, Set<String>> wanted = new TreeMap<>();
    for (StoredObject each : store.snapshot(NAMING).objects()) {
      named(each)
          .ifPresent(
              secret ->
                  wanted.computeIfAbsent(secret.secret(), _ -> new HashSet<>()).add(secret.key()));
    }
    return wanted;
  }

  private static Optional<SecretKey> named(StoredObject object) {
    try {
      return object.key().kind().equals(Kinds.BGP_PEER.name())
          ? BgpPeer.read(object.tree()).password()
          : BgpConfiguration.read(object.tree()).meshPassword();
    } catch (UnreadableDocumentException | IllegalArgumentException _) {
      return Optional.empty(); // told elsewhere, of the document
    }
  }

  private void read(String name, Set<String> keys) throws InterruptedException {
    ResourceKey key = new ResourceKey(Kinds.SECRET.name(), namespace, name);
    try {
      ObjectNode secret = server.get("/api/v1/namespaces/" + namespace + "/secrets/" + name);
      refused.remove(name);
      keep(key, cut(secret, keys));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        drop(key);
      } else if (refused.add(name)) {
        LOG.warn(
            "Secret {}/{}, which is named for BGP sessions, cannot be read: {}{}",
            namespace,
            name,
            e.getMessage(),
            e.isForbidden() ? "; the chart's value bgpPasswords lists those that may be" : "");
      }
    }
  }

  private ObjectNode cut(ObjectNode secret, Set<String> keys) {
    ObjectNode kept =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Kinds.SECRET.apiVersion())
            .put("kind", Kinds.SECRET.kind());
    JsonNode metadata = secret.path("metadata");
    kept.putObject("metadata")
        .put("name", metadata.path("name").asText())
        .put("namespace", namespace)
        .put("uid", metadata.path("uid").asText());
    ObjectNode data = kept.putObject("data");
    secret.path("data").properties().stream()
        .filter(each -> keys.contains(each.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))
        .forEach(data::set);
    return kept;
  }

  private void keep(ResourceKey key, ObjectNode secret) {
    Optional<StoredObject> before = store.get(key);
    if (before.isEmpty()) {
      CreateResult _ = store.create(key, secret);
      return;
    }
    switch (store.update(key, secret, Expected.revision(before.get().revision()))) {
      case Written _ -> {}
      case Conflict _, NotFound _ -> LOG.debug("{} is read by somebody else, too", key);
    }
  }

  private void drop(ResourceKey key) {
    Optional<StoredObject> before = store.get(key);
    if (before.isPresent()) {
      DeleteResult _ = store.delete(key, Expected.revision(before.get().revision()));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(CLOSE_DEADLINE)) {
        LOG.warn("a Secret was still being read after {}", CLOSE_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
