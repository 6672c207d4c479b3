package io.ocicat.sync;

import java.util.HashSet;
import java.util.Set;

/** What changed in the members of one address group; no member is in both sets. */
public record GroupChange(String id, Set<GroupMember> added, Set<GroupMember> removed) {

  public GroupChange {
    added = Set.copyOf(added);
    removed = Set.copyOf(removed);
  }

  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty();
  }

  /** This change and then {@code next}, as one. */
  public GroupChange then(GroupChange next) {
    Set<GroupMember> nowAdded = new HashSet<>(added);
    Set<GroupMember> nowRemoved = new HashSet<>(removed);
    for (GroupMember member : next.removed) {
      nowAdded.remove(member);
      nowRemoved.add(member);
    }
    for (GroupMember member : next.added) {
      nowRemoved.remove(member);
      nowAdded.add(member);
    }
    return new GroupChange(id, nowAdded, nowRemoved);
  }

  /** The group as it is after this change; repeating a change alters nothing. */
  public SyncItem.Group applyTo(SyncItem.Group group) {
    Set<GroupMember> members = new HashSet<>(group.members());
    members.removeAll(removed);
    members.addAll(added);
    return new SyncItem.Group(group.id(), members);
  }
}
