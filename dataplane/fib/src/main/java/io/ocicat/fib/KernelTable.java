package io.ocicat.fib;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.rtnetlink.LinkMessage;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import io.ocicat.rtnetlink.NextHop;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.RouteTable;
import io.ocicat.rtnetlink.RouteType;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel's routes that lead over gateways under our protocol number. For one thread. */
final class KernelTable implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KernelTable.class);
  private static final int FAILURES_KEPT = 8;

  private final Rtnetlink rtnetlink;
  private final Map<Cidr, List<Way>> wanted = new HashMap<>();
  private final Map<Key, RouteMessage> installed = new HashMap<>();
  private final Set<Key> stale = new LinkedHashSet<>();
  private final Set<Cidr> refused = new LinkedHashSet<>();
  private final Deque<String> lastFailures = new ArrayDeque<>();
  private FibSettings settings;
  private long writes;
  private long refusals;
  private long drift;
  private long audits;

  /**
   * A way out.
   *
   * @param nextHop as the route has it
   * @param device the link that a link-local one is on; else empty
   */
  record Way(IpAddress nextHop, String device) {}

  /** By what the kernel tells routes apart. */
  private record Key(Cidr destination, int table, int priority) {
    static Key of(RouteMessage route) {
      return new Key(route.destination(), route.table(), route.priority());
    }
  }

  KernelTable(Rtnetlink rtnetlink, FibSettings settings) {
    this.rtnetlink = rtnetlink;
    this.settings = settings;
  }

  /** Takes over what an earlier run left; how many routes those are. */
  int adopt() {
    for (RouteMessage route : observed()) {
      installed.put(Key.of(route), route);
      stale.add(Key.of(route));
    }
    return stale.size();
  }

  private List<RouteMessage> observed() {
    return rtnetlink.routes(FibSettings.PROTOCOL).stream()
        .filter(RouteMessage::leadsOverGateway)
        .toList();
  }

  /** Prefixes with the ways that they have now; none: the prefix is gone. */
  void change(Map<Cidr, List<Way>> changes) {
    changes.forEach(
        (prefix, ways) -> {
          refused.remove(prefix);
          if (ways.isEmpty()) {
            List<Way> _ = wanted.remove(prefix);
          } else {
            List<Way> _ = wanted.put(prefix, ways);
          }
        });
    Set<Cidr> prefixes = new LinkedHashSet<>(changes.keySet());
    prefixes.addAll(refused);
    refused.clear();
    write(prefixes);
  }

  boolean hasRefused() {
    return !refused.isEmpty();
  }

  /** What was taken over and is not wanted goes. */
  void prune() {
    List<RouteTable.Change> changes = new ArrayList<>();
    for (Key key : stale) {
      RouteMessage route = installed.get(key);
      if (route != null) {
        changes.add(new RouteTable.Change.Delete(route));
      }
    }
    stale.clear();
    if (!changes.isEmpty()) {
      LOG.info("{} routes of an earlier run are not known any more, and go", changes.size());
    }
    apply(changes);
  }

  void apply(FibSettings now) {
    boolean otherPriority =
        now.ipv4().metric() != settings.ipv4().metric()
            || now.ipv6().metric() != settings.ipv6().metric();
    settings = now;
    if (otherPriority) {
      Set<Key> before = Set.copyOf(installed.keySet());
      write(wanted.keySet());
      for (Key key : before) {
        if (!stale.contains(key) && key.priority() != priority(key.destination())) {
          stale.add(key);
        }
      }
      prune();
    }
  }

  /** Compares with the kernel in full, and follows ways that have changed. */
  void audit() {
    audits++;
    Map<Key, RouteMessage> found = new HashMap<>();
    observed().forEach(route -> found.put(Key.of(route), route));
    Set<Cidr> wrong = new LinkedHashSet<>();
    for (Map.Entry<Key, RouteMessage> each : installed.entrySet()) {
      RouteMessage actual = found.get(each.getKey());
      if (actual == null || !leadsTheSameWay(each.getValue(), actual)) {
        drift++;
        wrong.add(each.getKey().destination());
      }
    }
    installed.clear();
    installed.putAll(found);
    wrong.addAll(wanted.keySet());
    write(wrong);
  }

  void withdrawAll() {
    wanted.clear();
    refused.clear();
    stale.clear();
    apply(
        installed.values().stream().<RouteTable.Change>map(RouteTable.Change.Delete::new).toList());
  }

  FibView view(int waiting) {
    return new FibView(
        wanted.size(),
        installed.size(),
        stale.size(),
        waiting + refused.size(),
        writes,
        refusals,
        drift,
        audits,
        0,
        List.copyOf(lastFailures));
  }

  /** Makes the kernel's routes to these prefixes what is wanted. */
  private void write(Set<Cidr> prefixes) {
    Map<Way, List<NextHop>> resolved = new HashMap<>();
    Map<String, Integer> devices = new HashMap<>();
    List<RouteTable.Change> changes = new ArrayList<>();
    for (Cidr prefix : prefixes) {
      Key key = new Key(prefix, settings.table(), priority(prefix));
      RouteMessage is = installed.get(key);
      List<NextHop> hops = hops(prefix, resolved, devices);
      if (!hops.isEmpty()) {
        stale.remove(key);
        RouteMessage shouldBe = message(key, hops);
        if (is == null || !leadsTheSameWay(shouldBe, is)) {
          changes.add(new RouteTable.Change.Replace(shouldBe));
        }
      } else {
        if (wanted.containsKey(prefix)) {
          fail(prefix, "%s has no next hop that the kernel can reach".formatted(prefix));
        }
        if (is != null && !stale.contains(key)) {
          changes.add(new RouteTable.Change.Delete(is));
        }
      }
    }
    apply(changes);
  }

  private List<NextHop> hops(
      Cidr prefix, Map<Way, List<NextHop>> resolved, Map<String, Integer> devices) {
    Set<NextHop> hops = new LinkedHashSet<>();
    for (Way way : wanted.getOrDefault(prefix, List.of())) {
      hops.addAll(resolved.computeIfAbsent(way, each -> resolve(each, devices)));
    }
    return List.copyOf(hops);
  }

  /** A next hop that is not on a link is reached as the kernel reaches it. */
  private List<NextHop> resolve(Way way, Map<String, Integer> devices) {
    if (!way.device().isEmpty()) {
      int index =
          devices.computeIfAbsent(
              way.device(), name -> rtnetlink.link(name).map(LinkMessage::index).orElse(0));
      return index == 0 ? List.of() : List.of(NextHop.of(index, way.nextHop()));
    }
    Optional<RouteMessage> towards = rtnetlink.route(way.nextHop());
    if (towards.isEmpty()
        || towards.get().type() != RouteType.UNICAST
        || isLearned(towards.get())) {
      return List.of();
    }
    List<NextHop> hops = new ArrayList<>();
    for (NextHop hop : towards.get().nextHops()) {
      hops.add(
          NextHop.of(hop.index(), hop.gateway().isUnspecified() ? way.nextHop() : hop.gateway()));
    }
    return hops;
  }

  /** What BGP says leads nowhere by itself. */
  private static boolean isLearned(RouteMessage route) {
    return route.protocol() == FibSettings.PROTOCOL && route.leadsOverGateway();
  }

  private int priority(Cidr prefix) {
    return settings.of(prefix.family()).metric();
  }

  private RouteMessage message(Key key, List<NextHop> hops) {
    return new RouteMessage(
        key.destination(),
        RouteType.UNICAST,
        key.table(),
        FibSettings.PROTOCOL,
        LinuxRtnetlink.RT_SCOPE_UNIVERSE,
        key.priority(),
        settings.of(key.destination().family()).source(),
        hops,
        List.of());
  }

  private static boolean leadsTheSameWay(RouteMessage one, RouteMessage other) {
    return one.source().equals(other.source()) && ways(one).equals(ways(other));
  }

  private static Set<List<Object>> ways(RouteMessage route) {
    Set<List<Object>> ways = new LinkedHashSet<>();
    route.nextHops().forEach(hop -> ways.add(List.of(hop.index(), hop.gateway())));
    return ways;
  }

  private void apply(List<RouteTable.Change> changes) {
    Map<Cidr, String> failed = new LinkedHashMap<>();
    for (RouteTable.Outcome outcome : rtnetlink.apply(changes)) {
      RouteMessage route = outcome.change().route();
      switch (outcome) {
        case RouteTable.Outcome.Done(RouteTable.Change change) -> {
          writes++;
          if (change instanceof RouteTable.Change.Delete) {
            RouteMessage _ = installed.remove(Key.of(route));
          } else {
            RouteMessage _ = installed.put(Key.of(route), route);
          }
        }
        case RouteTable.Outcome.Failed(RouteTable.Change change, var cause) -> {
          if (change instanceof RouteTable.Change.Delete) {
            // Gone already, with its link.
            RouteMessage _ = installed.remove(Key.of(route));
          } else {
            failed.put(route.destination(), String.valueOf(cause.getMessage()));
          }
        }
      }
    }
    failed.forEach(this::fail);
  }

  private void fail(Cidr prefix, String sentence) {
    refusals++;
    refused.add(prefix);
    if (!lastFailures.contains(sentence)) {
      LOG.warn("{}; tried again", sentence);
      lastFailures.add(sentence);
      if (lastFailures.size() > FAILURES_KEPT) {
        String _ = lastFailures.remove();
      }
    }
  }

  @Override
  public void close() {
    rtnetlink.close();
  }
}
