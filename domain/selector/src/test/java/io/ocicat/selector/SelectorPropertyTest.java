package io.ocicat.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import io.ocicat.testkit.Property;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SelectorPropertyTest {

  private static final Gen<String> KEY = Gen.pick("a", "b", "in", "has", "k8s.io/x-y");
  private static final Gen<String> VALUE = Gen.pick("", "one", "two", "it's", "say \"so\"");
  private static final Gen<String> PLAIN = Gen.pick("one", "two", "", "in", "x.y_z-0");

  private static final Gen<Labels> LABELS =
      draws -> {
        TreeMap<String, String> labels = new TreeMap<>();
        KEY.list(0, 3).next(draws).forEach(key -> labels.put(key, VALUE.next(draws)));
        return new Labels(labels);
      };

  private static Selector selector(Draws draws, int depth) {
    return switch (draws.below(depth > 0 ? 12 : 9)) {
      case 0 -> new Selector.All();
      case 1 -> new Selector.Has(KEY.next(draws));
      case 2 -> new Selector.Equal(KEY.next(draws), VALUE.next(draws));
      case 3 -> new Selector.NotEqual(KEY.next(draws), VALUE.next(draws));
      case 4 -> new Selector.In(KEY.next(draws), VALUE.list(0, 3).next(draws));
      case 5 -> new Selector.NotIn(KEY.next(draws), VALUE.list(0, 3).next(draws));
      case 6 -> new Selector.Contains(KEY.next(draws), VALUE.next(draws));
      case 7 -> new Selector.StartsWith(KEY.next(draws), VALUE.next(draws));
      case 8 -> new Selector.EndsWith(KEY.next(draws), VALUE.next(draws));
      case 9 -> {
        Selector operand = selector(draws, depth - 1);
        // Two negations in a row are none.
        yield operand instanceof Selector.Not(var inner) ? inner : new Selector.Not(operand);
      }
      case 10 -> new Selector.And(operands(draws, depth));
      default -> new Selector.Or(operands(draws, depth));
    };
  }

  private static List<Selector> operands(Draws draws, int depth) {
    return ((Gen<Selector>) d -> selector(d, depth - 1)).list(2, 3).next(draws);
  }

  private static final Gen<Requirement> REQUIREMENT =
      draws ->
          switch (draws.below(6)) {
            case 0 -> requirement(draws, Requirement.Operator.IN, PLAIN.list(1, 3).next(draws));
            case 1 -> requirement(draws, Requirement.Operator.NOT_IN, PLAIN.list(1, 3).next(draws));
            case 2 -> requirement(draws, Requirement.Operator.EXISTS, List.of());
            case 3 -> requirement(draws, Requirement.Operator.DOES_NOT_EXIST, List.of());
            case 4 -> requirement(draws, Requirement.Operator.GREATER_THAN, List.of("7"));
            default -> requirement(draws, Requirement.Operator.LESS_THAN, List.of("-7"));
          };

  private static Requirement requirement(
      Draws draws, Requirement.Operator operator, List<String> values) {
    return new Requirement(KEY.next(draws), operator, values);
  }

  private static final Gen<String> TEXT =
      Gen.pick(
              "a",
              "'b'",
              "\"",
              "(",
              ")",
              "{",
              "}",
              ",",
              "==",
              "=",
              "!=",
              "!",
              "&&",
              "||",
              " ",
              "in",
              "not in",
              "has(a)",
              "all()",
              "contains",
              "<",
              ">",
              "\n",
              "0",
              "notin",
              "é")
          .list(0, 12)
          .map(parts -> String.join("", parts));

  @Test
  void canonicalTextParsesBackToTheSameSelector() {
    Property.cases(500)
        .check(
            draws -> selector(draws, 3),
            selector -> {
              assertThat(Selector.parse(selector.canonical())).isEqualTo(selector);
              assertThat(Selector.parse(selector.canonical()).id()).isEqualTo(selector.id());
            });
  }

  @Test
  void matchesWhatEachOperationSays() {
    Property.cases(2000)
        .check(
            draws -> List.of(selector(draws, 3), LABELS.next(draws)),
            pair -> {
              Selector selector = (Selector) pair.getFirst();
              Labels labels = (Labels) pair.getLast();
              assertThat(selector.matches(labels)).isEqualTo(naive(selector, labels.asMap()));
            });
  }

  /** By the book, one sentence an operation. */
  private static boolean naive(Selector selector, Map<String, String> labels) {
    return switch (selector) {
      case Selector.All _ -> true;
      case Selector.Global _ -> !labels.containsKey("projectcalico.org/namespace");
      case Selector.Has(String label) -> labels.containsKey(label);
      case Selector.Equal(String label, String value) ->
          labels.containsKey(label) && labels.get(label).equals(value);
      case Selector.NotEqual(String label, String value) ->
          !labels.containsKey(label) || !labels.get(label).equals(value);
      case Selector.In(String label, List<String> values) ->
          labels.containsKey(label) && values.contains(labels.get(label));
      case Selector.NotIn(String label, List<String> values) ->
          !labels.containsKey(label) || !values.contains(labels.get(label));
      case Selector.Contains(String label, String part) ->
          labels.containsKey(label) && labels.get(label).contains(part);
      case Selector.StartsWith(String label, String prefix) ->
          labels.containsKey(label) && labels.get(label).startsWith(prefix);
      case Selector.EndsWith(String label, String suffix) ->
          labels.containsKey(label) && labels.get(label).endsWith(suffix);
      case Selector.Not(Selector operand) -> !naive(operand, labels);
      case Selector.And(List<Selector> operands) -> {
        boolean all = true;
        for (Selector operand : operands) {
          all &= naive(operand, labels);
        }
        yield all;
      }
      case Selector.Or(List<Selector> operands) -> {
        boolean any = false;
        for (Selector operand : operands) {
          any |= naive(operand, labels);
        }
        yield any;
      }
    };
  }

  /** The same text with blanks and tabs wherever the grammar lets them stand. */
  @Test
  void blanksBetweenTokensMeanNothing() {
    Property.cases(500)
        .check(
            draws -> selector(draws, 3),
            selector -> {
              String text = selector.canonical();
              if (text.indexOf('\'') < 0 && !text.contains("say")) {
                String spaced =
                    text.replaceAll("(==|!=|&&|\\|\\||[(){},])", " $1\t")
                        .replaceAll("(has|all) \\(", "$1(");
                assertThat(Selector.parse(spaced)).isEqualTo(selector);
              }
            });
  }

  @Test
  void aNegationMatchesWhatItsOperandDoesNot() {
    Property.cases(500)
        .check(
            draws -> List.of(selector(draws, 2).canonical(), LABELS.next(draws)),
            pair -> {
              String text = (String) pair.getFirst();
              Labels labels = (Labels) pair.getLast();
              assertThat(Selector.parse("!(" + text + ")").matches(labels))
                  .isNotEqualTo(Selector.parse(text).matches(labels));
            });
  }

  @Test
  void canonicalQueriesParseBackToTheSameLabelSelector() {
    Property.cases(500)
        .check(
            REQUIREMENT.list(0, 4).map(LabelSelector::new),
            selector -> assertThat(LabelSelector.parse(selector.canonical())).isEqualTo(selector));
  }

  @Test
  void anyTextIsReadOrRefusedWithItsPosition() {
    Property.cases(2000)
        .check(
            TEXT,
            text -> {
              try {
                Selector selector = Selector.parse(text);
                assertThat(Selector.parse(selector.canonical())).isEqualTo(selector);
                LabelSelector.parse(text);
              } catch (SelectorSyntaxException e) {
                assertThat(e.position()).isBetween(0, text.length());
              }
            });
  }
}
