package io.ocicat.nft.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.model.Namespace;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.Protocol;
import io.ocicat.policy.ClusterSnapshot;
import io.ocicat.policy.Flow;
import io.ocicat.policy.NamedPort;
import io.ocicat.policy.PodName;
import io.ocicat.policy.PolicyOracle;
import io.ocicat.policy.PolicyPod;
import io.ocicat.policy.PolicySpec;
import io.ocicat.policy.PolicySpecs;
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Three namespaces x, y, z (label {@code ns}) with three pods a, b, c each (label {@code pod}),
 * every one with both families and ports 80 and 81 of all protocols, named as in {@code
 * serve-80-tcp}. Policies are documents.
 */
final class ScenarioWorld {

  private static final JsonMapper DOCUMENTS =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  private final Map<String, Labels> namespaces = new TreeMap<>();
  private final Map<PodName, PolicyPod> pods = new TreeMap<>();
  private final Map<String, PolicySpec> policies = new TreeMap<>();

  ScenarioWorld() {
    int number = 1;
    for (String namespace : List.of("x", "y", "z")) {
      namespace(namespace, Labels.of("ns", namespace));
      for (String pod : List.of("a", "b", "c")) {
        PodName name = new PodName(namespace, pod);
        List<IpAddress> addresses =
            List.of(IpAddress.parse("10.0.0." + number), IpAddress.parse("fd00::" + number));
        pods.put(name, new PolicyPod(name, Labels.of("pod", pod), addresses, ports()));
        number++;
      }
    }
  }

  private static List<NamedPort> ports() {
    List<NamedPort> ports = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : List.of(80, 81)) {
        ports.add(
            new NamedPort(
                "serve-%d-%s".formatted(port, protocol.name().toLowerCase(Locale.ROOT)),
                protocol,
                port));
      }
    }
    return ports;
  }

  void namespace(String name, Labels labels) {
    namespaces.put(name, labels.with(Namespace.NAME_LABEL, name));
  }

  void label(String pod, Labels labels) {
    pods.computeIfPresent(name(pod), (_, old) -> old.withLabels(labels));
  }

  /** Adds or replaces a policy; {@code spec} is JSON without its quotes around names. */
  ScenarioWorld policy(String namespace, String name, String spec) {
    ObjectNode document = DOCUMENTS.createObjectNode();
    document.put("kind", "NetworkPolicy");
    document.putObject("metadata").put("namespace", namespace).put("name", name);
    document.set("spec", read(spec));
    policies.put(name, PolicySpecs.from(NetworkPolicy.read(document)));
    return this;
  }

  void delete(String policy) {
    policies.remove(policy);
  }

  private static JsonNode read(String json) {
    try {
      return DOCUMENTS.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** The address of a pod as a CIDR of one. */
  String cidr(String pod, IpFamily family) {
    return address(name(pod), family).toHostCidr().toString();
  }

  private IpAddress address(PodName name, IpFamily family) {
    PolicyPod pod = pods.get(name);
    if (pod == null) {
      throw new IllegalArgumentException("no pod " + name);
    }
    return pod.addresses().stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow();
  }

  private static PodName name(String pod) {
    return new PodName(pod.substring(0, 1), pod.substring(2));
  }

  /** Between which pods traffic is expected; everything at first. */
  final class Reachability {

    private final Set<String> denied = new TreeSet<>();

    Reachability denyTo(String to) {
      return set((_, t) -> t.startsWith(to), false);
    }

    Reachability denyFrom(String from) {
      return set((f, _) -> f.startsWith(from), false);
    }

    Reachability allow(String from, String to) {
      return set((f, t) -> f.startsWith(from) && t.startsWith(to), true);
    }

    Reachability deny(String from, String to) {
      return set((f, t) -> f.startsWith(from) && t.startsWith(to), false);
    }

    private Reachability set(BiPredicate<String, String> pairs, boolean allowed) {
      for (PodName from : pods.keySet()) {
        for (PodName to : pods.keySet()) {
          if (pairs.test(from.toString(), to.toString())) {
            String pair = from + " -> " + to;
            if (allowed) {
              denied.remove(pair);
            } else {
              denied.add(pair);
            }
          }
        }
      }
      return this;
    }

    /** Holds oracle and compiled tables to it, in both families. */
    ScenarioWorld on(Flow.Traffic traffic) {
      ClusterSnapshot cluster =
          new ClusterSnapshot(
              namespaces, List.copyOf(pods.values()), List.copyOf(policies.values()));
      InterpretedCluster nodes = InterpretedCluster.of(cluster);
      for (IpFamily family : IpFamily.values()) {
        Set<String> oracleDenies = new TreeSet<>();
        Set<String> tablesDeny = new TreeSet<>();
        for (PodName from : pods.keySet()) {
          for (PodName to : pods.keySet()) {
            Flow flow = Flow.between(address(from, family), address(to, family), traffic);
            if (!PolicyOracle.verdict(cluster, flow).isAllowed()) {
              oracleDenies.add(from + " -> " + to);
            }
            if (!nodes.isAllowed(flow)) {
              tablesDeny.add(from + " -> " + to);
            }
          }
        }
        Set<String> expected = new TreeSet<>(denied);
        pods.keySet().forEach(pod -> expected.remove(pod + " -> " + pod));
        assertThat(oracleDenies).as("oracle, %s, %s", family, traffic).isEqualTo(expected);
        assertThat(tablesDeny).as("tables, %s, %s", family, traffic).isEqualTo(expected);
      }
      return ScenarioWorld.this;
    }
  }

  Reachability expect() {
    return new Reachability();
  }
}
