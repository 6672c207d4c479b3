package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.controller.PodLookup;
import io.ocicat.controller.reports.PodReports;
import io.ocicat.model.Kinds;
import io.ocicat.model.Pod;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.StoredObject;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.Retries;
import io.ocicat.sync.Endpoint;
import io.ocicat.sync.EndpointKey;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.PodName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes on pods which addresses they have, as soon as they have them: the kubelet's status comes
 * seconds later, and policies on other nodes, and whoever leads next, need not wait for it. When an
 * address is given back, the annotation is emptied, since a pod may stay for long after that.
 */
public final class PodAnnotations implements PodReports, PodLookup {

  private static final Logger LOG = LoggerFactory.getLogger(PodAnnotations.class);

  /** The interface that Kubernetes knows of. */
  private static final String PRIMARY = "eth0";

  private final Store store;
  private final Calls calls;
  private final Calls questions;
  private final Map<String, Map<EndpointKey, PodName>> byNode = new HashMap<>();

  /**
   * @param random for pauses between attempts
   */
  public PodAnnotations(Store store, ApiServer server, RandomGenerator random) {
    this.store = store;
    this.calls = new Calls(server, new Retries(Calls.WRITERS_PATIENCE, random));
    // Whoever asks waits for the answer, and asks again.
    this.questions = new Calls(server, Retries.once());
  }

  @Override
  public void report(String node, FromAgent.Endpoints report) {
    Map<EndpointKey, PodName> known = byNode.computeIfAbsent(node, _ -> new HashMap<>());
    Set<EndpointKey> gone = new HashSet<>(report.down());
    if (report.full()) {
      gone.addAll(known.keySet());
      report.up().forEach(endpoint -> gone.remove(endpoint.key()));
    }
    for (EndpointKey key : gone) {
      PodName name = known.remove(key);
      if (name != null) {
        down(key, name);
      }
    }
    for (Endpoint endpoint : report.up()) {
      if (!endpoint.pod().isEmpty() && endpoint.key().interfaceName().equals(PRIMARY)) {
        PodName name = new PodName(endpoint.namespace(), endpoint.pod());
        known.put(endpoint.key(), name);
        up(node, name, endpoint);
      }
    }
  }

  private void up(String node, PodName name, Endpoint endpoint) {
    String uid = endpoint.podUid();
    Optional<Pod> known =
        stored(name)
            .map(Pod::read)
            .filter(pod -> pod.isPod(uid))
            .or(() -> calls.find(path(name)).map(Pod::read).filter(pod -> pod.isPod(uid)));
    if (known.isEmpty()) {
      LOG.debug("{} of node {} is of a pod {} that is gone", endpoint.key(), node, name);
      return;
    }
    Pod pod = known.get();
    if (!pod.nodeName().equals(node) || !pod.isOnPodNetwork()) {
      LOG.debug("{} of node {} is that of an earlier pod {}", endpoint.key(), node, name);
      return;
    }
    String all =
        endpoint.addresses().stream()
            .map(address -> address.toHostCidr().toString())
            .collect(Collectors.joining(","));
    annotate(name, pod, all, endpoint.key().containerId());
  }

  private void down(EndpointKey key, PodName name) {
    Optional<Pod> pod = stored(name).map(Pod::read);
    if (pod.isPresent()
        && key.containerId().equals(pod.get().metadata().annotations().get(Pod.CONTAINER_ID))) {
      annotate(name, pod.get(), "", key.containerId());
    }
  }

  /** On condition that it is still the same pod. */
  private void annotate(PodName name, Pod pod, String addresses, String container) {
    Map<String, String> wanted =
        Map.of(
            Pod.POD_IP,
            addresses.split(",", 2)[0],
            Pod.POD_IPS,
            addresses,
            Pod.CONTAINER_ID,
            container);
    Map<String, String> present = pod.metadata().annotations();
    if (wanted.entrySet().stream().allMatch(e -> e.getValue().equals(present.get(e.getKey())))) {
      return;
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata").put("uid", pod.metadata().uid());
    ObjectNode annotations = metadata.putObject("annotations");
    wanted.forEach(annotations::put);
    if (!calls.patch(path(name), patch)) {
      LOG.debug("pod {} went before its addresses were written", name);
    }
  }

  private Optional<ObjectNode> stored(PodName name) {
    return store
        .get(new ResourceKey(Kinds.POD.name(), name.namespace(), name.name()))
        .map(StoredObject::tree);
  }

  @Override
  public Optional<ObjectNode> find(PodName name) {
    return questions
        .find(path(name))
        .filter(found -> found.path("kind").asText("Pod").equals("Pod"));
  }

  private static String path(PodName name) {
    return "/api/v1/namespaces/" + name.namespace() + "/pods/" + name.name();
  }
}
