package io.ocicat.bgp.rib;

/** Something done to every path of a family, in slices. */
final class Sweep {
  /** What is done to one path; it may remove it. */
  interface Action {
    void on(FamilyTable table, int path);
  }

  private static final int STEP = 256;

  private final FamilyTable table;
  private final Action action;
  private final Runnable done;
  private int cursor = 1;

  Sweep(FamilyTable table, Action action, Runnable done) {
    this.table = table;
    this.action = action;
    this.done = done;
  }

  /** Some more paths; true if there is more to do. */
  boolean step() {
    int end = Math.min(table.limit(), cursor + STEP);
    for (int path = cursor; path < end; path++) {
      if (table.net(path) != 0) {
        action.on(table, path);
      }
    }
    cursor = end;
    if (cursor < table.limit()) {
      return true;
    }
    done.run();
    return false;
  }
}
