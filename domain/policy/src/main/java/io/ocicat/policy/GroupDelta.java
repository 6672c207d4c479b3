package io.ocicat.policy;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What changed in the members of one group; no member is in both sets. A group that came or went
 * shows all its members as added or removed.
 */
public record GroupDelta(SortedSet<GroupMember> added, SortedSet<GroupMember> removed) {

  public GroupDelta {
    added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }
}
