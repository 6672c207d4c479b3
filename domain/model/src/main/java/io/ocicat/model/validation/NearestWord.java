package io.ocicat.model.validation;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what a mistyped word was to be. */
public final class NearestWord {
  private NearestWord() {}

  /**
   * The candidate that differs from the word in capitals or in few letters: at most one in three,
   * where swapping two neighbours counts as one. Of several equally near ones the first in
   * alphabetical order.
   */
  public static Optional<String> to(String word, Collection<String> candidates) {
    String lower = word.toLowerCase(Locale.ROOT);
    record Guess(String candidate, int distance) {}
    return candidates.stream()
        .map(each -> new Guess(each, distance(lower, each.toLowerCase(Locale.ROOT))))
        .filter(
            each ->
                each.distance()
                    <= Math.max(1, Math.min(word.length(), each.candidate().length()) / 3))
        .min(Comparator.comparingInt(Guess::distance).thenComparing(Guess::candidate))
        .map(Guess::candidate);
  }

  /** Optimal string alignment distance. */
  static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    Arrays.setAll(previous, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
        }
      }
      beforePrevious = previous;
      previous = current;
    }
    return previous[b.length()];
  }
}
