package io.ocicat.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.lab.Lab;
import io.ocicat.lab.LabTraffic;
import io.ocicat.lab.PodSpec;
import io.ocicat.lab.traffic.Listen;
import io.ocicat.lab.traffic.ProbeResult;
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.model.ResourceKind;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Flow;
import io.ocicat.policy.ModelWorld;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.ScenarioWorld;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The model's world in a lab: documents go through the API, packets tell what is denied, and {@code
 * ocicat explain} tells why.
 */
final class LabModel extends ModelWorld implements AutoCloseable {

  private static final Duration ENFORCED = Duration.ofSeconds(20);

  /** Long enough on an idle machine. */
  private static final Duration TIMEOUT = Duration.ofMillis(400);

  /** For what should get through and did not: the machine may be busy. */
  private static final Duration SECOND_TIMEOUT = Duration.ofSeconds(3);

  private final Lab lab;
  private final ApiClient api;
  private final Map<String, String> versions = new HashMap<>();
  private long revision;

  LabModel(Lab lab, Map<PodName, List<IpAddress>> addresses) {
    super(addresses);
    this.lab = lab;
    this.api = lab.api();
  }

  /** Fills a lab with the pods, and answers their addresses. */
  static Map<PodName, List<IpAddress>> populate(Lab lab) {
    Map<PodName, List<IpAddress>> addresses = new TreeMap<>();
    try (ApiClient api = lab.api()) {
      for (String namespace : List.of("x", "y", "z")) {
        ObjectNode document = document("v1", "Namespace", "", namespace);
        document.withObjectProperty("metadata").putObject("labels").put("team", namespace);
        create(api, "/api/v1/namespaces", document);
      }
      ACCOUNTS.forEach(
          (account, labels) -> {
            ObjectNode document =
                document("v1", "ServiceAccount", account.namespace(), account.name());
            labels
                .asMap()
                .forEach(document.withObjectProperty("metadata").withObjectProperty("labels")::put);
            create(api, "/api/v1/namespaces/" + account.namespace() + "/serviceaccounts", document);
          });
      int number = 0;
      for (Map.Entry<PodName, List<String>> each : PODS.entrySet()) {
        PodName pod = each.getKey();
        createPod(api, pod, each.getValue().getFirst(), each.getValue().getLast());
        String node = lab.nodes().get(number % lab.nodes().size()).name();
        addresses.put(pod, lab.pods().add(spec(pod).on(node)).addresses());
        number++;
      }
    }
    return addresses;
  }

  /** The lab takes a pod that is there as it is. */
  private static void createPod(ApiClient api, PodName pod, String app, String account) {
    ObjectNode document = document("v1", "Pod", pod.namespace(), pod.name());
    document.withObjectProperty("metadata").putObject("labels").put("app", app);
    ObjectNode spec = document.putObject("spec");
    if (!account.isEmpty()) {
      spec.put("serviceAccountName", account);
    }
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "main").put("image", "example.org/main");
    for (NamedPort port : ScenarioWorld.PORTS) {
      container
          .withArrayProperty("ports")
          .addObject()
          .put("name", port.name())
          .put("containerPort", port.number())
          .put("protocol", port.protocol().name());
    }
    create(api, "/api/v1/namespaces/" + pod.namespace() + "/pods", document);
  }

  private static PodSpec spec(PodName pod) {
    Map<String, Listen> ports = new TreeMap<>();
    for (NamedPort port : ScenarioWorld.PORTS) {
      ports.put(port.name(), new Listen(port.number(), Protocol.valueOf(port.protocol().name())));
    }
    return new PodSpec(pod.namespace(), pod.name(), "", Map.of(), Map.of(), List.of(), ports);
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

  private static void create(ApiClient api, String path, ObjectNode document) {
    JsonNode _ = api.create(new ApiClient.Attempt("create at " + path, path), document);
  }

  @Override
  protected void documentWritten(Written written) {
    String path = path(written);
    String known = versions.get(path);
    ObjectNode body = written.document().deepCopy();
    if (known != null) {
      body.withObjectProperty("metadata").put("resourceVersion", known);
    }
    JsonNode stored =
        known == null
            ? api.create(new ApiClient.Attempt("create " + path, collection(written)), body)
            : api.replace(new ApiClient.Attempt("replace " + path, path), body);
    versions.put(path, stored.at("/metadata/resourceVersion").asText());
    wrote(stored);
  }

  @Override
  protected void documentDeleted(Written written) {
    String path = path(written);
    JsonNode _ = api.delete(new ApiClient.Attempt("delete " + path, path));
    versions.remove(path);
    // What is deleted carries no revision of its deletion; the whole store's is later.
    wrote(api.read(new ApiClient.Attempt("list the others beside " + path, collection(written))));
  }

  private void wrote(JsonNode object) {
    revision = Math.max(revision, object.at("/metadata/resourceVersion").asLong());
  }

  private static String collection(Written written) {
    ResourceKind kind = written.kind();
    String namespace = written.document().at("/metadata/namespace").asText();
    return "/apis/"
        + kind.apiVersion()
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + kind.plural();
  }

  private static String path(Written written) {
    return collection(written) + "/" + written.document().at("/metadata/name").asText();
  }

  @Override
  protected Set<Try> denied(ClusterSnapshot cluster, List<Try> tries) {
    lab.awaitEnforced(revision, ENFORCED);
    Set<Try> denied = new HashSet<>();
    List<ProbeResult> results =
        lab.traffic().probe(tries.stream().map(each -> probe(each, TIMEOUT)).toList());
    for (int index = 0; index < tries.size(); index++) {
      Try attempt = tries.get(index);
      Verdict verdict = results.get(index).verdict();
      if (verdict == Verdict.DROPPED && !isExpectedDenied(attempt)) {
        verdict = lab.traffic().probe(List.of(probe(attempt, SECOND_TIMEOUT))).getFirst().verdict();
      }
      switch (verdict) {
        case ALLOWED -> {}
        case DROPPED -> denied.add(attempt);
        case REFUSED ->
            throw new AssertionError(attempt + " is neither answered nor dropped but refused");
      }
    }
    return denied;
  }

  @Override
  protected void explained(Map<Try, String> expected) {
    ExplainedFlow explained = new ExplainedFlow(lab.kubeconfig());
    Map<Try, String> said =
        expected.keySet().parallelStream()
            .collect(
                Collectors.toConcurrentMap(
                    Function.identity(),
                    each ->
                        explained.ground(each.from(), end(each), each.traffic(), each.family())));
    assertThat(said).as("what ocicat explain says").isEqualTo(expected);
  }

  private String end(Try attempt) {
    return attempt.to().equals(WORLD) ? address(WORLD, attempt.family()).toString() : attempt.to();
  }

  private LabTraffic.Probe probe(Try attempt, Duration timeout) {
    return new LabTraffic.Probe(
        attempt.from(),
        address(attempt.to(), attempt.family()).toString(),
        how(attempt.traffic(), attempt.family(), timeout));
  }

  private static LabTraffic.Attempt how(Flow.Traffic traffic, IpFamily family, Duration timeout) {
    return switch (traffic) {
      case Flow.Traffic.Transport(var protocol, _, var port) ->
          new LabTraffic.Attempt(
              port, Protocol.valueOf(protocol.name()), timeout, Optional.of(family));
      case Flow.Traffic.Icmp _, Flow.Traffic.Other _ ->
          new LabTraffic.Attempt(0, Protocol.ICMP, timeout, Optional.of(family));
    };
  }

  /** Takes back what the case did. */
  @Override
  public void close() {
    documents().reversed().forEach(this::documentDeleted);
    lab.awaitEnforced(revision, ENFORCED);
    api.close();
  }
}
