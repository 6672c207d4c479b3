package io.ocicat.controller.kubernetes;

import io.ocicat.model.KindName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Up to which of the API server's resourceVersions objects are enforced everywhere.
 *
 * <p>Nodes acknowledge generations, which are revisions of the controller's own; people know the
 * resourceVersion that their write was answered with. A mark says: whoever is at this generation
 * has everything of these kinds up to these versions. Not safe for use by several threads.
 */
final class EnforcedVersions {

  /** Nodes that are so far behind are told apart by later marks only. */
  private static final int MOST_MARKS = 64;

  private record Mark(long generation, Map<KindName, Long> versions) {}

  private final Deque<Mark> marks = new ArrayDeque<>();
  private Mark enforced = new Mark(0, Map.of());

  /** All of these kinds up to these versions has generations of at most this one. */
  void mark(long generation, Map<KindName, Long> versions) {
    Mark last = marks.isEmpty() ? enforced : marks.getLast();
    if (last.versions().equals(versions)) {
      return;
    }
    if (marks.size() == MOST_MARKS) {
      marks.removeLast();
    }
    marks.addLast(new Mark(generation, Map.copyOf(versions)));
  }

  /** Every node that counts has acknowledged this generation. */
  void acknowledged(long generation) {
    while (!marks.isEmpty() && marks.getFirst().generation() <= generation) {
      enforced = marks.removeFirst();
    }
  }

  /** Up to which version everything of a kind is enforced. */
  Map<KindName, Long> versions() {
    return enforced.versions();
  }
}
