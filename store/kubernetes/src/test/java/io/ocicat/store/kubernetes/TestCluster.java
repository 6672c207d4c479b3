package io.ocicat.store.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.KindName;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import io.ocicat.testkit.kubernetes.RealApiServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;

/** A real API server, as tests of the store use it. */
final class TestCluster implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);

  private final RealApiServer server;
  private final ApiServer admin;

  TestCluster(RealApiServer server) {
    this.server = server;
    this.admin = connect(server.adminToken());
  }

  /** A connection that may do everything. */
  ApiServer admin() {
    return admin;
  }

  ApiServer connect(String token) {
    return ClusterAccess.ofToken(server.uri(), server.certificates(), token);
  }

  /** A store on a connection of its own, started. */
  KubernetesStore open(Settings settings, MirroredKind... kinds) throws InterruptedException {
    KubernetesStore store = openUnstarted(server.adminToken(), settings, kinds);
    if (!store.awaitStarted(SOON)) {
      store.close();
      throw new AssertionError("not started: " + store.health());
    }
    return store;
  }

  KubernetesStore openUnstarted(String token, Settings settings, MirroredKind... kinds) {
    return KubernetesStore.open(
        connect(token), List.of(kinds), Set.of(), settings, InstantSource.system(), new Random(7));
  }

  /** A kind that takes any fields, and whose definition {@link #define} makes. */
  static MirroredKind anything(String group, String plural, String kind, boolean namespaced) {
    return new MirroredKind(
        new KindName(group, plural), List.of("v1"), kind, namespaced, false, Projection.WHOLE);
  }

  /** Defines a kind of the test's own, unless it is there, and waits until it is served. */
  void define(MirroredKind kind) throws Exception {
    try {
      admin.send(
          Verb.POST, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition(kind));
    } catch (ApiException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
    await(
        () -> {
          try {
            admin.get(kind.path("v1"));
            return true;
          } catch (ApiException _) {
            return false;
          }
        });
  }

  void undefine(MirroredKind kind) throws Exception {
    admin.send(
        Verb.DELETE,
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + kind.name(),
        JsonNodeFactory.instance.objectNode());
  }

  private static ObjectNode definition(MirroredKind kind) throws Exception {
    return (ObjectNode)
        Trees.parse(
            """
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
             "metadata": {"name": "%s"},
             "spec": {"group": "%s", "scope": "%s",
              "names": {"plural": "%s", "singular": "%s", "kind": "%s"},
              "versions": [{"name": "v1", "served": true, "storage": true,
               "subresources": {%s},
               "schema": {"openAPIV3Schema":
                 {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}
            """
                .formatted(
                    kind.name(),
                    kind.name().group(),
                    kind.namespaced() ? "Namespaced" : "Cluster",
                    kind.name().plural(),
                    kind.kind().toLowerCase(Locale.ROOT),
                    kind.kind(),
                    kind.hasStatus() ? "\"status\": {}" : ""));
  }

  /** Creates a namespace unless it is there. */
  void namespace(String name) throws Exception {
    try {
      admin.send(Verb.POST, "/api/v1/namespaces", object("v1", "Namespace", "", name));
    } catch (ApiException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  /** Deletes all objects of a kind, as somebody else would. */
  void clear(MirroredKind kind) throws Exception {
    for (var item : admin.get(kind.path(kind.versions().getFirst())).path("items")) {
      var metadata = item.path("metadata");
      ResourceKey key =
          new ResourceKey(
              kind.name(), metadata.path("namespace").asText(), metadata.path("name").asText());
      admin.send(Verb.DELETE, kind.path(key), JsonNodeFactory.instance.objectNode());
    }
  }

  static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.withObject("/metadata").put("name", name);
    if (!namespace.isEmpty()) {
      object.withObject("/metadata").put("namespace", namespace);
    }
    return object;
  }

  static ObjectNode tree(Map<String, String> fields) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    fields.forEach(tree::put);
    return tree;
  }

  /** Waits until something holds. */
  static void await(Callable<Boolean> condition) throws Exception {
    long endNs = System.nanoTime() + SOON.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > endNs) {
        throw new AssertionError("it did not come about within " + SOON);
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
