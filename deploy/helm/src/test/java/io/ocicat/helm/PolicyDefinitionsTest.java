package io.ocicat.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.validation.Problem;
import io.ocicat.model.validation.ValidationContext;
import io.ocicat.model.validation.Validator;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Definitions of the kinds that policy and routing are made of never refuse what our own code
 * accepts. They know less than it does of what fields mean for each other; what they miss is named
 * here.
 */
class PolicyDefinitionsTest {
  /** What kubectl keeps of an object that it applies is an annotation, which is bounded by this. */
  private static final int ANNOTATIONS_MAX_BYTES = 256 * 1024;

  private static final Map<ResourceKind, DefinedKind> DEFINED = new HashMap<>();

  /** No null: servers take it for an absent field, which the evaluator here does not. */
  private static final List<String> REPLACEMENTS =
      List.of(
          "{}",
          "[]",
          "''",
          "0",
          "-1",
          "4",
          "true",
          "'x'",
          "[[]]",
          "1.5",
          "70000",
          "'80:90'",
          "'TCP'",
          "'all()'",
          "['10.0.0.0/8']",
          "[Ingress]",
          "Delete");

  private static DefinedKind defined(ResourceKind kind) {
    return DEFINED.computeIfAbsent(kind, DefinedKind::new);
  }

  private static List<ObjectNode> examples() {
    List<ObjectNode> all = new ArrayList<>();
    try {
      for (Path file : Repository.examples()) {
        all.addAll(Yaml.readAll(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return all;
  }

  private static ResourceKind kindOf(ObjectNode document) {
    return Kinds.of(document.path("apiVersion").asText(), document.path("kind").asText())
        .orElseThrow();
  }

  private static List<Problem> problems(ObjectNode document) {
    ObjectNode filled = document.deepCopy();
    Defaults.fill(kindOf(document), filled);
    return Validator.check(kindOf(document), filled, ValidationContext.creating()).problems();
  }

  @Test
  void examplesOfEveryKindAreAccepted() {
    for (ObjectNode example : examples()) {
      assertThat(problems(example)).as(Yaml.write(example)).isEmpty();
      assertThat(defined(kindOf(example)).creating(example)).as(Yaml.write(example)).isEmpty();
    }
    assertThat(examples().stream().map(PolicyDefinitionsTest::kindOf).distinct()).hasSize(16);
  }

  private record Damage(int place, String replacement) {}

  @Test
  void definitionsAcceptWhatOurCodeAccepts() {
    List<ObjectNode> examples = examples();
    Gen<Damage> damage =
        Gen.ints(0, 200)
            .flatMap(place -> Gen.pick(REPLACEMENTS).map(value -> new Damage(place, value)));
    Property.cases(3000)
        .check(
            Gen.ints(0, examples.size() - 1)
                .flatMap(
                    index ->
                        damage.list(1, 3).map(damages -> damaged(examples.get(index), damages))),
            document -> {
              if (problems(document).isEmpty()) {
                assertThat(defined(kindOf(document)).creating(document))
                    .as(Yaml.write(document))
                    .isEmpty();
              }
            });
  }

  private static ObjectNode damaged(ObjectNode example, List<Damage> damages) {
    ObjectNode document = example.deepCopy();
    for (Damage damage : damages) {
      List<Runnable> places = new ArrayList<>();
      JsonNode value = Yaml.readAll("v: " + damage.replacement()).getFirst().path("v");
      collect(document.path("spec"), value, places);
      if (!places.isEmpty()) {
        places.get(damage.place() % places.size()).run();
      }
    }
    return document;
  }

  private static void collect(JsonNode node, JsonNode value, List<Runnable> places) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> each : List.copyOf(object.properties())) {
        places.add(() -> object.set(each.getKey(), value.deepCopy()));
        collect(each.getValue(), value, places);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        places.add(() -> array.set(index, value.deepCopy()));
        collect(array.get(i), value, places);
      }
    }
  }

  /** Each as the spec of a kind; false where only our own code refuses it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GlobalNetworkPolicy | {preDNAT: true, doNotTrack: true, applyOnForward: true}         | true",
        "GlobalNetworkPolicy | {doNotTrack: true}                                              | true",
        "GlobalNetworkPolicy | {preDNAT: true, applyOnForward: true, egress: [{action: Deny}]} | true",
        "GlobalNetworkPolicy | {preDNAT: true, applyOnForward: true, types: [Egress]}          | true",
        "GlobalNetworkPolicy | {types: []}                                                     | true",
        "GlobalNetworkPolicy | {order: x}                                                      | true",
        "GlobalNetworkPolicy | {ingress: [{}]}                                                 | true",
        "GlobalNetworkPolicy | {ingress: [{action: Drop}]}                                     | true",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, protocol: tcp}]}                      | true",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, protocol: 256}]}                      | true",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, source: {ports: [0]}}]}               | true",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, source: {ports: ['a b']}}]}           | true",
        "StagedGlobalNetworkPolicy | {stagedAction: Delete, ingress: [{action: Deny}]}         | true",
        "HostEndpoint | {node: a}                                                              | true",
        "HostEndpoint | {interfaceName: eth0}                                                  | true",
        "ClusterNetworkPolicy | {tier: Admin, priority: 1, subject: {}}                        | true",
        "ClusterNetworkPolicy | {tier: Admin, priority: 1001, subject: {namespaces: {}}}       | true",
        "GlobalNetworkPolicy | {selector: 'a =='}                                              | false",
        "GlobalNetworkPolicy | {selector: 'global()'}                                          | false",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, source: {ports: [80]}}]}              | false",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, source: {nets: [x]}}]}                | false",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, icmp: {code: 1}, protocol: ICMP}]}    | false",
        "GlobalNetworkPolicy | {ingress: [{action: Deny, http: {methods: [GET]}}]}             | false",
        "Tier | {defaultAction: Deny, order: x}                                                | true"
      })
  void saysWhatDefinitionsLeaveToTheController(String kind, String spec, boolean refused) {
    ResourceKind resource = Kinds.called(kind).orElseThrow();
    ObjectNode document = Yaml.readAll(spec).getFirst().objectNode();
    document.put("apiVersion", resource.apiVersion()).put("kind", kind);
    document.putObject("metadata").put("name", "one");
    document.set("spec", Yaml.readAll(spec).getFirst());
    assertThat(problems(document)).isNotEmpty();
    assertThat(!defined(resource).creating(document).isEmpty()).isEqualTo(refused);
  }

  @Test
  void kubectlCanApplyEveryDefinition() {
    for (ResourceKind kind : CustomResourceDefinitions.kinds()) {
      String json =
          CustomResourceDefinitions.of(kind, CustomResourceDefinitions.Rules.INCLUDED).toString();
      assertThat(json.getBytes(StandardCharsets.UTF_8).length)
          .as(kind.kind())
          .isLessThan(ANNOTATIONS_MAX_BYTES / 2);
    }
  }
}
