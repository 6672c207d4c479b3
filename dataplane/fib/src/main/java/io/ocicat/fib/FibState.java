package io.ocicat.fib;

import io.ocicat.bgp.rib.Reachability;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.rib.UsedPath;
import io.ocicat.fib.HopGroups.Group;
import io.ocicat.fib.HopGroups.Hop;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.RouteTable.Change;
import io.ocicat.rtnetlink.RouteType;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What should be in the kernel and what is, and how next hops are reached: between the speaker's
 * loop, who writes and who audits. Every method holds the monitor, and none for long.
 */
final class FibState {

  private static final int FAILURES_SHOWN = 8;

  /** So many routes of another metric are dealt with at once; an audit follows for the rest. */
  private static final int MOST_LEFTOVERS = 1 << 16;

  private final FibTable ipv4 = new FibTable(IpFamily.IPV4);
  private final FibTable ipv6 = new FibTable(IpFamily.IPV6);
  private final HopGroups groups = new HopGroups();
  private final Map<IpAddress, Reachability> watched = new HashMap<>();
  private final ArrayDeque<RouteMessage> leftovers = new ArrayDeque<>();
  private final ArrayDeque<String> failures = new ArrayDeque<>();
  private BiConsumer<IpAddress, Reachability> told = (_, _) -> {};
  private Topology topology;
  private FibSettings settings;
  private int epoch;
  private int adopted;
  private boolean inSync;
  private boolean withdrawing;
  private boolean anyRefused;
  private boolean auditDue;
  private boolean auditing;
  private long writes;
  private long refusals;
  private long drift;
  private long audits;
  private long overruns;

  FibState(FibSettings settings, Topology topology) {
    this.settings = settings;
    this.topology = topology;
  }

  /**
   * A change of a prefix, or of a route that belongs to none.
   *
   * @param number of the prefix; 0 for none
   */
  record Item(FibTable table, int number, Change change) {}

  /** Some changes to carry out now. */
  record Work(int epoch, List<Item> items) {
    List<Change> changes() {
      return items.stream().map(Item::change).toList();
    }
  }

  // ---- from the speaker

  synchronized Reachability watch(IpAddress nextHop) {
    Reachability now = topology.reachability(nextHop, settings.throughDefault());
    watched.put(nextHop, now);
    return now;
  }

  synchronized void forget(IpAddress nextHop) {
    watched.remove(nextHop);
  }

  /** From now on that one hears of changes; first of all that is watched. */
  synchronized void tell(BiConsumer<IpAddress, Reachability> told) {
    this.told = told;
    watched.forEach(told);
  }

  synchronized void changed(List<RouteChange> batch) {
    if (withdrawing) {
      return;
    }
    for (RouteChange change : batch) {
      FibTable table = table(change.prefix());
      List<Hop> hops = hops(change.paths());
      int number = hops.isEmpty() ? table.find(change.prefix()) : table.findOrAdd(change.prefix());
      if (number != 0) {
        want(table, number, hops);
      }
    }
  }

  private void want(FibTable table, int number, List<Hop> hops) {
    int before = table.group(number);
    int now = hops.isEmpty() ? 0 : groups.take(hops, this::resolve).number;
    groups.release(before);
    table.group(number, now);
    table.clear(number, FibTable.STALE);
    table.enqueue(number);
  }

  private void resolve(Group group) {
    group.leads = topology.leads(group.hops, settings.throughDefault());
  }

  /** What originates here came from the kernel and does not go there. */
  private static List<Hop> hops(List<UsedPath> paths) {
    if (paths.isEmpty() || paths.getFirst().local()) {
      return List.of();
    }
    return paths.stream()
        .filter(path -> !path.local())
        .flatMap(path -> hop(path).stream())
        .toList();
  }

  private static Optional<Hop> hop(UsedPath path) {
    return path.attributes()
        .nextHop()
        .filter(address -> !address.isUnspecified())
        .or(() -> path.attributes().linkLocalNextHop())
        .map(address -> new Hop(address, address.isLinkLocal() ? path.device() : ""));
  }

  /** All is told: what was left and is not known goes. */
  synchronized void inSync() {
    if (!inSync) {
      inSync = true;
      auditDue = true;
      for (FibTable table : tables()) {
        for (int number = 1; number < table.limit(); number++) {
          if (table.used(number) && table.is(number, FibTable.STALE)) {
            table.clear(number, FibTable.STALE);
            table.enqueue(number);
          }
        }
      }
    }
  }

  synchronized void withdrawAll() {
    withdrawing = true;
    for (FibTable table : tables()) {
      for (int number = 1; number < table.limit(); number++) {
        if (table.used(number)) {
          want(table, number, List.of());
        }
      }
    }
    notifyAll();
  }

  synchronized boolean awaitWritten(long millis) throws InterruptedException {
    long until = System.nanoTime() + millis * 1_000_000;
    while (ipv4.count() + ipv6.count() > 0) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  synchronized void apply(FibSettings now) {
    FibSettings before = settings;
    settings = now.table(before.table());
    if (settings.equals(before)) {
      return;
    }
    epoch++;
    for (FibTable table : tables()) {
      boolean moved = before.of(table.family).metric() != settings.of(table.family).metric();
      for (int number = 1; number < table.limit(); number++) {
        if (table.used(number)) {
          anew(table, number, moved);
        }
      }
      auditDue |= moved;
    }
    reconsider(Set.of());
  }

  /** Those of another metric are, from now on, not this prefix's but what an audit finds. */
  private void anew(FibTable table, int number, boolean moved) {
    if (moved) {
      table.clear(number, FibTable.INSTALLED | FibTable.STALE);
    }
    if (!table.is(number, FibTable.STALE)) {
      table.enqueue(number);
    }
  }

  // ---- from the kernel

  /** A route of an earlier run, before anything else. */
  synchronized void adopt(RouteMessage route) {
    adopted++;
    if (route.priority() == metric(route.destination())) {
      FibTable table = table(route.destination());
      table.set(table.findOrAdd(route.destination()), FibTable.INSTALLED | FibTable.STALE);
    }
  }

  synchronized int adopted() {
    return adopted;
  }

  /** Changes what is known of the kernel, and then what follows from it. */
  synchronized void learn(Consumer<Topology> change) {
    change.accept(topology);
    reconsider(topology.takeDisturbed());
  }

  /** Notifications were lost; this is what is so now. */
  synchronized void relearn(Topology now) {
    topology = now;
    overruns++;
    auditDue = true;
    reconsider(Set.of());
  }

  private void reconsider(Set<Integer> disturbed) {
    boolean[] affected = new boolean[groups.limit()];
    boolean any = false;
    for (Group group : groups.all()) {
      List<NextHop> before = group.leads;
      resolve(group);
      affected[group.number] =
          !before.equals(group.leads)
              || group.leads.stream().anyMatch(hop -> disturbed.contains(hop.index()));
      any |= affected[group.number];
    }
    for (FibTable table : any ? tables() : List.<FibTable>of()) {
      for (int number = 1; number < table.limit(); number++) {
        if (table.used(number) && affected[table.group(number)]) {
          table.enqueue(number);
        }
      }
    }
    watched.replaceAll(
        (nextHop, before) -> {
          Reachability now = topology.reachability(nextHop, settings.throughDefault());
          if (!now.equals(before)) {
            told.accept(nextHop, now);
          }
          return now;
        });
  }

  /** Somebody else, or the kernel itself, made or removed a route that looks like ours. */
  synchronized void disturbed(RouteMessage route) {
    if (ours(route) && route.priority() == metric(route.destination())) {
      FibTable table = table(route.destination());
      int number = table.find(route.destination());
      if (number != 0 && !table.is(number, FibTable.QUEUED | FibTable.STALE)) {
        drift++;
        table.set(number, FibTable.INSTALLED);
        table.enqueue(number);
      } else if (number == 0) {
        auditDue = true;
      }
    }
  }

  // ---- to the kernel

  synchronized Work take(int most) {
    List<Item> items = new ArrayList<>();
    while (items.size() < most && !leftovers.isEmpty()) {
      RouteMessage route = leftovers.removeFirst();
      items.add(new Item(table(route.destination()), 0, new Change.Delete(route)));
    }
    while (items.size() < most && (ipv4.hasQueued() || ipv6.hasQueued())) {
      FibTable table = ipv4.queued() >= ipv6.queued() ? ipv4 : ipv6;
      int number = table.poll();
      Cidr prefix = table.prefix(number);
      List<NextHop> leads = groups.leads(table.group(number));
      if (!leads.isEmpty()) {
        Optional<RouteMessage> other = inTheWay(prefix);
        if (other.isPresent()) {
          table.set(number, FibTable.REFUSED);
          anyRefused = true;
          note(
              "cannot put route %s into the kernel: %s of protocol %d has metric %d too"
                  .formatted(
                      prefix, other.get().describe(), other.get().protocol(), metric(prefix)));
        } else {
          items.add(new Item(table, number, new Change.Replace(message(prefix, leads))));
        }
      } else if (table.is(number, FibTable.INSTALLED)) {
        items.add(new Item(table, number, new Change.Delete(message(prefix, List.of()))));
      } else if (table.group(number) == 0) {
        table.remove(number);
      }
    }
    notifyAll();
    return new Work(epoch, items);
  }

  private Optional<RouteMessage> inTheWay(Cidr prefix) {
    return settings.table() == FibSettings.MAIN_TABLE
        ? topology.inTheWay(prefix, metric(prefix))
        : Optional.empty();
  }

  private RouteMessage message(Cidr prefix, List<NextHop> leads) {
    FibSettings.OfFamily of = settings.of(prefix.family());
    IpAddress source =
        !leads.isEmpty() && !of.source().isUnspecified() && topology.hasAddress(of.source())
            ? of.source()
            : FibSettings.unspecified(prefix.family());
    return new RouteMessage(
        prefix,
        RouteType.UNICAST,
        settings.table(),
        FibSettings.PROTOCOL,
        LinuxRtnetlink.RT_SCOPE_UNIVERSE,
        of.metric(),
        source,
        leads,
        List.of());
  }

  /** What became of the changes that were taken. */
  synchronized void done(Work work, List<Rtnetlink.Refused> refused) {
    Map<Integer, NetlinkException> causes = new HashMap<>();
    refused.forEach(each -> causes.put(each.index(), each.cause()));
    for (int i = 0; i < work.items.size(); i++) {
      Item item = work.items.get(i);
      NetlinkException cause = causes.get(i);
      boolean deletes = item.change instanceof Change.Delete;
      if (cause != null && !(deletes && cause.is(Errno.ESRCH))) {
        note(cause.getMessage() == null ? cause.toString() : cause.getMessage());
        refused(item);
      } else {
        writes++;
        if (item.number != 0) {
          written(item, deletes, work.epoch == epoch);
        }
      }
    }
    notifyAll();
  }

  private void refused(Item item) {
    if (item.number != 0 && !item.table.is(item.number, FibTable.QUEUED)) {
      item.table.set(item.number, FibTable.REFUSED);
      anyRefused = true;
    }
  }

  private static void written(Item item, boolean deletes, boolean current) {
    FibTable table = item.table;
    table.set(item.number, FibTable.TOUCHED);
    if (deletes) {
      table.clear(item.number, FibTable.INSTALLED);
      if (table.group(item.number) == 0 && !table.is(item.number, FibTable.QUEUED)) {
        table.remove(item.number);
      }
    } else if (current) {
      table.set(item.number, FibTable.INSTALLED);
    } else {
      table.enqueue(item.number);
    }
  }

  /** The kernel's answers were lost: all of it once more. */
  synchronized void lost(Work work, RuntimeException cause) {
    overruns++;
    note(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    for (Item item : work.items) {
      if (item.number == 0) {
        auditDue = true;
      } else {
        item.table.set(item.number, FibTable.INSTALLED);
        item.table.enqueue(item.number);
      }
    }
  }

  private void note(String sentence) {
    refusals++;
    if (failures.size() == FAILURES_SHOWN) {
      failures.removeFirst();
    }
    failures.addLast(sentence);
  }

  synchronized boolean hasRefused() {
    return anyRefused;
  }

  /** Tries once more what was refused. */
  synchronized boolean retry() {
    boolean any = false;
    anyRefused = false;
    for (FibTable table : tables()) {
      for (int number = 1; number < table.limit(); number++) {
        if (table.used(number) && table.is(number, FibTable.REFUSED)) {
          table.enqueue(number);
          any = true;
        }
      }
    }
    return any;
  }

  synchronized boolean hasWork() {
    return !leftovers.isEmpty() || ipv4.hasQueued() || ipv6.hasQueued();
  }

  // ---- audits

  /** Begins an audit if one is due, or time has come, and nothing is waiting to be written. */
  synchronized boolean beginAudit(boolean timeHasCome) {
    if (auditing || hasWork() || !(auditDue || timeHasCome)) {
      return false;
    }
    auditing = true;
    auditDue = false;
    for (FibTable table : tables()) {
      for (int number = 1; number < table.limit(); number++) {
        table.clear(number, FibTable.SEEN | FibTable.TOUCHED);
      }
    }
    return true;
  }

  /** A route that the kernel has. */
  synchronized void audited(RouteMessage route) {
    if (!ours(route)) {
      return;
    }
    FibTable table = table(route.destination());
    int number = table.find(route.destination());
    if (route.priority() != metric(route.destination())) {
      leftover(table, number, route);
    } else if (number == 0) {
      number = table.findOrAdd(route.destination());
      table.set(number, FibTable.INSTALLED | FibTable.SEEN | (inSync ? 0 : FibTable.STALE));
      if (inSync) {
        drift++;
        table.enqueue(number);
      }
    } else {
      table.set(number, FibTable.SEEN);
      if (!table.is(number, FibTable.TOUCHED | FibTable.QUEUED | FibTable.STALE)
          && differs(table, number, route)) {
        drift++;
        table.set(number, FibTable.INSTALLED);
        table.enqueue(number);
      }
    }
  }

  private boolean differs(FibTable table, int number, RouteMessage route) {
    List<NextHop> leads = groups.leads(table.group(number));
    return !table.is(number, FibTable.INSTALLED)
        || !Topology.leads(leads).equals(Topology.leads(route.nextHops()))
        || !message(route.destination(), leads).source().equals(route.source());
  }

  private void leftover(FibTable table, int number, RouteMessage route) {
    boolean replaced =
        number == 0
            || table.group(number) == 0
            || (table.is(number, FibTable.INSTALLED) && !table.is(number, FibTable.QUEUED));
    if (!inSync) {
      return;
    }
    if (replaced && leftovers.size() < MOST_LEFTOVERS) {
      leftovers.add(named(route));
    } else {
      auditDue = true;
    }
  }

  /** What tells it apart from others, which is all that its end needs. */
  private static RouteMessage named(RouteMessage route) {
    return new RouteMessage(
        route.destination(),
        route.type(),
        route.table(),
        route.protocol(),
        route.scope(),
        route.priority(),
        FibSettings.unspecified(route.destination().family()),
        List.of(),
        List.of());
  }

  /**
   * @param complete whether all routes were told; else none is said to be missing
   */
  synchronized void endAudit(boolean complete) {
    auditing = false;
    audits++;
    if (!complete) {
      return;
    }
    for (FibTable table : tables()) {
      for (int number = 1; number < table.limit(); number++) {
        if (table.used(number)
            && table.is(number, FibTable.INSTALLED)
            && !table.is(number, FibTable.SEEN | FibTable.TOUCHED | FibTable.QUEUED)) {
          table.clear(number, FibTable.INSTALLED | FibTable.STALE);
          table.enqueue(number);
          drift++;
        }
      }
    }
  }

  synchronized FibView view() {
    int waiting = 0;
    for (FibTable table : tables()) {
      for (int number = 1; number < table.limit(); number++) {
        if (table.used(number)
            && (table.is(number, FibTable.QUEUED | FibTable.REFUSED)
                || !table.is(number, FibTable.INSTALLED))) {
          waiting++;
        }
      }
    }
    return new FibView(
        ipv4.wanted() + ipv6.wanted(),
        ipv4.count(FibTable.INSTALLED, 0) + ipv6.count(FibTable.INSTALLED, 0),
        ipv4.count(FibTable.STALE, 0) + ipv6.count(FibTable.STALE, 0),
        waiting,
        writes,
        refusals,
        drift,
        audits,
        overruns,
        List.copyOf(failures));
  }

  private boolean ours(RouteMessage route) {
    return route.table() == settings.table() && Topology.learned(route);
  }

  private int metric(Cidr prefix) {
    return settings.of(prefix.family()).metric();
  }

  private FibTable table(Cidr prefix) {
    return switch (prefix.family()) {
      case IPV4 -> ipv4;
      case IPV6 -> ipv6;
    };
  }

  private List<FibTable> tables() {
    return List.of(ipv4, ipv6);
  }
}
