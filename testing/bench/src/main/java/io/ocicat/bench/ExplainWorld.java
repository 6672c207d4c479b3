package io.ocicat.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiClient.Attempt;
import io.ocicat.model.Pod;
import io.ocicat.policy.PolicyPod;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * The documents of a {@link PolicyWorld}: of its policies half are NetworkPolicies of namespaces,
 * and half GlobalNetworkPolicies, which every answer has to look at.
 */
record ExplainWorld(PolicyWorld world) {

  static final int PORT = 8080;

  private static final int NODES = 100;
  private static final int AT_ONCE = 4;

  /** A document and the collection that it is created in. */
  record Placed(String collection, ObjectNode document) {}

  static Placed namespace(int index) {
    ObjectNode document = document("v1", "Namespace", "", PolicyWorld.namespace(index));
    put(metadata(document), PolicyWorld.namespaceLabels(index));
    return new Placed("/api/v1/namespaces", document);
  }

  Placed pod(int index) {
    PolicyPod pod = world.pod(index);
    String namespace = pod.name().namespace();
    ObjectNode document = document("v1", "Pod", namespace, pod.name().name());
    put(metadata(document), pod.labels());
    metadata(document)
        .putObject("annotations")
        .put(Pod.POD_IPS, pod.addresses().getFirst().toHostCidr().toString());
    ObjectNode spec = document.putObject("spec").put("nodeName", "node-" + index % NODES);
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "main").put("image", "example.org/main");
    container.putArray("ports").addObject().put("name", "http").put("containerPort", PORT);
    return new Placed("/api/v1/namespaces/" + namespace + "/pods", document);
  }

  Placed policy(int index) {
    return index % 2 == 0 ? ofNamespace(index / 2) : global(index / 2);
  }

  private Placed ofNamespace(int index) {
    String namespace = PolicyWorld.namespace(index % world.namespaces());
    int application = index / world.namespaces();
    ObjectNode document =
        document("networking.k8s.io/v1", "NetworkPolicy", namespace, "policy-" + index);
    ObjectNode spec = document.putObject("spec");
    app(spec.putObject("podSelector"), application);
    spec.putArray("policyTypes").add("Ingress");
    ObjectNode rule = spec.putArray("ingress").addObject();
    ArrayNode from = rule.putArray("from");
    app(from.addObject().putObject("podSelector"), application + 1);
    from.addObject()
        .putObject("namespaceSelector")
        .putObject("matchLabels")
        .put("team", "team-" + index % 10);
    rule.putArray("ports").addObject().put("protocol", "TCP").put("port", PORT);
    return new Placed(
        "/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies", document);
  }

  private static void app(ObjectNode selector, int application) {
    selector.putObject("matchLabels").put("app", "app-" + application % 20);
  }

  private static Placed global(int index) {
    ObjectNode document =
        document("projectcalico.org/v3", "GlobalNetworkPolicy", "", "policy-" + index);
    ObjectNode spec = document.putObject("spec");
    spec.put("order", index).put("selector", "role == 'role-%d'".formatted(index));
    spec.putArray("types").add("Ingress");
    ObjectNode rule = spec.putArray("ingress").addObject();
    rule.put("action", "Allow").put("protocol", "TCP");
    rule.putObject("source").put("selector", "app == 'app-%d'".formatted(index % 20));
    rule.putObject("destination").putArray("ports").add(PORT);
    return new Placed("/apis/projectcalico.org/v3/globalnetworkpolicies", document);
  }

  private static ObjectNode document(
      String apiVersion, String kind, String namespace, String name) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = document.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return document;
  }

  private static ObjectNode metadata(ObjectNode document) {
    return document.withObjectProperty("metadata");
  }

  private static void put(ObjectNode metadata, Labels labels) {
    ObjectNode written = metadata.putObject("labels");
    labels.asMap().forEach(written::put);
  }

  /** Creates all of it. */
  void create(ApiClient api) {
    create(api, world.namespaces(), ExplainWorld::namespace);
    create(api, world.pods(), this::pod);
    create(api, world.policies(), this::policy);
  }

  private static void create(ApiClient api, int count, IntFunction<Placed> documents) {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Placed each = documents.apply(i);
        all.add(
            threads.submit(
                () ->
                    api.create(
                        new Attempt("create at " + each.collection(), each.collection()),
                        each.document())));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating documents", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the API refused a document", e);
    }
  }
}
