package io.ocicat.rtnetlink;

import io.ocicat.inet.Cidr;
import io.ocicat.libc.Errno;
import io.ocicat.netlink.ExtAck;
import io.ocicat.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes in memory for tests: one for each destination, metric and table, as in the kernel. */
public final class FakeRouteTable implements RouteTable {

  private record Key(Cidr destination, int table, int priority) {
    static Key of(RouteMessage route) {
      return new Key(route.destination(), route.table(), route.priority());
    }
  }

  private final Map<Key, RouteMessage> routes = new LinkedHashMap<>();

  /** Puts a route there, as somebody else would. */
  public void put(RouteMessage route) {
    routes.put(Key.of(route), route);
  }

  /** Takes a route away, as somebody else would. */
  public void remove(RouteMessage route) {
    routes.remove(Key.of(route));
  }

  /** All routes, whoever made them. */
  public List<RouteMessage> all() {
    return List.copyOf(routes.values());
  }

  @Override
  public List<RouteMessage> routes(int protocol) {
    return routes.values().stream().filter(r -> r.protocol() == protocol).toList();
  }

  @Override
  public List<Outcome> apply(List<? extends Change> changes) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Change change : changes) {
      Key key = Key.of(change.route());
      outcomes.add(
          switch (change) {
            case Change.Add(RouteMessage route) ->
                routes.putIfAbsent(key, route) == null
                    ? new Outcome.Done(change)
                    : failed(change, Errno.EEXIST);
            case Change.Replace(RouteMessage route) -> {
              routes.put(key, route);
              yield new Outcome.Done(change);
            }
            case Change.Delete(RouteMessage route) -> delete(change, route);
          });
    }
    return outcomes;
  }

  private Outcome delete(Change change, RouteMessage route) {
    RouteMessage found = routes.get(Key.of(route));
    if (found == null || found.protocol() != route.protocol()) {
      return failed(change, Errno.ESRCH);
    }
    routes.remove(Key.of(route));
    return new Outcome.Done(change);
  }

  private static Outcome failed(Change change, Errno errno) {
    return new Outcome.Failed(
        change,
        new NetlinkException("change " + change.route().describe(), errno, ExtAck.NONE, ""));
  }
}
