package io.ocicat.bgp.rib;

import io.ocicat.bgp.policy.RoutePolicies;
import io.ocicat.bgpwire.AttributeError;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.Family;
import io.ocicat.bgpwire.Nlri;
import io.ocicat.bgpwire.Notification;
import io.ocicat.bgpwire.PrefixVisitor;
import io.ocicat.bgpwire.UpdateHandler;
import io.ocicat.bgpwire.UpdateParser;
import io.ocicat.bgpwire.iana.RefreshSubtype;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour: what it sends goes through checks and policy into the tables; what it is sent comes
 * from its group, or, while it catches up, from what is remembered for it here. Outlives its
 * session while routes of it are left.
 */
final class RibPeer implements PeerRoutes, UpdateHandler, PrefixVisitor {
  /** Rounds of export without a word for this neighbour before it is left to slices. */
  private static final int MOST_SILENT_ROUNDS = 4;

  private final Rib rib;
  private final int index;
  private final PeerTally[] tallies;
  private PeerTraits traits;
  private @Nullable UpdateParser parser;
  private Runnable wake = () -> {};
  private int addressOrder;
  private int version;

  private @Nullable UpdateGroup group;
  private final List<Feed> feeds = new ArrayList<>();
  private final ArrayDeque<ByteBuffer> ready = new ArrayDeque<>();
  private @Nullable Chunk position;
  private boolean waiting;

  private final ImportRound round;

  RibPeer(Rib rib, int index, PeerTraits traits, int families) {
    this.rib = rib;
    this.index = index;
    this.traits = traits;
    this.round = new ImportRound(this, rib.attributes());
    this.tallies = new PeerTally[families];
    for (int i = 0; i < families; i++) {
      tallies[i] = new PeerTally();
    }
  }

  int index() {
    return index;
  }

  String name() {
    return traits.name();
  }

  PeerTraits traits() {
    return traits;
  }

  PeerType kind() {
    return traits.kind();
  }

  int identifier() {
    return traits.identifier();
  }

  String device() {
    return traits.device();
  }

  int addressOrder() {
    return addressOrder;
  }

  void addressOrder(int order) {
    addressOrder = order;
  }

  Exporter.Source asSource() {
    return new Exporter.Source(index == 0, traits.kind(), traits.identifier());
  }

  /** Counters by the number of the family's table. */
  PeerTally tally(int family) {
    return tallies[family];
  }

  /** There are no routes of it in any family. */
  boolean isEmpty() {
    for (PeerTally tally : tallies) {
      if (tally.received > 0) {
        return false;
      }
    }
    return true;
  }

  @Nullable UpdateGroup group() {
    return group;
  }

  boolean established() {
    return group != null;
  }

  /** A session begins. */
  void up(PeerTraits now, Runnable wakeUp) {
    take(now);
    wake = wakeUp;
    waiting = true;
    parser = new UpdateParser(now.receive(), rib.cache());
    for (PeerTally tally : tallies) {
      tally.limitSaid = 0;
    }
  }

  /** Joins a group and begins with all that it stands by. */
  void join(UpdateGroup now, boolean endOfRib) {
    group = now;
    position = null;
    feeds.clear();
    now.join(this);
    for (GroupFamily family : now.families()) {
      Feed feed = new Feed(this, family);
      feed.begin(endOfRib);
      feeds.add(feed);
    }
    wake();
  }

  /** Leaves its group; what it has not read is for nobody. */
  void leaveGroup() {
    UpdateGroup old = group;
    if (old == null) {
      return;
    }
    Chunk at = position;
    if (at != null) {
      for (Chunk chunk = at.next; chunk != null; chunk = chunk.next) {
        chunk.passed();
      }
    }
    position = null;
    for (Feed feed : feeds) {
      feed.clear();
    }
    feeds.clear();
    ready.clear();
    group = null;
    if (old.leave(this)) {
      rib.dispose(old);
    }
  }

  /** Goes to another group: gets all that it stands by, and loses what only the old one did. */
  void move(UpdateGroup to) {
    UpdateGroup from = group;
    if (from == null || from == to) {
      return;
    }
    fallBehind();
    Map<Family, Feed.Sent> sent = new HashMap<>();
    boolean endOfRib = false;
    for (Feed feed : feeds) {
      sent.put(feed.family().table.family, feed.everythingSent());
      endOfRib |= feed.endOfRibDue();
    }
    List<ByteBuffer> unsent = List.copyOf(ready);
    List<Feed> oldFeeds = List.copyOf(feeds);
    join(to, endOfRib);
    for (Feed feed : feeds) {
      Feed.Sent items = sent.get(feed.family().table.family);
      if (items != null) {
        feed.rememberSent(items);
      }
    }
    // Only now: the new group keeps the nets by then.
    for (Feed feed : oldFeeds) {
      feed.clear();
    }
    ready.addAll(unsent);
    if (from.leave(this)) {
      rib.dispose(from);
    }
  }

  boolean follows() {
    return position != null;
  }

  long readUpTo() {
    Chunk at = position;
    return at == null ? Long.MAX_VALUE : at.end;
  }

  /** Too far behind the group: remembers what it has not read, and gets the latest state later. */
  void fallBehind() {
    Chunk at = position;
    if (at == null) {
      return;
    }
    for (Chunk chunk = at.next; chunk != null; chunk = chunk.next) {
      if (chunk.isFor(index)) {
        feed(chunk.family).remember(chunk.items);
      }
      chunk.passed();
    }
    position = null;
  }

  /** What the group said while this neighbour catches up. */
  void remember(GroupFamily family, Batch batch) {
    Feed feed = feed(family);
    for (int i = 0; i < batch.announcedCount; i++) {
      if (!feed.walkDue() && family.entries.source(batch.entries[i]) != index) {
        feed.remember(batch.announced[i]);
      }
    }
    for (int i = 0; i < batch.withdrawnCount; i++) {
      int about = batch.about[i];
      int only = Batch.onlyOf(about);
      if (only == index || (only == Chunk.NOBODY && Batch.exceptOf(about) != index)) {
        feed.remember(batch.withdrawn[i]);
      }
    }
  }

  Feed feed(GroupFamily family) {
    for (Feed feed : feeds) {
      if (feed.family() == family) {
        return feed;
      }
    }
    throw new IllegalStateException(name() + " is not told of " + family.table.family);
  }

  List<Feed> feeds() {
    return feeds;
  }

  /** Calls the session if it waits. */
  void wake() {
    if (waiting && group != null) {
      waiting = false;
      wake.run();
    }
  }

  @Override
  public @Nullable ByteBuffer next() {
    UpdateGroup now = group;
    if (now == null) {
      return null;
    }
    int silent = 0;
    while (true) {
      ByteBuffer message = ready.poll();
      if (message != null) {
        return message;
      }
      Chunk at = position;
      if (at == null) {
        Step step = catchUp(now);
        if (step.bytes() != null) {
          return step.bytes();
        }
        if (!step.again()) {
          break;
        }
      } else if (at.next != null) {
        Chunk chunk = at.next;
        position = chunk;
        ByteBuffer bytes = chunk.isFor(index) ? chunk.bytes.duplicate() : null;
        chunk.passed();
        if (bytes != null && bytes.hasRemaining()) {
          return bytes;
        }
      } else if (!finishFeeds()) {
        if (!now.isPending() || now.core.deferred()) {
          break;
        }
        if (silent++ == MOST_SILENT_ROUNDS) {
          now.advanceInSlices();
          break;
        }
        now.advance();
      }
    }
    waiting = true;
    now.waits();
    return null;
  }

  private record Step(@Nullable ByteBuffer bytes, boolean again) {
    static final Step AGAIN = new Step(null, true);
    static final Step WAIT = new Step(null, false);
  }

  private Step catchUp(UpdateGroup now) {
    boolean all = true;
    for (int i = 0; i < feeds.size(); i++) {
      Feed feed = feeds.get(i);
      if (feed.blocked()) {
        if (now.core.deferred()) {
          return Step.WAIT;
        }
        if (!feed.nearlyUnblocked()) {
          now.advanceInSlices();
          return Step.WAIT;
        }
        return now.advance() ? Step.AGAIN : Step.WAIT;
      }
      ByteBuffer bytes = feed.next();
      if (bytes != null) {
        return new Step(bytes, true);
      }
      if (!ready.isEmpty()) {
        return Step.AGAIN;
      }
      all &= feed.isEmpty();
    }
    if (all) {
      position = now.tail();
      return Step.AGAIN;
    }
    return Step.WAIT;
  }

  /** End-of-RIB and EoRR for the feeds that have told all; true if there is something to send. */
  private boolean finishFeeds() {
    boolean found = false;
    for (int i = 0; i < feeds.size(); i++) {
      found |= feeds.get(i).finish();
    }
    return found;
  }

  void send(ByteBuffer message) {
    ready.add(message);
  }

  @Override
  public @Nullable Notification update(ByteBuffer body) {
    UpdateParser reader = parser;
    if (reader == null) {
      throw new IllegalStateException("no session with " + name());
    }
    Notification error = reader.parse(body, this);
    if (error != null) {
      return error;
    }
    return overLimit();
  }

  private @Nullable Notification overLimit() {
    for (Map.Entry<Family, FamilyTraits> entry : traits.families().entrySet()) {
      MaxPrefixes maximum = entry.getValue().maximum();
      FamilyTable table = rib.table(entry.getKey());
      if (maximum.limit() == 0 || table == null) {
        continue;
      }
      PeerTally tally = tally(table.number);
      if (maximum.warnPercent() > 0
          && tally.limitSaid == 0
          && tally.received >= maximum.warnAt()
          && tally.received > 0) {
        tally.limitSaid = 1;
        traits.events().prefixLimit(entry.getKey(), tally.received, maximum);
      }
      if (tally.received > maximum.limit()) {
        if (tally.limitSaid < 2) {
          tally.limitSaid = 2;
          traits.events().prefixLimit(entry.getKey(), tally.received, maximum);
        }
        if (maximum.reset()) {
          return Notifications.maximumPrefixes(entry.getKey(), maximum.limit());
        }
      }
    }
    return null;
  }

  @Override
  public void announce(Family family, Attributes attributes, Nlri nlri) {
    FamilyTable table = rib.table(family);
    if (table == null || !traits.families().containsKey(family)) {
      return;
    }
    round.begin(table, attributes);
    nlri.forEach(this);
    round.end();
  }

  @Override
  public void withdraw(Family family, Nlri nlri) {
    FamilyTable table = rib.table(family);
    if (table == null) {
      return;
    }
    round.beginWithdrawals(table);
    nlri.forEach(this);
    round.end();
  }

  @Override
  public void v4(int address, int length, int pathId) {
    round.prefix(PrefixTable.high(address), 0, length, pathId);
  }

  @Override
  public void v6(long high, long low, int length, int pathId) {
    round.prefix(high, low, length, pathId);
  }

  @Override
  public void endOfRib(Family family) {
    rib.endOfRib(this, family);
    traits.events().endOfRib(family);
  }

  @Override
  public void malformed(AttributeError error) {
    traits.events().malformed(error);
  }

  /**
   * The attributes after checks and policy for one path, as a number to be released; 0: refused.
   */
  int reimport(FamilyTable table, int path) {
    round.begin(table, rib.attributes().set(table.received(path)));
    int net = table.net(path);
    int accepted =
        round.accepted(
            table.prefixes.highOf(net), table.prefixes.lowOf(net), table.prefixes.lengthOf(net));
    if (accepted != 0) {
      rib.attributes().use(accepted);
    }
    round.end();
    return accepted;
  }

  @Override
  public void refresh(Family family, RefreshSubtype kind) {
    switch (kind) {
      case REQUEST -> {
        UpdateGroup now = group;
        GroupFamily of = now == null ? null : now.family(family);
        if (of != null) {
          fallBehind();
          if (traits.options().enhancedRefresh()) {
            send(UpdateEncoder.refresh(family, RefreshSubtype.BEGIN_OF_REFRESH));
          }
          feed(of).refresh(traits.options().enhancedRefresh());
          wake();
        }
      }
      case BEGIN_OF_REFRESH -> rib.beginRefresh(this, family);
      case END_OF_REFRESH -> rib.endRefresh(this, family);
    }
  }

  @Override
  public void down(Retention retention) {
    leaveGroup();
    parser = null;
    rib.down(this, retention);
  }

  @Override
  public void changePolicy(RoutePolicies policies) {
    change(traits.with(policies));
  }

  @Override
  public void change(PeerTraits now) {
    PeerTraits before = traits;
    if (!now.name().equals(before.name())
        || !now.receive().equals(before.receive())
        || !now.send().equals(before.send())
        || !now.families().keySet().equals(before.families().keySet())) {
      throw new IllegalStateException(
          "the session with " + name() + " must be made anew for other traits: " + now);
    }
    take(now);
    rib.traitsChanged(this, before);
  }

  /** Counts on when routes of this neighbour are to be passed on otherwise than before. */
  int version() {
    return version;
  }

  private void take(PeerTraits now) {
    Exporter.Source before = asSource();
    traits = now;
    round.policiesChanged();
    if (!asSource().equals(before)) {
      version++;
      rib.sourceChanged(this);
    }
  }

  @Override
  public PeerCounters counters(Family family) {
    UpdateGroup now = group;
    GroupFamily of = now == null ? null : now.family(family);
    FamilyTable table = rib.table(family);
    return (table == null ? new PeerTally() : tally(table.number))
        .snapshot(of == null ? 0 : of.announcedTo(index));
  }
}
