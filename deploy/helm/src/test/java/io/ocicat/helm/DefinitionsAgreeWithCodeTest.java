package io.ocicat.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import io.ocicat.model.crd.CustomResourceDefinitions;
import io.ocicat.model.schema.Defaults;
import io.ocicat.model.validation.ValidationContext;
import io.ocicat.model.validation.Validator;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An API server that knows the CustomResourceDefinition accepts and refuses the same documents as
 * our own code. What it cannot know is named in {@link #leavesToTheControllerWhatItCannotKnow}.
 */
class DefinitionsAgreeWithCodeTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final DefinedKind IP_POOL = new DefinedKind(Kinds.IP_POOL);
  private static final DefinedKind BLOCK_AFFINITY = new DefinedKind(Kinds.BLOCK_AFFINITY);

  private static final List<String> CIDRS =
      List.of(
          "10.0.0.0/16",
          "10.0.0.0/26",
          "10.0.0.0/27",
          "10.0.0.64/26",
          "10.0.0.1/16",
          "10.0.0.0/32",
          "0.0.0.0/0",
          "169.254.0.0/16",
          "169.254.1.0/24",
          "168.0.0.0/6",
          "169.255.0.0/16",
          "224.0.0.0/8",
          "239.1.0.0/16",
          "127.0.0.0/8",
          "128.0.0.0/1",
          "10.0.0.0/33",
          "10.0.0.0",
          "010.0.0.0/8",
          "",
          "fd00::/64",
          "fd00::/122",
          "fd00::/123",
          "fd00:0:0:0::/64",
          "fd00::1/64",
          "fd00::40/122",
          "fe80::/64",
          "fe00::/8",
          "ff02::/16",
          "::1/128",
          "::/0",
          "fd00::/129",
          "FD00::/64",
          "fd00:::/64");

  private static final Map<String, List<String>> POOL_VALUES =
      Map.of(
          "cidr", CIDRS.stream().map(each -> '"' + each + '"').toList(),
          "blockSize",
              List.of(
                  "26", "28", "32", "20", "19", "33", "122", "116", "128", "115", "0", "-1", "129"),
          "ipipMode", List.of("\"Never\"", "\"Always\"", "\"CrossSubnet\"", "\"never\"", "\"\""),
          "vxlanMode", List.of("\"Never\"", "\"Always\"", "\"CrossSubnet\""),
          "natOutgoing", List.of("true", "false"),
          "disabled", List.of("true", "false"),
          "disableBGPExport", List.of("false", "true"),
          "nodeSelector",
              List.of("\"all()\"", "\"\"", "\"zone == 'a'\"", "\" all( ) \"", "\"(all())\""),
          "namespaceSelector", List.of("\"all()\"", "\"has(x)\"", "\"\""),
          "allowedUses",
              List.of(
                  "[\"Workload\"]",
                  "[\"LoadBalancer\"]",
                  "[]",
                  "[\"Workload\",\"LoadBalancer\"]",
                  "[\"Tunnel\",\"Tunnel\"]",
                  "[\"Other\"]"));

  private static final Map<String, List<String>> LEASE_VALUES =
      Map.of(
          "cidr", CIDRS.stream().map(each -> '"' + each + '"').toList(),
          "node", List.of("\"a\"", "\"b\"", "\"\""),
          "state", List.of("\"confirmed\"", "\"pending\"", "\"\"", "\"gone\""),
          "type", List.of("\"host\"", "\"virtual\"", "\"\""),
          "deleted", List.of("false", "true"));

  /** Values that are of a wrong type or form nearly everywhere; the text is a selector. */
  private static final List<String> DAMAGE =
      List.of(
          "{}",
          "[]",
          "\"all()\"",
          "1.5",
          "true",
          "-1",
          "[[]]",
          "{\"a\":{}}",
          "99999999999999999999");

  @Test
  void acceptsAndRefusesTheSameNewPools() {
    Property.cases(4000)
        .check(specs(POOL_VALUES), spec -> sameVerdict(Kinds.IP_POOL, IP_POOL, spec));
  }

  @Test
  void acceptsAndRefusesTheSameNewLeases() {
    Property.cases(1500)
        .check(
            specs(LEASE_VALUES), spec -> sameVerdict(Kinds.BLOCK_AFFINITY, BLOCK_AFFINITY, spec));
  }

  @Test
  void acceptsAndRefusesTheSameChangesOfPools() {
    Property.cases(4000)
        .check(pairs(POOL_VALUES), pair -> sameVerdict(Kinds.IP_POOL, IP_POOL, pair));
  }

  @Test
  void acceptsAndRefusesTheSameChangesOfLeases() {
    Property.cases(1500)
        .check(
            pairs(LEASE_VALUES), pair -> sameVerdict(Kinds.BLOCK_AFFINITY, BLOCK_AFFINITY, pair));
  }

  /** Each rule once, by hand, so that a generator that misses one is seen. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{cidr: 10.0.0.1/16}                                                  | strictly masked",
        "{cidr: 169.254.0.0/17}                                               | link-local",
        "{cidr: 'fe80::/10'}                                                  | link-local",
        "{cidr: 230.0.0.0/16}                                                 | unicast",
        "{cidr: 127.0.0.0/16}                                                 | unicast",
        "{cidr: 10.0.0.0/16, blockSize: 19}                                   | between 20 and 32",
        "{cidr: 'fd00::/64', blockSize: 64}                                   | between 20 and 32",
        "{cidr: 10.0.0.0/28}                                                  | at least one block",
        "{cidr: 'fd00::/64', ipipMode: Always}                                | Never in an IPv6 pool",
        "{cidr: 10.0.0.0/16, ipipMode: Always, vxlanMode: Always}             | together with vxlanMode",
        "{cidr: 10.0.0.0/16, allowedUses: [Tunnel, Tunnel]}                   | twice",
        "{cidr: 10.0.0.0/16, allowedUses: [Tunnel, LoadBalancer]}             | combined with other uses",
        "{cidr: 10.0.0.0/16, allowedUses: [LoadBalancer], nodeSelector: has(a)} | has nodeSelector all()",
      })
  void saysWhichRuleAPoolBreaks(String spec, String message) {
    ObjectNode document = document(Kinds.IP_POOL, Yaml.readAll(spec).getFirst());
    assertThat(IP_POOL.creating(document)).anySatisfy(each -> assertThat(each).contains(message));
  }

  @Test
  void leavesToTheControllerWhatItCannotKnow() {
    for (String spec :
        List.of(
            "{cidr: 10.0.0.0/16, nodeSelector: 'zone =='}",
            "{cidr: 10.0.0.0/16, nodeSelector: 'global()'}",
            "{cidr: 10.0.0.0/16, namespaceSelector: '((('}")) {
      ObjectNode document = document(Kinds.IP_POOL, Yaml.readAll(spec).getFirst());
      assertThat(IP_POOL.creating(document)).as(spec).isEmpty();
      assertThat(isAccepted(Kinds.IP_POOL, document, ValidationContext.creating())).isFalse();
    }
  }

  @Test
  void everyFieldIsDescribedAndTypedOrKeptAsItIs() {
    for (ResourceKind kind : CustomResourceDefinitions.kinds()) {
      DefinedKind defined = new DefinedKind(kind);
      described(kind.kind(), defined.schema());
    }
  }

  private static void described(String path, JsonNode schema) {
    schema
        .path("properties")
        .properties()
        .forEach(
            each -> {
              String name = path + "." + each.getKey();
              assertThat(
                      each.getValue().path("type").asText()
                          + each.getValue().path("x-kubernetes-int-or-string").asText()
                          + each.getValue().path("x-kubernetes-preserve-unknown-fields").asText())
                  .as(name)
                  .isNotEmpty();
              assertThat(each.getValue().path("description").asText())
                  .as(name)
                  .matches(text -> each.getKey().equals("metadata") || text.length() > 8);
              described(name, each.getValue());
              described(name + "[]", each.getValue().path("items"));
            });
  }

  private record Change(ObjectNode before, ObjectNode after) {}

  private static void sameVerdict(ResourceKind kind, DefinedKind defined, ObjectNode spec) {
    ObjectNode document = document(kind, spec);
    List<String> refusals = defined.creating(document);
    assertThat(isAccepted(kind, document, ValidationContext.creating()))
        .as("%s; the definition says %s", spec, refusals)
        .isEqualTo(refusals.isEmpty());
  }

  private static void sameVerdict(ResourceKind kind, DefinedKind defined, Change change) {
    ObjectNode before = document(kind, change.before());
    if (!defined.creating(before).isEmpty()) {
      return;
    }
    ObjectNode after = document(kind, change.after());
    ObjectNode stored = before.deepCopy();
    Defaults.fill(kind, stored);
    List<String> refusals = defined.updating(before, after);
    assertThat(isAccepted(kind, after, ValidationContext.updating(stored)))
        .as("%s; the definition says %s", change, refusals)
        .isEqualTo(refusals.isEmpty());
  }

  private static boolean isAccepted(
      ResourceKind kind, ObjectNode document, ValidationContext context) {
    ObjectNode filled = document.deepCopy();
    Defaults.fill(kind, filled);
    return Validator.check(kind, filled, context).isAcceptable();
  }

  /** Mostly a few good fields; now and then one that is of a wrong type or unknown. */
  private static Gen<ObjectNode> specs(Map<String, List<String>> values) {
    List<String> fields = values.keySet().stream().sorted().toList();
    return draws -> {
      ObjectNode spec = JsonNodeFactory.instance.objectNode();
      if (draws.below(10) > 0) {
        spec.set("cidr", json("\"10.0.0.0/16\""));
        spec.set("node", json("\"a\""));
        if (!values.containsKey("node")) {
          spec.remove("node");
        }
      }
      int count = draws.below(5);
      for (int i = 0; i < count; i++) {
        String field = fields.get(draws.below(fields.size()));
        List<String> all = values.get(field);
        spec.set(field, json(all == null ? "0" : all.get(draws.below(all.size()))));
      }
      if (draws.below(8) == 7) {
        String field = draws.below(6) == 5 ? "extra" : fields.get(draws.below(fields.size()));
        spec.set(field, json(DAMAGE.get(draws.below(DAMAGE.size()))));
      }
      return spec;
    };
  }

  /** The second is the first with some fields changed. */
  private static Gen<Change> pairs(Map<String, List<String>> values) {
    Gen<ObjectNode> specs = specs(values);
    return specs.flatMap(
        before ->
            specs.map(
                other -> {
                  ObjectNode after = before.deepCopy();
                  after.setAll(other);
                  return new Change(before, after);
                }));
  }

  private static ObjectNode document(ResourceKind kind, ObjectNode spec) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    document.putObject("metadata").put("name", "one");
    document.set("spec", spec);
    return document;
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
