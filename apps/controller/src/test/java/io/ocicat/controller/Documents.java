package io.ocicat.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Expected;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.Written;

/** Short documents for tests, and their way into a store. */
public final class Documents {

  private Documents() {}

  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Creates or replaces; answers the revision. */
  public static long put(Store store, ResourceKey key, ObjectNode document) {
    return switch (store.create(key, document)) {
      case Written(var object) -> object.revision();
      case AlreadyExists _ ->
          switch (store.update(key, document, Expected.any())) {
            case Written(var object) -> object.revision();
            default -> throw new IllegalStateException("nobody else writes here");
          };
    };
  }

  public static void delete(Store store, ResourceKey key) {
    store.delete(key, Expected.any());
  }

  public static ResourceKey namespaceKey(String name) {
    return ResourceKey.ofCluster(Kinds.NAMESPACE.name(), name);
  }

  public static ObjectNode namespace(String name, String labels) {
    return json(
        """
        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s","labels":{%s}}}"""
            .formatted(name, labels));
  }

  public static ResourceKey podKey(String namespace, String name) {
    return new ResourceKey(Kinds.POD.name(), namespace, name);
  }

  /**
   * @param labels the inside of a JSON object
   * @param spec further fields, each after a comma; so {@code status}
   */
  public static ObjectNode pod(
      String namespace, String name, String node, String labels, String spec, String status) {
    return json(
        """
        {"apiVersion":"v1","kind":"Pod",
         "metadata":{"name":"%s","namespace":"%s","uid":"u-%s","labels":{%s}},
         "spec":{"nodeName":"%s","containers":[{"name":"c","ports":[
           {"name":"http","containerPort":80}]}]%s},
         "status":{"phase":"Running"%s}}"""
            .formatted(name, namespace, name, labels, node, spec, status));
  }

  public static ResourceKey nodeKey(String name) {
    return ResourceKey.ofCluster(Kinds.NODE.name(), name);
  }

  public static ObjectNode node(String name, String labels, String address) {
    return json(
        """
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"%s","labels":{%s}},
         "status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}"""
            .formatted(name, labels, address));
  }

  public static ResourceKey poolKey(String name) {
    return ResourceKey.ofCluster(Kinds.IP_POOL.name(), name);
  }

  /**
   * @param rest further fields of the spec, each after a comma
   */
  public static ObjectNode pool(String name, String cidr, String rest) {
    return json(
        """
        {"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"%s"},
         "spec":{"cidr":"%s"%s}}"""
            .formatted(name, cidr, rest));
  }

  public static ResourceKey policyKey(String namespace, String name) {
    return new ResourceKey(Kinds.NETWORK_POLICY.name(), namespace, name);
  }

  /**
   * @param from one peer of an ingress rule
   */
  public static ObjectNode policy(String namespace, String name, String from, String ports) {
    return json(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
         "metadata":{"name":"%s","namespace":"%s"},
         "spec":{"podSelector":{},"policyTypes":["Ingress"],
                 "ingress":[{"from":[%s]%s}]}}"""
            .formatted(name, namespace, from, ports));
  }
}
