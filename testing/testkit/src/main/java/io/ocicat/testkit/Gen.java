package io.ocicat.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes random values of a type.
 *
 * <p>For good counterexamples, let lower draws mean simpler values: the first alternative of {@link
 * #pick} and {@link #oneOf} is what a failing case is reduced to where it can be.
 */
@FunctionalInterface
public interface Gen<T> {

  T next(Draws draws);

  default <R> Gen<R> map(Function<? super T, ? extends R> mapper) {
    return draws -> mapper.apply(next(draws));
  }

  default <R> Gen<R> flatMap(Function<? super T, Gen<R>> mapper) {
    return draws -> mapper.apply(next(draws)).next(draws);
  }

  /** Lists of {@code least} to {@code most} values. */
  default Gen<List<T>> list(int least, int most) {
    return draws -> {
      List<T> values = new ArrayList<>();
      // One draw before each element, so that removing an element's draws removes the element.
      while (values.size() < most && (values.size() < least || draws.below(most + 1) > 0)) {
        values.add(next(draws));
      }
      return List.copyOf(values);
    };
  }

  static <T> Gen<T> constant(T value) {
    return _ -> value;
  }

  /** From {@code first} to {@code last}, both included. */
  static Gen<Integer> ints(int first, int last) {
    return draws -> draws.between(first, last);
  }

  static Gen<Boolean> booleans() {
    return draws -> draws.below(2) == 1;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> Gen<T> pick(T... values) {
    return pick(List.of(values));
  }

  static <T> Gen<T> pick(List<T> values) {
    return draws -> values.get(draws.below(values.size()));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static <T> Gen<T> oneOf(Gen<? extends T>... alternatives) {
    List<Gen<? extends T>> all = List.of(alternatives);
    return draws -> all.get(draws.below(all.size())).next(draws);
  }
}
