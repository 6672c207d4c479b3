package io.ocicat.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SelectorTest {

  private static String canonical(String text) {
    Selector selector = Selector.parse(text);
    assertThat(Selector.parse(selector.canonical())).as(text).isEqualTo(selector);
    return selector.canonical();
  }

  private static boolean matches(String text) {
    return Selector.parse(text).matches(new Labels(Map.of("a", "one", "b", "two")));
  }

  @Test
  void judgesEveryOperation() {
    assertThat(matches("a == 'one'")).isTrue();
    assertThat(matches("a == 'two'")).isFalse();
    assertThat(matches("c == 'two'")).isFalse();
    assertThat(matches("a != 'two'")).isTrue();
    assertThat(matches("c != 'two'")).isTrue();
    assertThat(matches("a in {'one', 'two'}")).isTrue();
    assertThat(matches("c in {'one'}")).isFalse();
    assertThat(matches("a in {}")).isFalse();
    assertThat(matches("a not in {'one'}")).isFalse();
    assertThat(matches("c notin {'one',}")).isTrue();
    assertThat(matches("a contains 'n'")).isTrue();
    assertThat(matches("a starts with 'on'")).isTrue();
    assertThat(matches("a startswith 'n'")).isFalse();
    assertThat(matches("a ends with 'ne'")).isTrue();
    assertThat(matches("c endswith ''")).isFalse();
    assertThat(matches("has(a) && !has(c)")).isTrue();
    assertThat(matches("all()")).isTrue();
    assertThat(matches("global()")).isTrue();
    assertThat(Selector.parse("global()").matches(Labels.of(Selector.NAMESPACE_LABEL, "x")))
        .isFalse();
    assertThat(matches("")).isTrue();
    assertThat(matches(" \t")).isTrue();
  }

  @Test
  void bindsNotOverAndOverOr() {
    assertThat(canonical("a == 'x' || b == 'y' && !c != \"d\""))
        .isEqualTo("(a == \"x\" || (b == \"y\" && !c != \"d\"))");
    assertThat(canonical("!!!has(a)")).isEqualTo("!has(a)");
    assertThat(canonical("!!has(a)")).isEqualTo("has(a)");
    assertThat(canonical("!(has(a) || has(b))")).isEqualTo("!(has(a) || has(b))");
    assertThat(canonical("!(!has(a))")).isEqualTo("has(a)");
    assertThat(canonical("!(!!(!(has(a) && has(b))))")).isEqualTo("(has(a) && has(b))");
  }

  @Test
  void printsSetsSortedAndQuotesByContent() {
    assertThat(canonical("a in {'z', \"b\", 'z',}")).isEqualTo("a in {\"b\", \"z\"}");
    assertThat(canonical("a notin{'say \"hi\"'}")).isEqualTo("a not in {'say \"hi\"'}");
    assertThat(canonical("a == \"it's\"")).isEqualTo("a == \"it's\"");
    assertThat(canonical("a  startswith'x'")).isEqualTo("a starts with \"x\"");
    assertThat(canonical("")).isEqualTo("all()");
    assertThat(canonical("has( b\t)")).isEqualTo("has(b)");
  }

  @Test
  void takesWordsOfTheLanguageAsLabels() {
    assertThat(canonical("in in {'a'}")).isEqualTo("in in {\"a\"}");
    assertThat(canonical("has == 'a' && contains != 'b'"))
        .isEqualTo("(has == \"a\" && contains != \"b\")");
    assertThat(canonical("k8s.io/x-y_z == 'a'")).isEqualTo("k8s.io/x-y_z == \"a\"");
  }

  @Test
  void limitsLabelsTo512Characters() {
    assertThat(canonical("has(" + "x".repeat(512) + ")")).hasSize(517);
    assertThat(canonical("x".repeat(512) + " == 'a'")).isNotEmpty();
    assertRefused("has(" + "x".repeat(513) + ")", 0);
    assertRefused("x".repeat(513) + " == 'a'", 0);
  }

  @Test
  void refusesWhatDoesNotFitAndSaysWhere() {
    assertRefused("has (a)", 4);
    assertRefused("all ()", 4);
    assertRefused("a = 'b'", 2);
    assertRefused("a == b", 5);
    assertRefused("a == 'b", 5);
    assertRefused("a", 1);
    assertRefused("a inx {'b'}", 2);
    assertRefused("a in 'b'", 5);
    assertRefused("a in {'b' 'c'}", 10);
    assertRefused("a in {,}", 6);
    assertRefused("(has(a)", 7);
    assertRefused("has(a))", 6);
    assertRefused("has(a) has(b)", 7);
    assertRefused("has(a) &", 7);
    assertRefused("has(a) &&", 9);
    assertRefused("has(a)\n&& has(b)", 6);
    assertRefused("has()", 3);
    assertRefused("a == 'x' # b", 9);
    assertRefused("(".repeat(5000), 200);
  }

  private static void assertRefused(String text, int position) {
    assertThatThrownBy(() -> Selector.parse(text))
        .as(text)
        .isInstanceOfSatisfying(
            SelectorSyntaxException.class,
            e -> assertThat(e.position()).as(e.getMessage()).isEqualTo(position));
  }

  @Test
  void givesEqualIdsToEqualMeaningsOfTheText() {
    assertThat(Selector.parse("a=='x'").id()).isEqualTo(Selector.parse(" a == \"x\" ").id());
    assertThat(Selector.parse("a=='x'").id()).isNotEqualTo(Selector.parse("a=='y'").id());
    assertThat(Selector.parse("a=='x'").id()).startsWith("s:");
  }
}
