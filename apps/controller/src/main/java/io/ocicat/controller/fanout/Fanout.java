package io.ocicat.controller.fanout;

import io.ocicat.controller.index.ClusterIndex;
import io.ocicat.controller.index.IndexChange;
import io.ocicat.sync.AgentService.DeltaSink;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.GroupChange;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends each agent what it asked for, and only that. The caller applies documents to the index,
 * then calls {@link #flush} with the revision they led to.
 */
public final class Fanout {

  /** Of the log of changes, in keys and group members: some minutes of a busy cluster. */
  public static final int LOG_CAPACITY = 1 << 18;

  private final String epoch;
  private final ClusterIndex index;
  private final ChangeLog log;
  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, Set<Session>> subscribers = new HashMap<>();
  private long generation;
  private Optional<List<SyncItem>> sharedItems = Optional.empty();

  /**
   * @param epoch unlike that of any earlier life of this controller
   * @param index filled with the state at {@code generation}
   */
  public Fanout(String epoch, ClusterIndex index, long generation, int logCapacity) {
    this.epoch = epoch;
    this.index = index;
    this.generation = generation;
    this.log = new ChangeLog(logCapacity, generation);
    index.drain();
  }

  /** Up to which every session that is not behind is, or with a marker would be, complete. */
  public long generation() {
    return generation;
  }

  /** Number of greeted sessions. */
  public int sessionCount() {
    return sessions.size();
  }

  /** The node's session, if its agent is connected. */
  public Optional<Session> session(String node) {
    return Optional.ofNullable(sessions.get(node));
  }

  /** A stream that has yet to say hello. */
  public Session open(String node, DeltaSink sink) {
    return new Session(node, sink);
  }

  /** Whether what the agent holds can be brought up to date by a delta. */
  public boolean resumes(FromAgent.Hello hello) {
    return hello.epoch().equals(epoch)
        && hello.generation() <= generation
        && log.reachesBackTo(hello.generation());
  }

  /** Begins a session; an older one of the same node ends. */
  public void hello(Session session, FromAgent.Hello hello) {
    if (session.greeted) {
      session.sink.end("a second hello on one stream");
      return;
    }
    Session older = sessions.put(session.node, session);
    if (older != null) {
      older.sink.end("replaced by a newer stream of node " + session.node);
      forgetSubscriptions(older);
    }
    session.greeted = true;
    session.version = hello.version();
    boolean resumes = resumes(hello);
    session.blank = !resumes;
    session.position = resumes ? hello.generation() : 0;
    session.behind = true;
    subscribe(session, hello.groups());
    if (resumes) {
      session.owed.removeAll(hello.heldGroups());
    }
    catchUp(session);
  }

  /** Changes what a session is told of. */
  public void subscribe(Session session, FromAgent.Subscribe message) {
    for (String id : message.remove()) {
      session.groups.remove(id);
      session.owed.remove(id);
      unsubscribe(session, id);
    }
    subscribe(session, message.add());
    if (!session.owed.isEmpty()) {
      catchUp(session);
    }
  }

  private void subscribe(Session session, Set<String> ids) {
    for (String id : ids) {
      if (session.groups.add(id)) {
        session.owed.add(id);
        subscribers.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(session);
      }
    }
  }

  private void unsubscribe(Session session, String id) {
    subscribers.computeIfPresent(
        id,
        (_, remaining) -> {
          remaining.remove(session);
          return remaining.isEmpty() ? null : remaining;
        });
  }

  private void forgetSubscriptions(Session session) {
    session.groups.forEach(id -> unsubscribe(session, id));
    session.groups.clear();
    session.owed.clear();
  }

  /** The session's agent can take more. */
  public void writable(Session session) {
    if (session.behind || !session.owed.isEmpty()) {
      catchUp(session);
    }
  }

  /**
   * The stream is over.
   *
   * @return whether it was the node's current one
   */
  public boolean closed(Session session) {
    boolean current = sessions.remove(session.node, session);
    forgetSubscriptions(session);
    return current;
  }

  /** Sends what changed in the index; afterwards {@code revision} is the generation. */
  public void flush(long revision) {
    IndexChange change = index.drain();
    if (!change.isEmpty()) {
      record(change, revision);
    }
    generation = revision;
    if (change.isEmpty()) {
      return;
    }
    Set<Session> touched = new LinkedHashSet<>();
    if (change.shared().isEmpty()) {
      for (String node : change.local().keySet()) {
        session(node).ifPresent(touched::add);
      }
      for (String id : change.groups().keySet()) {
        touched.addAll(subscribers.getOrDefault(id, Set.of()));
      }
    } else {
      sharedItems = Optional.empty();
      touched.addAll(sessions.values());
    }
    Contents shared = new Contents();
    change.shared().forEach(key -> shared.add(key, index.shared(key)));
    for (Session session : touched) {
      if (session.behind || !session.sink.ready()) {
        session.behind = true;
        catchUp(session);
      } else {
        Contents contents = new Contents(shared);
        change
            .local()
            .getOrDefault(session.node, Set.of())
            .forEach(key -> contents.add(key, index.local(session.node, key)));
        addGroups(session, change, contents);
        send(session, contents, false);
      }
    }
  }

  private void addGroups(Session session, IndexChange change, Contents contents) {
    boolean fewerSubscribed = session.groups.size() < change.groups().size();
    for (String id : fewerSubscribed ? session.groups : change.groups().keySet()) {
      GroupChange groupChange = change.groups().get(id);
      if (groupChange != null && session.groups.contains(id) && !session.owed.contains(id)) {
        contents.groups.merge(id, groupChange, GroupChange::then);
      }
    }
  }

  private void record(IndexChange change, long revision) {
    change.shared().forEach(key -> log.add(new ChangeLog.Entry.Shared(revision, key)));
    change
        .local()
        .forEach(
            (node, keys) ->
                keys.forEach(key -> log.add(new ChangeLog.Entry.Local(revision, node, key))));
    change
        .groups()
        .values()
        .forEach(groupChange -> log.add(new ChangeLog.Entry.Group(revision, groupChange)));
  }

  /** Tells sessions that have everything up to the current generation so, if they do not know. */
  public void markers() {
    for (Session session : sessions.values()) {
      if (!session.behind && session.position < generation && session.sink.ready()) {
        send(session, new Contents(), false);
      }
    }
  }

  /** Whether {@link #markers} would have someone to tell. */
  public boolean needsMarkers() {
    return sessions.values().stream()
        .anyMatch(session -> !session.behind && session.position < generation);
  }

  private void catchUp(Session session) {
    if (!session.greeted || !session.sink.ready()) {
      return;
    }
    Contents contents = new Contents();
    boolean snapshot = session.blank || !log.reachesBackTo(session.position);
    if (snapshot) {
      session.owed.addAll(session.groups);
      if (sharedItems.isEmpty()) {
        sharedItems = Optional.of(index.shared());
      }
      contents.upserts.addAll(sharedItems.get());
      contents.upserts.addAll(index.local(session.node));
    } else if (session.behind) {
      addSince(session, contents);
    }
    send(session, contents, snapshot);
  }

  private void addSince(Session session, Contents contents) {
    Set<ItemKey> keys = new HashSet<>();
    for (ChangeLog.Entry entry : log.since(session.position)) {
      switch (entry) {
        case ChangeLog.Entry.Shared(_, var key) -> {
          if (keys.add(key)) {
            contents.add(key, item(session, key));
          }
        }
        case ChangeLog.Entry.Local(_, var node, var key) -> {
          if (node.equals(session.node) && keys.add(key)) {
            contents.add(key, item(session, key));
          }
        }
        case ChangeLog.Entry.Group(_, var change) -> {
          if (session.groups.contains(change.id()) && !session.owed.contains(change.id())) {
            contents.groups.merge(change.id(), change, GroupChange::then);
          }
        }
      }
    }
  }

  /** An item that went to everybody may now go to some, and the other way round. */
  private Optional<SyncItem> item(Session session, ItemKey key) {
    return index.shared(key).or(() -> index.local(session.node, key));
  }

  private void send(Session session, Contents contents, boolean snapshot) {
    for (String id : session.owed) {
      contents.upserts.add(index.group(id));
    }
    session.owed.clear();
    session.blank = false;
    session.behind = false;
    session.position = generation;
    session.sink.send(
        new SyncDelta(
            epoch,
            generation,
            snapshot,
            contents.upserts,
            contents.removals,
            List.copyOf(contents.groups.values())));
  }

  private static final class Contents {

    final List<SyncItem> upserts = new ArrayList<>();
    final List<ItemKey> removals = new ArrayList<>();
    final Map<String, GroupChange> groups = new LinkedHashMap<>();

    Contents() {}

    Contents(Contents other) {
      upserts.addAll(other.upserts);
      removals.addAll(other.removals);
    }

    void add(ItemKey key, Optional<SyncItem> item) {
      item.ifPresentOrElse(upserts::add, () -> removals.add(key));
    }
  }
}
