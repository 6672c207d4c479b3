package io.ocicat.bgp.rib;

import java.util.Arrays;

/** What one round of export has to say: announcements by entry, and withdrawals. */
final class Batch {
  int[] announced = new int[1024];
  int[] entries = new int[1024];
  int announcedCount;
  int[] withdrawn = new int[1024];

  /** Who is not told of the withdrawal, or who alone is told (its complement). */
  int[] about = new int[1024];

  int withdrawnCount;

  void clear() {
    announcedCount = 0;
    withdrawnCount = 0;
  }

  boolean isEmpty() {
    return announcedCount == 0 && withdrawnCount == 0;
  }

  void announce(int item, int entry) {
    if (announcedCount == announced.length) {
      announced = Arrays.copyOf(announced, announcedCount * 2);
      entries = Arrays.copyOf(entries, announcedCount * 2);
    }
    announced[announcedCount] = item;
    entries[announcedCount++] = entry;
  }

  /** Withdraws from all but the one that the route came from. */
  void withdraw(int item, int except) {
    addWithdrawal(item, except);
  }

  /** Withdraws from one neighbour only. */
  void withdrawOnly(int item, int only) {
    addWithdrawal(item, ~only - 1);
  }

  static int exceptOf(int about) {
    return about >= Chunk.NOBODY ? about : Chunk.NOBODY;
  }

  static int onlyOf(int about) {
    return about >= Chunk.NOBODY ? Chunk.NOBODY : ~(about + 1);
  }

  private void addWithdrawal(int item, int who) {
    if (withdrawnCount == withdrawn.length) {
      withdrawn = Arrays.copyOf(withdrawn, withdrawnCount * 2);
      about = Arrays.copyOf(about, withdrawnCount * 2);
    }
    withdrawn[withdrawnCount] = item;
    about[withdrawnCount++] = who;
  }
}
