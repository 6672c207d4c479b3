package io.ocicat.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.ApiException;
import io.ocicat.inet.IpAddress;
import io.ocicat.lab.serve.Requests;
import io.ocicat.lab.traffic.Listen;
import io.ocicat.libc.NetNamespace;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinkSettings;
import io.ocicat.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** Adds and removes pods as a kubelet and a runtime would: API objects, a namespace, CNI calls. */
public final class LabPods {
  private static final String CONTAINER = "responder";
  private static final String IMAGE = "ocicat.io/lab-responder";
  private static final Duration USABLE = Duration.ofSeconds(20);

  private final Lab lab;
  private final LabFiles files;

  LabPods(Lab lab, LabFiles files) {
    this.lab = lab;
    this.files = files;
  }

  /**
   * A pod that was added.
   *
   * @param addresses in the order of the CNI result
   */
  public record Added(
      String namespace, String name, String node, Path netns, List<IpAddress> addresses) {
    /** Copies the list. */
    public Added {
      addresses = List.copyOf(addresses);
    }
  }

  static List<LabPod> read(LabFiles files) {
    if (!Files.isDirectory(files.pods())) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(files.pods())) {
      return found
          .filter(file -> file.toString().endsWith(".json"))
          .map(LabPod::read)
          .sorted(Comparator.comparing(LabPod::title))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("list " + files.pods(), e);
    }
  }

  /** The pods there are, by namespace and name. */
  public List<Added> list() {
    return read(files).stream().map(LabPods::listed).toList();
  }

  private static Added listed(LabPod pod) {
    return new Added(
        pod.sandbox().namespace(),
        pod.sandbox().pod(),
        pod.node(),
        pod.sandbox().netns(),
        pod.addresses());
  }

  /**
   * Adds a pod; returns when every node knows of it. After a failure nothing of it is left.
   *
   * @throws LabException if it exists, or the plugin refuses
   */
  public Added add(PodSpec spec) {
    String title = spec.namespace() + "/" + spec.name();
    if (Files.exists(files.pod(spec.namespace(), spec.name()))) {
      throw new LabException(
          "add pod " + title + ": it exists; remove it with 'ocicat lab pod rm' first");
    }
    LabNode node = spec.node().isEmpty() ? emptiest() : lab.node(spec.node());
    String netns = files.podNetns(spec.namespace(), spec.name());
    try (ApiClient api = lab.api()) {
      ensureNamespace(api, spec.namespace());
      JsonNode object = createPod(api, spec, node);
      try (NetNamespace namespace = NetNamespace.createNamed(NetNamespace.NAMED_DIRECTORY, netns)) {
        try (Rtnetlink links = Rtnetlink.openIn(namespace)) {
          links.execute(LinkCodec.setLink("lo", LinkSettings.NONE.up()));
        }
        CniRuntime.Sandbox sandbox =
            new CniRuntime.Sandbox(
                UUID.randomUUID().toString().replace("-", ""),
                LabFiles.netns(netns),
                spec.namespace(),
                spec.name(),
                object.path("metadata").path("uid").asText());
        LabPod pod = new LabPod(node.name(), sandbox, ports(spec), node.runtime().add(sandbox));
        pod.write(files.pod(spec.namespace(), spec.name()));
        lab.traffic()
            .serving()
            .ask(new Requests.Answer(sandbox.netns(), pod.title(), List.of(), pod.listen()));
        long revision = reportRunning(api, pod, node);
        // From then on every node has the pod's addresses in the sets that its policies use.
        lab.awaitEnforced(revision, USABLE);
        return listed(pod);
      } catch (RuntimeException e) {
        undo(spec, e);
        throw e;
      }
    }
  }

  private void undo(PodSpec spec, RuntimeException cause) {
    try {
      boolean _ = remove(spec.namespace(), spec.name());
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Removes a pod, or what is left of one; answers whether there was anything.
   *
   * @throws LabException if the plugin refuses; the rest is removed nevertheless
   */
  public boolean remove(String namespace, String name) {
    Path file = files.pod(namespace, name);
    boolean existed = Files.exists(file);
    RuntimeException refused = null;
    if (existed) {
      LabPod pod = LabPod.read(file);
      lab.traffic().serving().ask(new Requests.Silence(pod.sandbox().netns()));
      try {
        lab.node(pod.node()).runtime().del(pod.sandbox(), pod.added());
      } catch (RuntimeException e) {
        refused = e;
      }
    }
    String netns = files.podNetns(namespace, name);
    existed |= Files.exists(LabFiles.netns(netns));
    NetNamespace.deleteNamed(NetNamespace.NAMED_DIRECTORY, netns);
    try (ApiClient api = lab.api()) {
      JsonNode _ =
          api.delete(
              new ApiClient.Attempt(
                  "delete pods " + namespace + "/" + name,
                  path(namespace, name) + "?gracePeriodSeconds=0"));
      existed = true;
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("delete " + file, e);
    }
    if (refused != null) {
      throw refused;
    }
    return existed;
  }

  private LabNode emptiest() {
    Map<String, Long> pods = new TreeMap<>();
    lab.nodes().forEach(node -> pods.put(node.name(), 0L));
    read(files).forEach(pod -> pods.merge(pod.node(), 1L, Long::sum));
    return lab.nodes().stream()
        .min(Comparator.comparing(node -> pods.getOrDefault(node.name(), 0L)))
        .orElseThrow();
  }

  private static List<Listen> ports(PodSpec spec) {
    TreeSet<Listen> ports = new TreeSet<>(spec.listen());
    ports.addAll(spec.portNames().values());
    return List.copyOf(ports);
  }

  private static void ensureNamespace(ApiClient api, String namespace) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "v1").put("kind", "Namespace");
    document.putObject("metadata").put("name", namespace);
    try {
      JsonNode _ =
          api.create(
              new ApiClient.Attempt("create namespaces " + namespace, "/api/v1/namespaces"),
              document);
    } catch (ApiException e) {
      if (!e.conflict()) {
        throw e;
      }
    }
  }

  /** Creates the Pod; one that somebody made before is used as it is, and bound to the node. */
  private static JsonNode createPod(ApiClient api, PodSpec spec, LabNode node) {
    String title = spec.namespace() + "/" + spec.name();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = document.putObject("metadata");
    metadata.put("name", spec.name()).put("namespace", spec.namespace());
    spec.labels().forEach(metadata.putObject("labels")::put);
    if (!spec.annotations().isEmpty()) {
      spec.annotations().forEach(metadata.putObject("annotations")::put);
    }
    ObjectNode body = document.putObject("spec");
    body.put("nodeName", node.name());
    ObjectNode container = body.putArray("containers").addObject();
    container.put("name", CONTAINER).put("image", IMAGE);
    ArrayNode ports = container.putArray("ports");
    for (Listen listen : ports(spec)) {
      ObjectNode port = ports.addObject();
      spec.portNames().entrySet().stream()
          .filter(named -> named.getValue().equals(listen))
          .findFirst()
          .ifPresent(named -> port.put("name", named.getKey()));
      port.put("containerPort", listen.port());
      port.put("protocol", listen.protocol().name());
    }
    try {
      return api.create(
          new ApiClient.Attempt(
              "create pods " + title, "/api/v1/namespaces/" + spec.namespace() + "/pods"),
          document);
    } catch (ApiException e) {
      if (!e.conflict()) {
        throw e;
      }
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      patch.putObject("spec").put("nodeName", node.name());
      return api.mergePatch(
          new ApiClient.Attempt("bind pods " + title, path(spec.namespace(), spec.name())), patch);
    }
  }

  private static long reportRunning(ApiClient api, LabPod pod, LabNode node) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode status = patch.putObject("status");
    status.put("phase", "Running");
    status.put("hostIP", node.addresses().getFirst().toString());
    List<IpAddress> addresses = pod.addresses();
    status.put("podIP", addresses.getFirst().toString());
    ArrayNode ips = status.putArray("podIPs");
    addresses.forEach(address -> ips.addObject().put("ip", address.toString()));
    status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    ObjectNode container = status.putArray("containerStatuses").addObject();
    container.put("name", CONTAINER).put("image", IMAGE).put("imageID", "");
    container.put("ready", true).put("restartCount", 0);
    JsonNode patched =
        api.mergePatch(
            new ApiClient.Attempt(
                "report the status of pods " + pod.title(),
                path(pod.sandbox().namespace(), pod.sandbox().pod()) + "/status"),
            patch);
    return patched.path("metadata").path("resourceVersion").asLong();
  }

  private static String path(String namespace, String name) {
    return "/api/v1/namespaces/" + namespace + "/pods/" + name;
  }
}
