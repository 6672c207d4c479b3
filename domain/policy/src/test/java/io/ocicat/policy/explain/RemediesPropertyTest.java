package io.ocicat.policy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.IpAddress;
import io.ocicat.model.Kinds;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.validation.ValidationContext;
import io.ocicat.model.validation.Validator;
import io.ocicat.policy.Flow;
import io.ocicat.policy.PolicyOracle;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Every change that is offered allows what was denied, and is one that the API would take. */
final class RemediesPropertyTest {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  private static final List<String> ADDRESSES =
      List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "192.0.2.1");

  private record Case(ClusterDocuments cluster, List<Flow> flows) {}

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static final Gen<String> LABEL =
      Gen.pick("app: 'a'", "app: 'b'", "role: 'x'", "app: 'a', role: 'x'");

  private static String port(Draws draws) {
    return String.valueOf(Gen.pick(80, 81, 8080).next(draws));
  }

  private static String namespace(Draws draws) {
    return Gen.pick("x", "y").next(draws);
  }

  private static String pod(Draws draws, int number) {
    return """
    {apiVersion: 'v1', kind: 'Pod',
     metadata: {namespace: '%s', name: 'p%d', labels: {%s}},
     status: {podIPs: [{ip: '10.0.0.%d'}]}}
    """
        .formatted(namespace(draws), number, draws.oneIn(5) ? "" : LABEL.next(draws), number);
  }

  private static String kubernetes(Draws draws, int number) {
    String peer =
        Gen.pick(
                "{podSelector: {matchLabels: {%s}}}".formatted(LABEL.next(draws)),
                "{namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'x'}}}",
                "{ipBlock: {cidr: '10.0.0.0/30', except: ['10.0.0.%d/32']}}"
                    .formatted(1 + draws.below(3)))
            .next(draws);
    String ports =
        draws.oneIn(3) ? "" : ", ports: [{protocol: 'TCP', port: %s}]".formatted(port(draws));
    boolean ingress = draws.oneIn(2);
    String rules =
        draws.oneIn(3) ? "[]" : "[{%s: [%s]%s}]".formatted(ingress ? "from" : "to", peer, ports);
    return """
    {apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy',
     metadata: {namespace: '%s', name: 'k%d'},
     spec: {podSelector: %s, policyTypes: ['%s'], %s: %s}}
    """
        .formatted(
            namespace(draws),
            number,
            draws.oneIn(2) ? "{}" : "{matchLabels: {%s}}".formatted(LABEL.next(draws)),
            ingress ? "Ingress" : "Egress",
            ingress ? "ingress" : "egress",
            rules);
  }

  private static String calico(Draws draws, int number) {
    boolean global = draws.oneIn(2);
    boolean ingress = draws.oneIn(2);
    String entity =
        Gen.pick("selector: \"app == 'a'\"", "nets: ['10.0.0.0/31']", "selector: 'all()'")
            .next(draws);
    String rule =
        "{action: '%s', protocol: 'TCP', source: {%s}, destination: {%s ports: [%s]}}"
            .formatted(
                Gen.pick("Allow", "Deny", "Pass", "Log").next(draws),
                ingress ? entity : "",
                ingress ? "" : entity + ",",
                port(draws));
    return """
    {apiVersion: 'projectcalico.org/v3', kind: '%s',
     metadata: {%s name: 'c%d'},
     spec: {tier: '%s', order: %d, selector: '%s', types: ['%s'], %s: [%s]}}
    """
        .formatted(
            global ? "GlobalNetworkPolicy" : "NetworkPolicy",
            global ? "" : "namespace: '%s',".formatted(namespace(draws)),
            number,
            Gen.pick("default", "security").next(draws),
            draws.below(3),
            draws.oneIn(2) ? "all()" : "app == \\'a\\'",
            ingress ? "Ingress" : "Egress",
            ingress ? "ingress" : "egress",
            rule);
  }

  private static String clusterPolicy(Draws draws, int number) {
    boolean ingress = draws.oneIn(2);
    String rule =
        "{action: '%s', %s: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: %s}}}]}"
            .formatted(
                Gen.pick("Accept", "Deny", "Pass").next(draws),
                ingress ? "from" : "to",
                port(draws));
    return """
    {apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy',
     metadata: {name: 'n%d'},
     spec: {tier: '%s', priority: %d, subject: {namespaces: {}}, %s: [%s]}}
    """
        .formatted(
            number,
            Gen.pick("Admin", "Baseline").next(draws),
            draws.below(3),
            ingress ? "ingress" : "egress",
            rule);
  }

  private static final Gen<Case> CASE =
      draws -> {
        ClusterDocuments cluster = new ClusterDocuments();
        List<String> texts = new ArrayList<>();
        for (String name : List.of("x", "y")) {
          texts.add(
              "{apiVersion: 'v1', kind: 'Namespace', metadata: {name: '%s'}}".formatted(name));
        }
        texts.add(
            "{apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: {name: 'security'}, spec: {order: 100, defaultAction: '%s'}}"
                .formatted(Gen.pick("Deny", "Pass").next(draws)));
        for (int number = 1; number <= 4; number++) {
          texts.add(pod(draws, number));
        }
        for (int number = draws.below(6); number > 0; number--) {
          texts.add(
              switch (draws.below(5)) {
                case 0, 1 -> kubernetes(draws, number);
                case 2, 3 -> calico(draws, number);
                default -> clusterPolicy(draws, number);
              });
        }
        texts.forEach(text -> assertThat(cluster.put(json(text))).isTrue());
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          flows.add(
              Flow.between(
                  IpAddress.parse(Gen.pick(ADDRESSES).next(draws)),
                  IpAddress.parse(Gen.pick(ADDRESSES).next(draws)),
                  draws.oneIn(6)
                      ? new Flow.Traffic.Icmp(8, 0)
                      : Flow.Traffic.tcp(Gen.pick(80, 81, 8080).next(draws))));
        }
        return new Case(cluster, flows);
      };

  @Test
  void everyRemedyAllowsWhatWasDenied() {
    AtomicInteger denied = new AtomicInteger();
    AtomicInteger helped = new AtomicInteger();
    AtomicInteger several = new AtomicInteger();
    Property.cases(300)
        .check(
            CASE,
            c -> {
              for (Flow flow : c.flows()) {
                boolean allowed = PolicyOracle.verdict(c.cluster().snapshot(), flow).isAllowed();
                Question question = new Question(flow);
                List<Remedy> remedies =
                    Remedies.find(c.cluster(), question, Explained.of(c.cluster(), question), 3);
                if (allowed) {
                  assertThat(remedies).isEmpty();
                  continue;
                }
                denied.incrementAndGet();
                helped.addAndGet(remedies.isEmpty() ? 0 : 1);
                for (Remedy remedy : remedies) {
                  several.addAndGet(remedy.changes().size() > 1 ? 1 : 0);
                  ClusterDocuments changed = c.cluster().copy();
                  for (Remedy.Change change : remedy.changes()) {
                    assertThat(problems(change.manifest())).as("%s", change).isEmpty();
                    assertThat(changed.put(change.document())).isTrue();
                  }
                  assertThat(PolicyOracle.verdict(changed.snapshot(), flow).isAllowed())
                      .as("%s after %s", flow, remedy)
                      .isTrue();
                }
              }
            });
    assertThat(denied.get()).isGreaterThan(100);
    assertThat(helped.get()).isGreaterThan(denied.get() * 9 / 10);
    assertThat(several.get()).isPositive();
  }

  private static List<String> problems(JsonNode manifest) {
    ObjectNode content = manifest.deepCopy();
    if (content.path("kind").asText().equals("Pod")) {
      return List.of();
    }
    var kind =
        Kinds.of(content.path("apiVersion").asText(), content.path("kind").asText()).orElseThrow();
    Defaults.fill(kind, content);
    return Validator.check(kind, content, ValidationContext.creating()).problems().stream()
        .map(problem -> problem.path() + ": " + problem.message())
        .toList();
  }
}
