package io.ocicat.bgp.rib;

import java.util.Arrays;

/**
 * A long array of ints: pages come into being when something other than 0 is written. It grows
 * without a copy, and so without leaving the one before as garbage.
 */
final class IntPages {
  private static final int SHIFT = 13;
  private static final int MASK = (1 << SHIFT) - 1;
  private static final int[] ZEROS = new int[1 << SHIFT];

  private int[][] pages = {ZEROS};

  int at(int index) {
    int[][] all = pages;
    int page = index >>> SHIFT;
    return page < all.length ? all[page][index & MASK] : 0;
  }

  // The shared page is this very array, whatever it holds.
  @SuppressWarnings("ReferenceEquality")
  void set(int index, int value) {
    int[][] all = pages;
    int page = index >>> SHIFT;
    if (page < all.length) {
      int[] values = all[page];
      if (values != ZEROS) {
        values[index & MASK] = value;
        return;
      }
    }
    if (value != 0) {
      page(page)[index & MASK] = value;
    }
  }

  void add(int index, int amount) {
    set(index, at(index) + amount);
  }

  private int[] page(int page) {
    int before = pages.length;
    if (page >= before) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, before * 2));
      Arrays.fill(pages, before, pages.length, ZEROS);
    }
    pages[page] = new int[1 << SHIFT];
    return pages[page];
  }
}
