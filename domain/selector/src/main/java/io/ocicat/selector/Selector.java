package io.ocicat.selector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Calico's selector expression, such as {@code role == "db" && !has(legacy)}.
 *
 * <p>{@link Not}, {@link And} and {@link Or} hold what the parser saw: operands are not reordered,
 * as Calico does not.
 *
 * @see <a
 *     href="https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors">Calico:
 *     selectors</a>
 */
public sealed interface Selector {

  /** Carried by everything that lives in a namespace; {@code global()} is what lacks it. */
  String NAMESPACE_LABEL = "projectcalico.org/namespace";

  /** Says of what cluster a pod is: {@code k8s}. */
  String ORCHESTRATOR_LABEL = "projectcalico.org/orchestrator";

  /** Carried by pods, with the name of their service account. */
  String SERVICE_ACCOUNT_LABEL = "projectcalico.org/serviceaccount";

  /** Before the key of a label that the namespace has. */
  String NAMESPACE_PREFIX = "pcns.";

  /** Before the key of a label that the service account has. */
  String SERVICE_ACCOUNT_PREFIX = "pcsa.";

  /** Behind either prefix: the name of the namespace or service account. */
  String NAME_KEY = "projectcalico.org/name";

  /** {@code all()} */
  record All() implements Selector {}

  /** {@code global()}: what is in no namespace. */
  record Global() implements Selector {}

  /** {@code has(label)} */
  record Has(String label) implements Selector {}

  /** {@code label == "value"} */
  record Equal(String label, String value) implements Selector {}

  /** {@code label != "value"}: also true without the label. */
  record NotEqual(String label, String value) implements Selector {}

  /** {@code label in {"a", "b"}}; values sorted, without duplicates. */
  record In(String label, List<String> values) implements Selector {
    public In {
      values = sorted(values);
    }
  }

  /** {@code label not in {"a", "b"}}: also true without the label. */
  record NotIn(String label, List<String> values) implements Selector {
    public NotIn {
      values = sorted(values);
    }
  }

  /** {@code label contains "part"} */
  record Contains(String label, String part) implements Selector {}

  /** {@code label starts with "prefix"} */
  record StartsWith(String label, String prefix) implements Selector {}

  /** {@code label ends with "suffix"} */
  record EndsWith(String label, String suffix) implements Selector {}

  /** {@code !operand} */
  record Not(Selector operand) implements Selector {}

  /** {@code (a && b && …)}, two operands or more. */
  record And(List<Selector> operands) implements Selector {
    public And {
      operands = List.copyOf(operands);
    }
  }

  /** {@code (a || b || …)}, two operands or more. */
  record Or(List<Selector> operands) implements Selector {
    public Or {
      operands = List.copyOf(operands);
    }
  }

  /**
   * Reads an expression; empty or blank text is {@code all()}.
   *
   * @throws SelectorSyntaxException if the text is no expression
   */
  static Selector parse(String text) {
    return new SelectorParser(text).parse();
  }

  /** The keys of the labels that it asks for. */
  default Set<String> labels() {
    return switch (this) {
      case All _ -> Set.of();
      case Global _ -> Set.of(NAMESPACE_LABEL);
      case Has(var label) -> Set.of(label);
      case Equal(var label, _) -> Set.of(label);
      case NotEqual(var label, _) -> Set.of(label);
      case In(var label, _) -> Set.of(label);
      case NotIn(var label, _) -> Set.of(label);
      case Contains(var label, _) -> Set.of(label);
      case StartsWith(var label, _) -> Set.of(label);
      case EndsWith(var label, _) -> Set.of(label);
      case Not(var operand) -> operand.labels();
      case And(var operands) -> labels(operands);
      case Or(var operands) -> labels(operands);
    };
  }

  private static Set<String> labels(List<Selector> operands) {
    return operands.stream()
        .flatMap(operand -> operand.labels().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  default boolean matches(LabelView labels) {
    return switch (this) {
      case All _ -> true;
      case Global _ -> !labels.has(NAMESPACE_LABEL);
      case Has(var label) -> labels.has(label);
      case Equal(var label, var value) -> labels.value(label).filter(value::equals).isPresent();
      case NotEqual(var label, var value) -> labels.value(label).filter(value::equals).isEmpty();
      case In(var label, var values) -> labels.value(label).filter(values::contains).isPresent();
      case NotIn(var label, var values) -> labels.value(label).filter(values::contains).isEmpty();
      case Contains(var label, var part) ->
          labels.value(label).filter(v -> v.contains(part)).isPresent();
      case StartsWith(var label, var prefix) ->
          labels.value(label).filter(v -> v.startsWith(prefix)).isPresent();
      case EndsWith(var label, var suffix) ->
          labels.value(label).filter(v -> v.endsWith(suffix)).isPresent();
      case Not(var operand) -> !operand.matches(labels);
      case And(var operands) -> operands.stream().allMatch(o -> o.matches(labels));
      case Or(var operands) -> operands.stream().anyMatch(o -> o.matches(labels));
    };
  }

  /** Text in Calico's canonical form, which {@link #parse} reads back to an equal selector. */
  default String canonical() {
    return switch (this) {
      case All _ -> "all()";
      case Global _ -> "global()";
      case Has(var label) -> "has(" + label + ")";
      case Equal(var label, var value) -> label + " == " + quoted(value);
      case NotEqual(var label, var value) -> label + " != " + quoted(value);
      case In(var label, var values) -> label + " in " + set(values);
      case NotIn(var label, var values) -> label + " not in " + set(values);
      case Contains(var label, var part) -> label + " contains " + quoted(part);
      case StartsWith(var label, var prefix) -> label + " starts with " + quoted(prefix);
      case EndsWith(var label, var suffix) -> label + " ends with " + quoted(suffix);
      case Not(var operand) -> "!" + operand.canonical();
      case And(var operands) -> group(" && ", operands);
      case Or(var operands) -> group(" || ", operands);
    };
  }

  /** What matches where all of these do; nested conjunctions become one. */
  static Selector all(Collection<Selector> selectors) {
    List<Selector> operands = new ArrayList<>();
    for (Selector selector : selectors) {
      switch (selector) {
        case All _ -> {}
        case And(var inner) -> operands.addAll(inner);
        case Global _,
            Has _,
            Equal _,
            NotEqual _,
            In _,
            NotIn _,
            Contains _,
            StartsWith _,
            EndsWith _,
            Not _,
            Or _ ->
            operands.add(selector);
      }
    }
    return switch (operands.size()) {
      case 0 -> new All();
      case 1 -> operands.getFirst();
      default -> new And(operands);
    };
  }

  /** The same expression about labels whose keys begin with {@code prefix}. */
  default Selector prefixed(String prefix) {
    return switch (this) {
      case All _, Global _ -> this;
      case Has(var label) -> new Has(prefix + label);
      case Equal(var label, var value) -> new Equal(prefix + label, value);
      case NotEqual(var label, var value) -> new NotEqual(prefix + label, value);
      case In(var label, var values) -> new In(prefix + label, values);
      case NotIn(var label, var values) -> new NotIn(prefix + label, values);
      case Contains(var label, var part) -> new Contains(prefix + label, part);
      case StartsWith(var label, var start) -> new StartsWith(prefix + label, start);
      case EndsWith(var label, var end) -> new EndsWith(prefix + label, end);
      case Not(var operand) -> new Not(operand.prefixed(prefix));
      case And(var operands) -> new And(operands.stream().map(o -> o.prefixed(prefix)).toList());
      case Or(var operands) -> new Or(operands.stream().map(o -> o.prefixed(prefix)).toList());
    };
  }

  /** The expression that selects what a Kubernetes selector does. */
  static Selector of(LabelSelector selector) {
    return all(selector.requirements().stream().map(Selector::of).toList());
  }

  private static Selector of(Requirement requirement) {
    String key = requirement.key();
    List<String> values = requirement.values();
    return switch (requirement.operator()) {
      case IN -> values.size() == 1 ? new Equal(key, values.getFirst()) : new In(key, values);
      case NOT_IN ->
          values.size() == 1 ? new NotEqual(key, values.getFirst()) : new NotIn(key, values);
      case EXISTS -> new Has(key);
      case DOES_NOT_EXIST -> new Not(new Has(key));
      case GREATER_THAN, LESS_THAN ->
          throw new IllegalArgumentException(requirement + " has no like among expressions");
    };
  }

  /** {@code s:} and a hash of {@link #canonical}. */
  default String id() {
    return "s:" + ContentHash.of(canonical());
  }

  private static List<String> sorted(Collection<String> values) {
    return List.copyOf(new TreeSet<>(values));
  }

  private static String quoted(String value) {
    char quote = value.indexOf('"') >= 0 ? '\'' : '"';
    return quote + value + quote;
  }

  private static String set(List<String> values) {
    return "{" + String.join(", ", values.stream().map(Selector::quoted).toList()) + "}";
  }

  private static String group(String operator, List<Selector> operands) {
    return "(" + String.join(operator, operands.stream().map(Selector::canonical).toList()) + ")";
  }
}
