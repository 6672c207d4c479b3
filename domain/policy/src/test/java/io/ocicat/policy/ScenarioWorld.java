package io.ocicat.policy;

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
import io.ocicat.selector.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * Where {@link NetworkPolicyCases} take place: three namespaces x, y, z (label {@code ns}) with
 * three pods a, b, c each (label {@code pod}), every one with both families and ports 80 and 81 of
 * all protocols, named as in {@code serve-80-tcp}. Policies are documents. A subclass carries
 * changes out where it must, and tells which pairs are denied in fact.
 */
public abstract class ScenarioWorld {

  private static final JsonMapper DOCUMENTS =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  /** The names of the namespaces. */
  public static final List<String> NAMESPACES = List.of("x", "y", "z");

  /** The ports of every pod. */
  public static final List<NamedPort> PORTS = ports();

  private final Map<String, Labels> namespaces = new TreeMap<>();
  private final Map<PodName, PolicyPod> pods = new TreeMap<>();
  private final Map<String, PolicySpec> policies = new TreeMap<>();

  /**
   * @param addresses of each pod, one of each family
   */
  protected ScenarioWorld(Map<PodName, List<IpAddress>> addresses) {
    for (String namespace : NAMESPACES) {
      namespaces.put(namespace, namespaceLabels(namespace, Labels.of("ns", namespace)));
    }
    addresses.forEach((name, own) -> pods.put(name, new PolicyPod(name, labels(name), own, PORTS)));
  }

  /** The names of all pods. */
  public static List<PodName> podNames() {
    return NAMESPACES.stream()
        .flatMap(namespace -> Stream.of("a", "b", "c").map(pod -> new PodName(namespace, pod)))
        .toList();
  }

  /** A pod's labels at first. */
  public static Labels labels(PodName pod) {
    return Labels.of("pod", pod.name());
  }

  private static Labels namespaceLabels(String name, Labels labels) {
    return labels.with(Namespace.NAME_LABEL, name);
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

  /** Gives a namespace these labels instead of those that it has. */
  public final void namespace(String name, Labels labels) {
    namespaces.put(name, namespaceLabels(name, labels));
    namespaceLabelled(name, labels);
  }

  /** Gives a pod these labels instead of those that it has. */
  public final void label(String pod, Labels labels) {
    pods.computeIfPresent(name(pod), (_, old) -> old.withLabels(labels));
    podLabelled(name(pod), labels);
  }

  /** Adds or replaces a policy; {@code spec} is JSON without its quotes around names. */
  public final ScenarioWorld policy(String namespace, String name, String spec) {
    ObjectNode document = DOCUMENTS.createObjectNode();
    document.put("apiVersion", "networking.k8s.io/v1").put("kind", "NetworkPolicy");
    document.putObject("metadata").put("namespace", namespace).put("name", name);
    document.set("spec", read(spec));
    policies.put(name, PolicySpecs.from(NetworkPolicy.read(document)));
    policyWritten(document);
    return this;
  }

  /** Deletes a policy. */
  public final void delete(String policy) {
    PolicySpec deleted = policies.remove(policy);
    if (deleted == null) {
      throw new IllegalArgumentException("no policy " + policy);
    }
    policyDeleted(deleted.name());
  }

  /** The labels of a namespace have been changed. */
  protected void namespaceLabelled(String name, Labels labels) {}

  /** The labels of a pod have been changed. */
  protected void podLabelled(PodName name, Labels labels) {}

  /** A policy has been added or changed. */
  protected void policyWritten(ObjectNode document) {}

  /** A policy has been deleted. */
  protected void policyDeleted(PolicyName name) {}

  /**
   * The pairs {@code x/a -> y/b} between which the traffic does not get through.
   *
   * @param expected those that should be; for judges who look twice before they differ
   */
  protected abstract Set<String> denied(
      ClusterSnapshot cluster, IpFamily family, Flow.Traffic traffic, Set<String> expected);

  /**
   * Holds whatever explains verdicts to what is expected.
   *
   * @param reasons of some pairs that are denied, whose policies have no rule for it: {@code to
   *     x/a} for the receiver's, {@code from x/a} for the sender's
   */
  protected void explained(IpFamily family, Flow.Traffic traffic, Map<String, String> reasons) {}

  private static JsonNode read(String json) {
    try {
      return DOCUMENTS.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** The address of a pod as a CIDR of one. */
  public final String cidr(String pod, IpFamily family) {
    return address(name(pod), family).toHostCidr().toString();
  }

  /** The address of a pod in a family. */
  protected final IpAddress address(PodName name, IpFamily family) {
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
  public final class Reachability {

    private final Set<String> denied = new TreeSet<>();
    private final Map<String, String> reasons = new TreeMap<>();

    private Reachability() {}

    /** Nothing reaches these pods. */
    public Reachability denyTo(String to) {
      return set((_, t) -> t.startsWith(to), false, (_, t) -> "to " + t);
    }

    /** These pods reach nothing. */
    public Reachability denyFrom(String from) {
      return set((f, _) -> f.startsWith(from), false, (f, _) -> "from " + f);
    }

    /** The first reach the second after all. */
    public Reachability allow(String from, String to) {
      return set((f, t) -> f.startsWith(from) && t.startsWith(to), true, (_, _) -> "");
    }

    /** The first do not reach the second. */
    public Reachability deny(String from, String to) {
      return set((f, t) -> f.startsWith(from) && t.startsWith(to), false, (_, _) -> "");
    }

    private Reachability set(
        BiPredicate<String, String> pairs, boolean allowed, BinaryOperator<String> refusing) {
      for (PodName from : pods.keySet()) {
        for (PodName to : pods.keySet()) {
          if (pairs.test(from.toString(), to.toString())) {
            String pair = pair(from, to);
            if (allowed) {
              denied.remove(pair);
              reasons.remove(pair);
              continue;
            }
            denied.add(pair);
            String reason = refusing.apply(from.toString(), to.toString());
            // The sender is asked first.
            if (!reason.isEmpty()) {
              reasons.merge(pair, reason, (a, b) -> a.startsWith("from") ? a : b);
            }
          }
        }
      }
      return this;
    }

    /** Holds the oracle and this world to it, in both families. */
    public ScenarioWorld on(Flow.Traffic traffic) {
      pods.keySet().forEach(pod -> denied.remove(pair(pod, pod)));
      ClusterSnapshot cluster =
          new ClusterSnapshot(
              namespaces, List.copyOf(pods.values()), List.copyOf(policies.values()));
      for (IpFamily family : IpFamily.values()) {
        String where = family + ", " + traffic;
        Set<String> byOracle = oracleDenies(cluster, family, traffic);
        assertThat(byOracle).as("oracle, " + where).isEqualTo(denied);
        Set<String> inFact = denied(cluster, family, traffic, denied);
        assertThat(inFact).as(() -> where + "\n" + table(denied, inFact)).isEqualTo(denied);
        Map<String, String> asked = new TreeMap<>();
        reasons.forEach(
            (pair, reason) -> {
              if (denied.contains(pair) && !asked.containsValue(reason)) {
                asked.put(pair, reason);
              }
            });
        explained(family, traffic, asked);
      }
      return ScenarioWorld.this;
    }
  }

  private Set<String> oracleDenies(ClusterSnapshot cluster, IpFamily family, Flow.Traffic traffic) {
    Set<String> denied = new TreeSet<>();
    for (PodName from : pods.keySet()) {
      for (PodName to : pods.keySet()) {
        Flow flow = Flow.between(address(from, family), address(to, family), traffic);
        if (!PolicyOracle.verdict(cluster, flow).isAllowed()) {
          denied.add(pair(from, to));
        }
      }
    }
    return denied;
  }

  /** How the answers of {@link #denied} name a pair. */
  protected static String pair(PodName from, PodName to) {
    return from + " -> " + to;
  }

  /** Rows are sources, columns destinations. */
  private String table(Set<String> expected, Set<String> seen) {
    StringBuilder table = new StringBuilder("      ");
    pods.keySet().forEach(to -> table.append(to).append("  "));
    for (PodName from : pods.keySet()) {
      table.append('\n').append(from).append("   ");
      for (PodName to : pods.keySet()) {
        boolean allowed = !seen.contains(pair(from, to));
        boolean right = allowed != expected.contains(pair(from, to));
        table.append(allowed ? '.' : 'X').append(right ? "    " : "!   ");
      }
    }
    return table.append("\n. gets through, X does not, ! should be the other way").toString();
  }

  /** Everything gets through, but for what is said of the answer. */
  public final Reachability expect() {
    return new Reachability();
  }
}
