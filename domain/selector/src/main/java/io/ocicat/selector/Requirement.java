package io.ocicat.selector;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One condition of a {@link LabelSelector}, in the terms of Kubernetes' apimachinery. {@code k=v}
 * is {@code IN} with one value, {@code k!=v} is {@code NOT_IN} with one.
 *
 * @param values sorted, without duplicates; empty for {@code EXISTS} and {@code DOES_NOT_EXIST}
 */
public record Requirement(String key, Operator operator, List<String> values)
    implements Comparable<Requirement> {

  /** How the label's value is judged. */
  public enum Operator {
    /** The label is there with one of the values. */
    IN("In"),
    /** The label is missing, or has none of the values. */
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist"),
    /** The label is an integer above the value; only in the query grammar. */
    GREATER_THAN("Gt"),
    /** The label is an integer below the value; only in the query grammar. */
    LESS_THAN("Lt");

    private final String documentName;

    Operator(String documentName) {
      this.documentName = documentName;
    }

    /** The spelling in {@code matchExpressions}. */
    public String documentName() {
      return documentName;
    }

    /** By the spelling in {@code matchExpressions}: In, NotIn, Exists, DoesNotExist. */
    public static Optional<Operator> ofDocumentName(String name) {
      return switch (name) {
        case "In" -> Optional.of(IN);
        case "NotIn" -> Optional.of(NOT_IN);
        case "Exists" -> Optional.of(EXISTS);
        case "DoesNotExist" -> Optional.of(DOES_NOT_EXIST);
        default -> Optional.empty();
      };
    }
  }

  /**
   * @throws IllegalArgumentException if {@link #problem} finds one
   */
  public Requirement {
    problem(key, operator, values)
        .ifPresent(
            text -> {
              throw new IllegalArgumentException(text);
            });
    values = List.copyOf(new TreeSet<>(values));
  }

  public static Requirement equalTo(String key, String value) {
    return new Requirement(key, Operator.IN, List.of(value));
  }

  /** What keeps these parts from being a requirement. */
  public static Optional<String> problem(String key, Operator operator, Collection<String> values) {
    Optional<String> ofKey = LabelSyntax.keyProblem(key);
    if (ofKey.isPresent()) {
      return ofKey;
    }
    return switch (operator) {
      case IN, NOT_IN ->
          values.isEmpty()
              ? Optional.of(
                  "%s on '%s' needs at least one value".formatted(operator.documentName, key))
              : values.stream().flatMap(v -> LabelSyntax.valueProblem(v).stream()).findFirst();
      case EXISTS, DOES_NOT_EXIST ->
          values.isEmpty()
              ? Optional.empty()
              : Optional.of("%s on '%s' takes no values".formatted(operator.documentName, key));
      case GREATER_THAN, LESS_THAN ->
          values.size() == 1 && integer(values.iterator().next()).isPresent()
              ? Optional.empty()
              : Optional.of("%s on '%s' needs one integer".formatted(operator.documentName, key));
    };
  }

  private static Optional<Long> integer(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  public boolean matches(Labels labels) {
    Optional<String> value = labels.value(key);
    return switch (operator) {
      case IN -> value.isPresent() && values.contains(value.get());
      case NOT_IN -> value.isEmpty() || !values.contains(value.get());
      case EXISTS -> value.isPresent();
      case DOES_NOT_EXIST -> value.isEmpty();
      case GREATER_THAN -> compares(value, 1);
      case LESS_THAN -> compares(value, -1);
    };
  }

  private boolean compares(Optional<String> value, int sign) {
    long bound = Long.parseLong(values.getFirst());
    return value
        .flatMap(Requirement::integer)
        .filter(number -> Long.signum(Long.compare(number, bound)) == sign)
        .isPresent();
  }

  /** The text of the query grammar. */
  @Override
  public String toString() {
    return switch (operator) {
      case IN -> values.size() == 1 ? key + "=" + values.getFirst() : key + " in " + set();
      case NOT_IN -> values.size() == 1 ? key + "!=" + values.getFirst() : key + " notin " + set();
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case GREATER_THAN -> key + ">" + values.getFirst();
      case LESS_THAN -> key + "<" + values.getFirst();
    };
  }

  private String set() {
    return "(" + String.join(",", values) + ")";
  }

  @Override
  public int compareTo(Requirement other) {
    int byKey = key.compareTo(other.key);
    return byKey != 0 ? byKey : toString().compareTo(other.toString());
  }
}
