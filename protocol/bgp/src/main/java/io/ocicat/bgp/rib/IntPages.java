package io.ocicat.bgp.rib;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A long array of ints that are mostly 0: pages come into being when something is written. */
final class IntPages {
  private static final int SHIFT = 12;
  private static final int MASK = (1 << SHIFT) - 1;

  private int[] @Nullable [] pages = new int[4][];

  int at(int index) {
    int page = index >>> SHIFT;
    if (page >= pages.length) {
      return 0;
    }
    int[] values = pages[page];
    return values == null ? 0 : values[index & MASK];
  }

  void set(int index, int value) {
    int page = index >>> SHIFT;
    if (page >= pages.length) {
      if (value == 0) {
        return;
      }
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
    }
    int[] values = pages[page];
    if (values == null) {
      if (value == 0) {
        return;
      }
      values = new int[1 << SHIFT];
      pages[page] = values;
    }
    values[index & MASK] = value;
  }
}
