package io.ocicat.model.validation;

import static io.ocicat.model.Documents.document;
import static io.ocicat.model.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.inet.Cidr;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.schema.UnknownFields;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidatorTest {
  @Test
  void tellsAllProblemsAtOnce() {
    assertThat(
            problems(
                Kinds.NETWORK_POLICY,
                """
                {spec: {
                  podSelector: {matchLabels: {'-bad': 'also bad!'}},
                  policyTypes: ['Ingres'],
                  ingress: [
                    {from: [{ipBlock: {cidr: '10.0.0.0/8', except: ['10.0.0.0/8', '11.0.0.0/8', 'x']}, podSelector: {}}, {}],
                     ports: [{port: 0}, {port: 'WEB'}, {port: 80, endPort: 79}, {endPort: 80}, {port: 'web', endPort: 80},
                             {protocol: 'tcp'}, {port: true}, {port: 1, endPort: 70000}]},
                    {from: [{namespaceSelector: {matchExpressions: [
                      {key: 'a', operator: 'In'}, {key: 'b', operator: 'Exists', values: ['x']}, {key: 'c', operator: 'Is'}]}}]}]}}
                """))
        .extracting(problem -> problem.path() + " " + problem.cause())
        .containsExactlyInAnyOrder(
            "spec.podSelector.matchLabels INVALID",
            "spec.podSelector.matchLabels[-bad] INVALID",
            "spec.policyTypes[0] NOT_SUPPORTED",
            "spec.ingress[0].from[0].ipBlock.except[0] INVALID",
            "spec.ingress[0].from[0].ipBlock.except[1] INVALID",
            "spec.ingress[0].from[0].ipBlock.except[2] INVALID",
            "spec.ingress[0].from[0] FORBIDDEN",
            "spec.ingress[0].from[1] REQUIRED",
            "spec.ingress[0].ports[0].port INVALID",
            "spec.ingress[0].ports[1].port INVALID",
            "spec.ingress[0].ports[1].port INVALID",
            "spec.ingress[0].ports[2].endPort INVALID",
            "spec.ingress[0].ports[3].endPort INVALID",
            "spec.ingress[0].ports[4].endPort INVALID",
            "spec.ingress[0].ports[5].protocol NOT_SUPPORTED",
            "spec.ingress[0].ports[6].port TYPE",
            "spec.ingress[0].ports[7].endPort INVALID",
            "spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].values REQUIRED",
            "spec.ingress[1].from[0].namespaceSelector.matchExpressions[1].values FORBIDDEN",
            "spec.ingress[1].from[0].namespaceSelector.matchExpressions[2].operator INVALID");
  }

  @Test
  void saysThatAWordWhichIsNeitherTrueNorFalseTurnsNoLoggingOn() {
    String annotated = "{metadata: {name: 'x', annotations: {'ocicat.io/log-denied': '%s'}}}";
    assertThat(check(Kinds.NAMESPACE, annotated.formatted("true")).warnings()).isEmpty();
    assertThat(check(Kinds.NAMESPACE, annotated.formatted("yes")).warnings())
        .singleElement()
        .asString()
        .contains("metadata.annotations.ocicat.io/log-denied", "\"yes\"");
  }

  @Test
  void speaksInUpstreamsWords() {
    assertThat(
            texts(
                Kinds.NETWORK_POLICY,
                "{spec: {ingress: [{ports: [{protocol: 'tcp', port: 70000}, {port: 80, endPort: 79}]}]}}"))
        .containsExactly(
            "spec.ingress[0].ports[0].protocol: Unsupported value: \"tcp\": supported values:"
                + " \"SCTP\", \"TCP\", \"UDP\"; did you mean \"TCP\"?",
            "spec.ingress[0].ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
            "spec.ingress[0].ports[1].endPort: Invalid value: 79: must be greater than or equal to `port`");
    assertThat(texts(Kinds.IP_POOL, "{spec: {}}")).containsExactly("spec.cidr: Required value");
    assertThat(texts(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/16', natOutgoing: 'yes'}}"))
        .containsExactly(
            "spec.natOutgoing: Invalid value: \"yes\": must be of type boolean, not string");
  }

  @Test
  void guessesWhatAnUnknownFieldWasToBe() {
    Report report =
        check(
            Kinds.NETWORK_POLICY,
            """
            {specs: {}, spec: {podSelctor: {}, egress: [{from: [{podSelector: {}}]}], ports: [], frobnicate: 1,
              ingress: [{From: []}]}}
            """);
    assertThat(report.unknownFields())
        .extracting(UnknownField::toString)
        .containsExactlyInAnyOrder(
            "unknown field \"specs\", did you mean \"spec\"?",
            "unknown field \"spec.podSelctor\", did you mean \"podSelector\"?",
            "unknown field \"spec.egress[0].from\", which belongs in spec.ingress[]",
            "unknown field \"spec.ports\", which belongs in spec.ingress[] or spec.egress[]",
            "unknown field \"spec.frobnicate\"",
            "unknown field \"spec.ingress[0].From\", did you mean \"from\"?");
    assertThat(report.isAcceptable()).isTrue();
  }

  @Test
  void dropsWhatIsUnknown() {
    ObjectNode document =
        document(Kinds.IP_POOL, "p", "{spec: {cidr: '10.0.0.0/16', sidr: 1}, x: 2}");
    UnknownFields.drop(Kinds.IP_POOL, document);
    assertThat(document).isEqualTo(document(Kinds.IP_POOL, "p", "{spec: {cidr: '10.0.0.0/16'}}"));
  }

  @Test
  void keepsFieldsOfPodsThatItDoesNotKnow() {
    ObjectNode pod =
        document(
            Kinds.POD,
            "web",
            """
            {spec: {restartPolicy: 'Never', containers: [{name: 'a', image: 'b', resources: {limits: {cpu: '1'}}}]},
             status: {qosClass: 'Burstable'}}
            """);
    ObjectNode before = pod.deepCopy();
    UnknownFields.drop(Kinds.POD, pod);
    assertThat(pod).isEqualTo(before);
    assertThat(check(Kinds.POD, pod, ValidationContext.creating()))
        .isEqualTo(new Report(List.of(), List.of(), List.of()));
  }

  @Test
  void wantsNamesThatKubernetesWants() {
    assertThat(problemsOf(document(Kinds.NAMESPACE, "a.b", "{}"))).hasSize(1);
    assertThat(problemsOf(document(Kinds.NAMESPACE, "Upper", "{}"))).hasSize(1);
    assertThat(problemsOf(document(Kinds.NAMESPACE, "x".repeat(64), "{}"))).isNotEmpty();
    assertThat(problemsOf(document(Kinds.NAMESPACE, "fine-1", "{}"))).isEmpty();
    assertThat(problemsOf(document(Kinds.POD, "a.b", "{}"))).isEmpty();
    assertThat(problemsOf(document(Kinds.POD, "-a", "{}"))).hasSize(1);
    assertThat(problemsOf(json("{apiVersion: 'v1', kind: 'Namespace', metadata: {}}")))
        .extracting(Problem::toString)
        .containsExactly("metadata.name: Required value: name or generateName is required");
  }

  @Test
  void warnsOfWhatWillNotDoWhatItSeemsTo() {
    assertThat(
            check(
                    Kinds.NETWORK_POLICY,
                    "{spec: {policyTypes: ['Ingress'], egress: [{to: [{ipBlock: {cidr: '10.0.0.1/8'}}]}]}}")
                .warnings())
        .containsExactlyInAnyOrder(
            "spec.egress: has no effect, because policyTypes does not list Egress",
            "spec.egress[0].to[0].ipBlock.cidr: \"10.0.0.1/8\" has host bits set and means 10.0.0.0/8");
    assertThat(
            check(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/16', vxlanMode: 'Always'}}").warnings())
        .singleElement()
        .asString()
        .startsWith("spec.vxlanMode: accepted, but");
  }

  @Test
  void refusesPoolsThatCannotWork() {
    assertPoolProblem(
        "{cidr: '10.0.0.1/16'}",
        "spec.cidr: Invalid value: \"10.0.0.1/16\": must be strictly masked; did you mean 10.0.0.0/16?");
    assertPoolProblem("{cidr: '10.0.0.0'}", "spec.cidr");
    assertPoolProblem("{cidr: '169.254.0.0/20'}", "spec.cidr");
    assertPoolProblem("{cidr: 'fe80::/64'}", "spec.cidr");
    assertPoolProblem("{cidr: '224.0.0.0/8'}", "spec.cidr");
    assertPoolProblem("{cidr: '10.0.0.0/27'}", "spec.cidr");
    assertPoolProblem("{cidr: '10.0.0.0/16', blockSize: 19}", "spec.blockSize");
    assertPoolProblem("{cidr: '10.0.0.0/16', blockSize: 33}", "spec.blockSize");
    assertPoolProblem("{cidr: 'fd00::/64', blockSize: 26}", "spec.blockSize");
    assertPoolProblem("{cidr: 'fd00::/64', ipipMode: 'Always'}", "spec.ipipMode");
    assertPoolProblem(
        "{cidr: '10.0.0.0/16', ipipMode: 'Always', vxlanMode: 'Always'}", "spec.ipipMode");
    assertPoolProblem("{cidr: '10.0.0.0/16', nodeSelector: 'zone = a'}", "spec.nodeSelector");
    assertPoolProblem(
        "{cidr: '10.0.0.0/16', nodeSelector: 'all() && global()'}", "spec.nodeSelector");
    assertPoolProblem(
        "{cidr: '10.0.0.0/16', allowedUses: ['Workload', 'LoadBalancer']}", "spec.allowedUses");
    assertPoolProblem(
        "{cidr: '10.0.0.0/16', allowedUses: ['Tunnel', 'Tunnel']}", "spec.allowedUses[1]");
    assertThat(problems(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/27', disabled: true}}")).isEmpty();
    assertThat(problems(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/27', blockSize: 29}}")).isEmpty();
  }

  @Test
  void refusesOverlappingPools() {
    ValidationContext context =
        ValidationContext.creating()
            .with(
                List.of(
                    IpPool.of("p", Cidr.parse("10.0.0.0/16")),
                    IpPool.of("other", Cidr.parse("10.1.0.0/16")),
                    IpPool.of("six", Cidr.parse("fd00::/48"))));
    assertThat(
            check(Kinds.IP_POOL, filled(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/16'}}"), context)
                .problems())
        .isEmpty();
    assertThat(
            check(Kinds.IP_POOL, filled(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/8'}}"), context)
                .problems())
        .extracting(Problem::toString)
        .containsExactly(
            "spec.cidr: Invalid value: \"10.0.0.0/8\": overlaps with the range 10.1.0.0/16 of IPPool other");
  }

  @Test
  void refusesToChangeWhatCannotBeChanged() {
    ObjectNode before = filled(Kinds.IP_POOL, "{spec: {cidr: '10.0.0.0/16'}}");
    ObjectNode after =
        filled(
            Kinds.IP_POOL,
            "{spec: {cidr: '10.0.0.0/15', blockSize: 27, allowedUses: ['LoadBalancer']}}");
    assertThat(check(Kinds.IP_POOL, after, ValidationContext.updating(before)).problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("spec.cidr", "spec.blockSize", "spec.allowedUses");
    ObjectNode bound = filled(Kinds.POD, "{spec: {nodeName: 'a'}}");
    assertThat(
            check(
                    Kinds.POD,
                    filled(Kinds.POD, "{spec: {nodeName: 'b', hostNetwork: true}}"),
                    ValidationContext.updating(bound))
                .problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("spec.nodeName", "spec.hostNetwork");
    assertThat(
            check(Kinds.POD, bound, ValidationContext.updating(filled(Kinds.POD, "{spec: {}}")))
                .problems())
        .isEmpty();
  }

  @Test
  void refusesPodsThatContradictThemselves() {
    assertThat(
            texts(
                Kinds.POD,
                """
                {spec: {initContainers: [{name: 'a'}],
                  containers: [{name: 'a', ports: [{name: 'p', containerPort: 1}, {name: 'p', containerPort: 2}, {}]}]},
                 status: {podIPs: [{ip: '10.0.0.1'}, {ip: '10.0.0.2'}]}}
                """))
        .containsExactlyInAnyOrder(
            "spec.containers[0].name: Duplicate value: \"a\"",
            "spec.containers[0].ports[1].name: Duplicate value: \"p\"",
            "spec.containers[0].ports[2].containerPort: Required value",
            "status.podIPs[1]: Invalid value: {\"ip\":\"10.0.0.2\"}: may specify no more than one IP for each IP family");
  }

  @Test
  void judgesWhatControllersWrite() {
    assertThat(texts(Kinds.WORKLOAD_ENDPOINT, "{spec: {ipNetworks: ['10.0.0.0/24'], mac: 'x'}}"))
        .hasSize(2);
    assertThat(
            texts(Kinds.BLOCK_AFFINITY, "{spec: {node: 'n', cidr: '10.0.0.0/26', deleted: true}}"))
        .hasSize(1);
    assertThat(texts(Kinds.NODE, "{status: {addresses: [{type: 'InternalIP', address: 'x'}]}}"))
        .hasSize(1);
    assertThat(texts(Kinds.SERVICE_ACCOUNT, "{automountServiceAccountToken: true}")).isEmpty();
  }

  private static void assertPoolProblem(String spec, String beginning) {
    assertThat(texts(Kinds.IP_POOL, "{spec: " + spec + "}"))
        .singleElement()
        .asString()
        .startsWith(beginning);
  }

  private static ObjectNode filled(ResourceKind kind, String rest) {
    ObjectNode document = document(kind, "p", rest);
    Defaults.fill(kind, document);
    return document;
  }

  private static List<String> texts(ResourceKind kind, String rest) {
    return problems(kind, rest).stream().map(Problem::toString).toList();
  }

  private static List<Problem> problems(ResourceKind kind, String rest) {
    return check(kind, rest).problems();
  }

  private static List<Problem> problemsOf(ObjectNode document) {
    ResourceKind kind =
        Kinds.of(document.path("apiVersion").asText(), document.path("kind").asText())
            .orElseThrow();
    Defaults.fill(kind, document);
    return check(kind, document, ValidationContext.creating()).problems();
  }

  private static Report check(ResourceKind kind, String rest) {
    return check(kind, filled(kind, rest), ValidationContext.creating());
  }

  private static Report check(ResourceKind kind, ObjectNode document, ValidationContext context) {
    return Validator.check(kind, document, context);
  }
}
