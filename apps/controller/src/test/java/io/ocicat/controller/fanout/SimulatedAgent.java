package io.ocicat.controller.fanout;

import io.ocicat.sync.AgentService.DeltaSink;
import io.ocicat.sync.FromAgent;
import io.ocicat.sync.ItemKey;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.SyncTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An agent and its network: messages wait until they are delivered, or are lost with the stream.
 */
final class SimulatedAgent implements DeltaSink {

  final String node;
  private final SyncTable table = new SyncTable();
  private final Deque<SyncDelta> underWay = new ArrayDeque<>();
  private final Set<String> wanted = new HashSet<>();
  private Optional<Session> session = Optional.empty();
  private boolean slow;
  int snapshots;
  int deltas;

  SimulatedAgent(String node) {
    this.node = node;
  }

  SyncTable table() {
    return table;
  }

  Set<String> wanted() {
    return wanted;
  }

  boolean connected() {
    return session.isPresent();
  }

  void connect(Fanout fanout) {
    Session opened = fanout.open(node, this);
    session = Optional.of(opened);
    Set<String> held = new HashSet<>(table.groupIds());
    held.retainAll(wanted);
    fanout.hello(
        opened, new FromAgent.Hello(node, "test", table.epoch(), table.generation(), wanted, held));
  }

  void lose(Fanout fanout) {
    underWay.clear();
    session.ifPresent(fanout::closed);
    session = Optional.empty();
  }

  void subscribe(Fanout fanout, String id) {
    wanted.add(id);
    session.ifPresent(
        each -> fanout.subscribe(each, new FromAgent.Subscribe(Set.of(id), Set.of())));
  }

  void unsubscribe(Fanout fanout, String id) {
    wanted.remove(id);
    session.ifPresent(
        each -> fanout.subscribe(each, new FromAgent.Subscribe(Set.of(), Set.of(id))));
    SyncDelta dropped =
        new SyncDelta(
            table.epoch(),
            table.generation(),
            false,
            List.of(),
            List.of(ItemKey.group(id)),
            List.of());
    table.apply(dropped);
  }

  void slow(Fanout fanout, boolean now) {
    slow = now;
    if (!slow) {
      session.ifPresent(fanout::writable);
    }
  }

  /** Takes the next message off the wire, as the client does. */
  boolean deliver() {
    SyncDelta delta = underWay.poll();
    if (delta == null) {
      return false;
    }
    snapshots += delta.snapshot() ? 1 : 0;
    deltas++;
    table.apply(
        new SyncDelta(
            delta.epoch(),
            delta.generation(),
            delta.snapshot(),
            delta.upserts().stream()
                .filter(
                    item -> !(item instanceof SyncItem.Group group) || wanted.contains(group.id()))
                .toList(),
            delta.removals(),
            delta.groups()));
    return true;
  }

  @Override
  public boolean ready() {
    return !slow;
  }

  @Override
  public void send(SyncDelta delta) {
    underWay.add(delta);
  }

  @Override
  public void end(String reason) {
    underWay.clear();
    session = Optional.empty();
  }
}
