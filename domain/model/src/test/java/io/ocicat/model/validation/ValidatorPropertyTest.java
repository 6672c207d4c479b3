package io.ocicat.model.validation;

import static io.ocicat.model.Documents.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.BlockAffinity;
import io.ocicat.model.CalicoPolicy;
import io.ocicat.model.CalicoRule;
import io.ocicat.model.ClusterNetworkPolicy;
import io.ocicat.model.Documents;
import io.ocicat.model.HostEndpoint;
import io.ocicat.model.IpPool;
import io.ocicat.model.Kinds;
import io.ocicat.model.NetworkPolicy;
import io.ocicat.model.NetworkSet;
import io.ocicat.model.Pod;
import io.ocicat.model.Profile;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.StagedPolicy;
import io.ocicat.model.Tier;
import io.ocicat.model.columns.Columns;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.schema.UnknownFields;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What must hold for documents damaged in any way. */
class ValidatorPropertyTest {
  private static final Map<ResourceKind, ObjectNode> WHOLE =
      Map.of(
          Kinds.NETWORK_POLICY,
          document(
              Kinds.NETWORK_POLICY,
              "p",
              """
              {spec: {podSelector: {matchLabels: {a: 'b'}, matchExpressions: [{key: 'x', operator: 'In', values: ['y']}]},
                policyTypes: ['Ingress', 'Egress'],
                ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: '10.0.0.0/8', except: ['10.1.0.0/16']}}],
                  ports: [{port: 80, endPort: 90, protocol: 'TCP'}, {port: 'web'}]}],
                egress: [{to: [{namespaceSelector: {}}]}]}}
              """),
          Kinds.IP_POOL,
          document(
              Kinds.IP_POOL,
              "p",
              "{spec: {cidr: '10.0.0.0/16', blockSize: 26, nodeSelector: 'all()', allowedUses: ['Workload']}}"),
          Kinds.POD,
          document(
              Kinds.POD,
              "p",
              """
              {metadata: {name: 'p', namespace: 'n', labels: {a: 'b'}},
               spec: {nodeName: 'n', hostNetwork: false, containers: [{name: 'c', ports: [{name: 'http', containerPort: 80}]}]},
               status: {phase: 'Running', podIPs: [{ip: '10.0.0.1'}]}}
              """),
          Kinds.BLOCK_AFFINITY,
          document(Kinds.BLOCK_AFFINITY, "p", "{spec: {node: 'n', cidr: '10.0.0.0/26'}}"),
          Kinds.CALICO_NETWORK_POLICY,
          document(
              Kinds.CALICO_NETWORK_POLICY,
              "p",
              """
              {spec: {tier: 'default', order: 1.5, selector: 'has(a)', types: ['Ingress', 'Egress'],
                ingress: [{action: 'Allow', protocol: 'TCP', ipVersion: 4,
                    source: {selector: 'all()', namespaceSelector: 'global()', nets: ['10.0.0.0/8'], ports: [80, '1:9', 'web'],
                      serviceAccounts: {names: ['a'], selector: 'has(b)'}},
                    destination: {notNets: ['10.0.0.1/32'], notPorts: [443]},
                    http: {methods: ['GET'], paths: [{exact: '/a'}, {prefix: '/b'}]}}],
                egress: [{action: 'Deny', destination: {services: {name: 's', namespace: 'n'}}},
                  {action: 'Log', protocol: 1, icmp: {type: 8, code: 0}, notICMP: {type: 3}}]}}
              """),
          Kinds.STAGED_GLOBAL_NETWORK_POLICY,
          document(
              Kinds.STAGED_GLOBAL_NETWORK_POLICY,
              "p",
              """
              {spec: {stagedAction: 'Set', namespaceSelector: 'all()', doNotTrack: true, applyOnForward: true, preDNAT: false,
                ingress: [{action: 'Pass', notProtocol: 'UDP', source: {notSelector: 'has(x)'}}]}}
              """),
          Kinds.HOST_ENDPOINT,
          document(
              Kinds.HOST_ENDPOINT,
              "p",
              """
              {spec: {node: 'n', interfaceName: 'eth0', expectedIPs: ['10.0.0.1'], profiles: ['a'],
                ports: [{name: 'web', protocol: 'TCP', port: 80}]}}
              """),
          Kinds.GLOBAL_NETWORK_SET,
          document(
              Kinds.GLOBAL_NETWORK_SET,
              "p",
              "{spec: {nets: ['10.0.0.0/8', 'fd00::1', '10.0.0.1/8']}}"),
          Kinds.CLUSTER_NETWORK_POLICY,
          document(
              Kinds.CLUSTER_NETWORK_POLICY,
              "p",
              """
              {spec: {tier: 'Admin', priority: 10, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: 'b'}}}},
                ingress: [{name: 'r', action: 'Accept', from: [{namespaces: {matchLabels: {a: 'b'}}}],
                  protocols: [{tcp: {destinationPort: {number: 80}}}, {destinationNamedPort: 'web'}]}],
                egress: [{action: 'Accept', to: [{networks: ['10.0.0.0/8']}, {nodes: {}}, {domainNames: ['*.example.org']},
                    {pods: {podSelector: {}}}],
                  protocols: [{udp: {destinationPort: {range: {start: 1, end: 9}}}}]}]}}
              """));

  private static final List<String> REPLACEMENTS =
      List.of(
          "null",
          "{}",
          "[]",
          "''",
          "0",
          "-1",
          "true",
          "'x'",
          "[[]]",
          "{a: {}}",
          "1.5",
          "99999999999999999999");

  /** A place in the document, by a walk, and what is put there. */
  private record Damage(int place, String replacement) {}

  private record Case(ResourceKind kind, List<Damage> damages) {
    ObjectNode document() {
      ObjectNode document = Objects.requireNonNull(WHOLE.get(kind)).deepCopy();
      for (Damage damage : damages) {
        apply(document, damage);
      }
      return document;
    }
  }

  private static final Gen<Case> CASES =
      Gen.pick(WHOLE.keySet().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList())
          .flatMap(
              kind ->
                  Gen.ints(0, 60)
                      .flatMap(
                          place -> Gen.pick(REPLACEMENTS).map(value -> new Damage(place, value)))
                      .list(0, 4)
                      .map(damages -> new Case(kind, damages)));

  @Test
  void nothingThrowsAndWhatIsAcceptedCanBeRead() {
    Property.cases(3000)
        .check(
            CASES,
            each -> {
              ObjectNode document = each.document();
              Defaults.fill(each.kind(), document);
              ObjectNode twice = document.deepCopy();
              Defaults.fill(each.kind(), twice);
              assertThat(twice).isEqualTo(document);
              Report report = Validator.check(each.kind(), document, ValidationContext.creating());
              assertThat(Columns.cells(each.kind(), document, Instant.EPOCH))
                  .hasSameSizeAs(Columns.of(each.kind()));
              UnknownFields.drop(each.kind(), document);
              Report after =
                  Validator.check(each.kind(), document, ValidationContext.updating(document));
              assertThat(after.unknownFields()).isEmpty();
              assertThat(after.problems()).isEqualTo(report.problems());
              if (report.isAcceptable()) {
                read(each.kind(), document);
              }
            });
  }

  private static void read(ResourceKind kind, ObjectNode document) {
    if (kind.equals(Kinds.CALICO_NETWORK_POLICY)) {
      assertReadable(CalicoPolicy.read(document));
    } else if (kind.equals(Kinds.STAGED_GLOBAL_NETWORK_POLICY)) {
      assertReadable(StagedPolicy.read(document).policy());
    } else if (kind.equals(Kinds.HOST_ENDPOINT)) {
      assertThat(HostEndpoint.read(document).problems()).isEmpty();
    } else if (kind.equals(Kinds.GLOBAL_NETWORK_SET)) {
      assertThat(NetworkSet.read(document).problems()).isEmpty();
    } else if (kind.equals(Kinds.CLUSTER_NETWORK_POLICY)) {
      ClusterNetworkPolicy policy = ClusterNetworkPolicy.read(document);
      assertThat(policy.tier()).isNotEqualTo(ClusterNetworkPolicy.Tier.UNREADABLE);
      assertThat(policy.subject()).isNotInstanceOf(ClusterNetworkPolicy.Subject.Unreadable.class);
      for (NetworkPolicy.Direction direction : NetworkPolicy.Direction.values()) {
        assertThat(policy.rules(direction)).allMatch(ClusterNetworkPolicy.Rule::isReadable);
      }
    } else if (kind.equals(Kinds.IP_POOL)) {
      IpPool pool = IpPool.read(document);
      assertThat(IpPool.read(pool.document()).cidr()).isEqualTo(pool.cidr());
    } else if (kind.equals(Kinds.NETWORK_POLICY)) {
      NetworkPolicy policy = NetworkPolicy.read(document);
      for (NetworkPolicy.Direction direction : NetworkPolicy.Direction.values()) {
        for (NetworkPolicy.Rule rule : policy.rules(direction)) {
          assertThat(rule.peers()).noneMatch(NetworkPolicy.Peer.Unreadable.class::isInstance);
          assertThat(rule.ports()).noneMatch(NetworkPolicy.Port.Unreadable.class::isInstance);
        }
      }
    } else if (kind.equals(Kinds.POD)) {
      assertThat(Pod.read(document).name()).isNotEmpty();
    } else {
      assertThat(BlockAffinity.read(document).node()).isNotEmpty();
    }
  }

  private static void assertReadable(CalicoPolicy policy) {
    assertThat(policy.problems()).isEmpty();
    for (NetworkPolicy.Direction direction : NetworkPolicy.Direction.values()) {
      assertThat(policy.rules(direction)).noneMatch(CalicoRule.Unreadable.class::isInstance);
    }
  }

  /** What was not validated is read too, as it may come from a server that knows less. */
  @Test
  void readingNeverFails() {
    Property.cases(3000)
        .check(
            CASES,
            each -> {
              ObjectNode document = each.document();
              assertThat(CalicoPolicy.read(document).tier()).isNotEmpty();
              assertThat(StagedPolicy.read(document).action()).isNotNull();
              assertThat(HostEndpoint.read(document).ports()).isNotNull();
              assertThat(NetworkSet.read(document).nets()).isNotNull();
              assertThat(Profile.read(document).ingress()).isNotNull();
              assertThat(Tier.read(document).defaultAction()).isNotNull();
              assertThat(ClusterNetworkPolicy.read(document).subject()).isNotNull();
            });
  }

  private static void apply(ObjectNode document, Damage damage) {
    List<Runnable> places = new ArrayList<>();
    collect(document, Documents.json("{v: " + damage.replacement() + "}").get("v"), places);
    places.get(damage.place() % places.size()).run();
  }

  private static void collect(JsonNode node, JsonNode value, List<Runnable> places) {
    switch (node) {
      case ObjectNode object -> {
        for (String name : List.copyOf(namesOf(object))) {
          places.add(() -> object.set(name, value.deepCopy()));
          collect(object.get(name), value, places);
        }
        places.add(() -> object.set("extra", value.deepCopy()));
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          int index = i;
          places.add(() -> array.set(index, value.deepCopy()));
          collect(array.get(i), value, places);
        }
        places.add(() -> array.add(value.deepCopy()));
      }
      default -> {}
    }
  }

  private static List<String> namesOf(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
