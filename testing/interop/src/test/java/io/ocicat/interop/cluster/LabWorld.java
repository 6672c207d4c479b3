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
import io.ocicat.lab.traffic.Protocol;
import io.ocicat.lab.traffic.Verdict;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Flow;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyName;
import io.ocicat.policy.ScenarioWorld;
import io.ocicat.selector.Labels;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The scenarios' world in a lab. Changes go through the API; what is denied is found out by packets
 * between all pods, sent as soon as every node says that it enforces the last change.
 */
final class LabWorld extends ScenarioWorld implements AutoCloseable {

  private static final Duration ENFORCED = Duration.ofSeconds(20);

  /** Long enough on an idle machine. */
  private static final Duration TIMEOUT = Duration.ofMillis(400);

  /** For a pair that should get through and did not: the machine may be busy. */
  private static final Duration SECOND_TIMEOUT = Duration.ofSeconds(3);

  private final Lab lab;
  private final ApiClient api;
  private final Map<PolicyName, String> written = new HashMap<>();
  private final Map<String, Labels> namespaceLabels = new HashMap<>();
  private final Map<PodName, Labels> podLabels = new HashMap<>();
  private long revision;

  LabWorld(Lab lab, Map<PodName, List<IpAddress>> addresses) {
    super(addresses);
    this.lab = lab;
    this.api = lab.api();
  }

  /** Fills a lab with the pods, and answers their addresses. */
  static Map<PodName, List<IpAddress>> populate(Lab lab) {
    Map<PodName, List<IpAddress>> addresses = new TreeMap<>();
    int number = 0;
    for (PodName pod : podNames()) {
      // Each node gets one pod of each namespace, and not always that of the same name.
      int node = (number % 3 + number / 3) % lab.nodes().size();
      addresses.put(pod, lab.pods().add(spec(pod).on(lab.nodes().get(node).name())).addresses());
      number++;
    }
    try (ApiClient api = lab.api()) {
      for (String namespace : NAMESPACES) {
        JsonNode _ =
            api.mergePatch(
                new ApiClient.Attempt("label namespaces " + namespace, path(namespace)),
                labelPatch(Labels.EMPTY, Labels.of("ns", namespace)));
      }
    }
    return addresses;
  }

  private static PodSpec spec(PodName pod) {
    Map<String, Listen> ports = new TreeMap<>();
    for (NamedPort port : PORTS) {
      ports.put(port.name(), new Listen(port.number(), Protocol.valueOf(port.protocol().name())));
    }
    return new PodSpec(
        pod.namespace(), pod.name(), "", labels(pod).asMap(), Map.of(), List.of(), ports);
  }

  @Override
  protected void namespaceLabelled(String name, Labels labels) {
    Labels old = namespaceLabels.getOrDefault(name, Labels.of("ns", name));
    namespaceLabels.put(name, labels);
    wrote(
        api.mergePatch(
            new ApiClient.Attempt("label namespaces " + name, path(name)),
            labelPatch(old, labels)));
  }

  @Override
  protected void podLabelled(PodName name, Labels labels) {
    Labels old = podLabels.getOrDefault(name, labels(name));
    podLabels.put(name, labels);
    String path = path(name.namespace()) + "/pods/" + name.name();
    wrote(
        api.mergePatch(new ApiClient.Attempt("label pods " + name, path), labelPatch(old, labels)));
  }

  private static ObjectNode labelPatch(Labels old, Labels labels) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode wanted = patch.putObject("metadata").putObject("labels");
    old.asMap().keySet().forEach(wanted::putNull);
    labels.asMap().forEach(wanted::put);
    return patch;
  }

  @Override
  protected void policyWritten(ObjectNode document) {
    JsonNode metadata = document.path("metadata");
    PolicyName name =
        PolicyName.ofKubernetes(
            metadata.path("namespace").asText(), metadata.path("name").asText());
    String known = written.get(name);
    ObjectNode body = document.deepCopy();
    if (known != null) {
      body.withObjectProperty("metadata").put("resourceVersion", known);
    }
    JsonNode stored =
        known == null
            ? api.create(attempt("create", name, path(name, "")), body)
            : api.replace(attempt("replace", name, path(name, name.name())), body);
    written.put(name, stored.path("metadata").path("resourceVersion").asText());
    wrote(stored);
  }

  @Override
  protected void policyDeleted(PolicyName name) {
    JsonNode _ = api.delete(attempt("delete", name, path(name, name.name())));
    written.remove(name);
    // What is deleted carries no revision of its deletion; the whole store's is later.
    wrote(api.read(attempt("list the others beside", name, path(name, ""))));
  }

  private static ApiClient.Attempt attempt(String verb, PolicyName name, String path) {
    return new ApiClient.Attempt(verb + " networkpolicies " + name, path);
  }

  private void wrote(JsonNode object) {
    revision = Math.max(revision, object.path("metadata").path("resourceVersion").asLong());
  }

  private static String path(String namespace) {
    return "/api/v1/namespaces/" + namespace;
  }

  private static String path(PolicyName policy, String name) {
    return "/apis/networking.k8s.io/v1/namespaces/"
        + policy.namespace()
        + "/networkpolicies"
        + (name.isEmpty() ? "" : "/" + name);
  }

  @Override
  protected Set<String> denied(
      ClusterSnapshot cluster, IpFamily family, Flow.Traffic traffic, Set<String> expected) {
    lab.awaitEnforced(revision, ENFORCED);
    LabTraffic.Attempt attempt = attempt(family, traffic, TIMEOUT);
    LabTraffic.Matrix matrix = lab.traffic().matrix(attempt);
    Set<String> denied = new TreeSet<>();
    for (PodName from : podNames()) {
      for (PodName to : podNames()) {
        Verdict verdict =
            matrix
                .rows()
                .get(matrix.pods().indexOf(from.toString()))
                .get(matrix.pods().indexOf(to.toString()))
                .verdict();
        if (verdict == Verdict.DROPPED && !expected.contains(pair(from, to))) {
          verdict =
              lab.traffic()
                  .probe(from.toString(), to.toString(), attempt(family, traffic, SECOND_TIMEOUT))
                  .verdict();
        }
        if (!getsThrough(verdict, traffic)) {
          denied.add(pair(from, to));
        }
      }
    }
    return denied;
  }

  @Override
  protected void explained(IpFamily family, Flow.Traffic traffic, Map<String, String> reasons) {
    ExplainedFlow explained = new ExplainedFlow(lab.kubeconfig());
    reasons.forEach(
        (pair, reason) -> {
          String[] ends = pair.split(" -> ", 2);
          assertThat(explained.ground(ends[0], ends[1], traffic, family))
              .as("what ocicat explain says of %s, %s, %s", pair, traffic, family)
              .startsWith(reason + ": end of default, NetworkPolicy ");
        });
  }

  /** Where nobody listens it is the refusal that comes from the pod itself. */
  private static boolean getsThrough(Verdict verdict, Flow.Traffic traffic) {
    boolean listening =
        !(traffic instanceof Flow.Traffic.Transport(var protocol, _, var port))
            || PORTS.stream().anyMatch(p -> p.protocol() == protocol && p.number() == port);
    return switch (verdict) {
      case ALLOWED -> true;
      case DROPPED -> false;
      case REFUSED -> {
        if (listening) {
          throw new AssertionError(traffic + " is neither answered nor dropped but refused");
        }
        yield true;
      }
    };
  }

  private static LabTraffic.Attempt attempt(
      IpFamily family, Flow.Traffic traffic, Duration timeout) {
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
    List.copyOf(written.keySet()).forEach(policy -> delete(policy.name()));
    List.copyOf(namespaceLabels.keySet()).forEach(name -> namespace(name, Labels.of("ns", name)));
    List.copyOf(podLabels.keySet()).forEach(name -> label(name.toString(), labels(name)));
    lab.awaitEnforced(revision, ENFORCED);
    api.close();
  }
}
