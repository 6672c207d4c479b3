package io.ocicat.helm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import java.util.List;
import java.util.Map;

/**
 * Evaluates rules of a CustomResourceDefinition as an API server does, with as much of Kubernetes'
 * network library as they use.
 */
final class CelEvaluator {
  private static final CelType CIDR = OpaqueType.create("net.CIDR");
  private static final CelType IP = OpaqueType.create("net.IP");
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  /** As the library has it: bits after the length may be set. */
  private record LooseCidr(IpAddress address, int length) {
    static LooseCidr of(String text) {
      int slash = text.indexOf('/');
      return new LooseCidr(
          IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    LooseCidr masked() {
      return new LooseCidr(prefix().address(), length);
    }

    Cidr prefix() {
      return Cidr.containing(address, length);
    }
  }

  private static final Cel CEL =
      CelFactory.legacyCelBuilder()
          .setOptions(CelOptions.current().build())
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("self", SimpleType.DYN)
          .addVar("oldSelf", SimpleType.DYN)
          .addCompilerLibraries(CelExtensions.optional())
          .addRuntimeLibraries(CelExtensions.optional())
          .addFunctionDeclarations(
              global("cidr", CIDR, SimpleType.STRING),
              member("masked", CIDR, CIDR),
              member("prefixLength", SimpleType.INT, CIDR),
              member("ip", IP, CIDR),
              member("containsCIDR", SimpleType.BOOL, CIDR, SimpleType.STRING),
              member("containsIP", SimpleType.BOOL, CIDR, IP),
              member("family", SimpleType.INT, IP),
              member("isLoopback", SimpleType.BOOL, IP))
          .addFunctionBindings(
              CelFunctionBinding.from("cidr", String.class, LooseCidr::of),
              CelFunctionBinding.from("masked", LooseCidr.class, LooseCidr::masked),
              CelFunctionBinding.from(
                  "prefixLength", LooseCidr.class, cidr -> (long) cidr.length()),
              CelFunctionBinding.from("ip", LooseCidr.class, LooseCidr::address),
              CelFunctionBinding.from(
                  "containsCIDR",
                  LooseCidr.class,
                  String.class,
                  (cidr, other) -> cidr.prefix().contains(LooseCidr.of(other).prefix())),
              CelFunctionBinding.from(
                  "containsIP",
                  LooseCidr.class,
                  IpAddress.class,
                  (cidr, address) -> cidr.prefix().contains(address)),
              CelFunctionBinding.from(
                  "family",
                  IpAddress.class,
                  address -> address.family() == IpFamily.IPV4 ? 4L : 6L),
              CelFunctionBinding.from("isLoopback", IpAddress.class, IpAddress::isLoopback))
          .build();

  private record Rule(CelRuntime.Program program, boolean isTransition, String message) {}

  private final List<Rule> rules;

  /** With the rules in {@code x-kubernetes-validations} of a schema. */
  CelEvaluator(JsonNode schema) {
    this.rules =
        schema.path("x-kubernetes-validations").valueStream().map(CelEvaluator::rule).toList();
  }

  private static Rule rule(JsonNode rule) {
    String expression = rule.path("rule").asText();
    try {
      return new Rule(
          CEL.createProgram(CEL.compile(expression).getAst()),
          expression.contains("oldSelf"),
          rule.path("message").asText());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException(expression, e);
    }
  }

  int size() {
    return rules.size();
  }

  /** The messages of the rules that a new object breaks. */
  List<String> creating(ObjectNode self) {
    return rules.stream()
        .filter(rule -> !rule.isTransition() && !holds(rule, Map.of("self", value(self))))
        .map(Rule::message)
        .toList();
  }

  /** The messages of the rules that an object breaks by taking another's place. */
  List<String> updating(ObjectNode oldSelf, ObjectNode self) {
    Map<String, Object> variables = Map.of("self", value(self), "oldSelf", value(oldSelf));
    return rules.stream().filter(rule -> !holds(rule, variables)).map(Rule::message).toList();
  }

  private static boolean holds(Rule rule, Map<String, Object> variables) {
    try {
      return Boolean.TRUE.equals(rule.program().eval(variables));
    } catch (CelEvaluationException e) {
      throw new IllegalStateException(rule.message() + ": " + variables, e);
    }
  }

  private static Object value(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }

  private static CelFunctionDecl global(String name, CelType result, CelType... parameters) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newGlobalOverload(name, result, parameters));
  }

  private static CelFunctionDecl member(String name, CelType result, CelType... parameters) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload(name, result, parameters));
  }
}
