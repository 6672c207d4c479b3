package io.ocicat.selector;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A Kubernetes label selector: all requirements must hold; none at all selects everything.
 *
 * <p>Equal selectors select the same, however they were written: requirements are sorted and free
 * of duplicates, and {@code matchLabels} are requirements like the rest.
 *
 * @param requirements sorted, without duplicates
 */
public record LabelSelector(List<Requirement> requirements) {

  /** Selects everything: {@code {}} in a document, the empty text in a query. */
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  public LabelSelector {
    requirements = List.copyOf(new TreeSet<>(requirements));
  }

  /** From the two parts of a document's selector. */
  public static LabelSelector of(
      Map<String, String> matchLabels, Collection<Requirement> matchExpressions) {
    TreeSet<Requirement> all = new TreeSet<>(matchExpressions);
    matchLabels.forEach((key, value) -> all.add(Requirement.equalTo(key, value)));
    return new LabelSelector(List.copyOf(all));
  }

  public static LabelSelector ofLabels(Map<String, String> matchLabels) {
    return of(matchLabels, List.of());
  }

  /**
   * Reads the text of a {@code labelSelector=} query, as kubectl's {@code -l} sends it: {@code
   * a=b,c!=d,e in (x,y),f notin (z),g,!h,i>3,j<4}.
   *
   * @throws SelectorSyntaxException if the text does not fit, or names an impossible label
   */
  public static LabelSelector parse(String text) {
    return new LabelSelector(new LabelSelectorParser(text).parse());
  }

  public boolean matches(Labels labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  public boolean selectsEverything() {
    return requirements.isEmpty();
  }

  /** Text that {@link #parse} reads back; the same for equal selectors, empty for everything. */
  public String canonical() {
    return String.join(",", requirements.stream().map(Requirement::toString).toList());
  }

  /** {@code l:} and a hash of {@link #canonical}. */
  public String id() {
    return "l:" + ContentHash.of(canonical());
  }

  @Override
  public String toString() {
    return canonical();
  }
}
