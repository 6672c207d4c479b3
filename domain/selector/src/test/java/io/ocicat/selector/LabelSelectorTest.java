package io.ocicat.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LabelSelectorTest {

  private static final Labels WEB = new Labels(Map.of("app", "web", "tier", "front", "size", "7"));

  private static boolean matches(String selector) {
    return LabelSelector.parse(selector).matches(WEB);
  }

  @Test
  void judgesEveryOperatorOfTheQueryGrammar() {
    assertThat(matches("app=web")).isTrue();
    assertThat(matches("app==web,tier = front")).isTrue();
    assertThat(matches("app=web,tier=back")).isFalse();
    assertThat(matches("app!=web")).isFalse();
    assertThat(matches("missing!=web")).isTrue();
    assertThat(matches("app in (db, web)")).isTrue();
    assertThat(matches("missing in (db,web)")).isFalse();
    assertThat(matches("app notin (db,\tweb)")).isFalse();
    assertThat(matches("missing notin (db)")).isTrue();
    assertThat(matches("app")).isTrue();
    assertThat(matches("!app")).isFalse();
    assertThat(matches("!missing")).isTrue();
    assertThat(matches("size>6,size<8")).isTrue();
    assertThat(matches("size>7")).isFalse();
    assertThat(matches("app>1")).isFalse();
    assertThat(matches("")).isTrue();
  }

  @Test
  void takesOmittedValuesAsEmptyOnes() {
    assertThat(LabelSelector.parse("x in (abc,)"))
        .isEqualTo(
            new LabelSelector(
                List.of(new Requirement("x", Requirement.Operator.IN, List.of("", "abc")))));
    assertThat(LabelSelector.parse("z in ()")).isEqualTo(LabelSelector.parse("z="));
    assertThat(LabelSelector.parse("x notin (, a)").matches(Labels.of("x", ""))).isFalse();
  }

  @Test
  void readsOperatorWordsAsKeysAndValues() {
    assertThat(LabelSelector.parse("a in (x,notin,in)").matches(Labels.of("a", "in"))).isTrue();
    assertThat(LabelSelector.parse("in=notin").matches(Labels.of("in", "notin"))).isTrue();
  }

  @Test
  void refusesWhatDoesNotFitAndSaysWhere() {
    assertRefused("x=a||y=b", 0);
    assertRefused("x,,y", 2);
    assertRefused(",x", 0);
    assertRefused("a in (xyz),", 11);
    assertRefused("a in (xyz)b", 10);
    assertRefused("a in (xyz abc)", 10);
    assertRefused("a notin(", 8);
    assertRefused("a (", 2);
    assertRefused("(", 0);
    assertRefused("!a=b", 2);
    assertRefused("x nott in (y)", 2);
    assertRefused("-a=b", 0);
    assertRefused("size>big", 0);
  }

  private static void assertRefused(String text, int position) {
    assertThatThrownBy(() -> LabelSelector.parse(text))
        .as(text)
        .isInstanceOfSatisfying(
            SelectorSyntaxException.class,
            e -> assertThat(e.position()).as(e.getMessage()).isEqualTo(position));
  }

  @Test
  void isEqualHoweverItWasWritten() {
    LabelSelector fromDocument =
        LabelSelector.of(
            Map.of("app", "web"),
            List.of(
                new Requirement("tier", Requirement.Operator.NOT_IN, List.of("b", "a", "b")),
                new Requirement("app", Requirement.Operator.IN, List.of("web"))));
    assertThat(fromDocument).isEqualTo(LabelSelector.parse("tier notin (a,b),app=web,app=web"));
    assertThat(fromDocument.canonical()).isEqualTo("app=web,tier notin (a,b)");
    assertThat(LabelSelector.parse(fromDocument.canonical())).isEqualTo(fromDocument);
    assertThat(fromDocument.id()).startsWith("l:").hasSize(22);
  }

  @Test
  void refusesRequirementsThatKubernetesRefuses() {
    assertThat(Requirement.problem("a", Requirement.Operator.IN, List.of())).isPresent();
    assertThat(Requirement.problem("a", Requirement.Operator.EXISTS, List.of("b"))).isPresent();
    assertThat(Requirement.problem("a/b/c", Requirement.Operator.EXISTS, List.of())).isPresent();
    assertThat(Requirement.problem("Upper.Case/x", Requirement.Operator.EXISTS, List.of()))
        .isPresent();
    assertThat(Requirement.problem("example.com/x_y", Requirement.Operator.EXISTS, List.of()))
        .isEmpty();
    assertThat(Requirement.problem("a", Requirement.Operator.IN, List.of("x".repeat(64))))
        .isPresent();
  }
}
