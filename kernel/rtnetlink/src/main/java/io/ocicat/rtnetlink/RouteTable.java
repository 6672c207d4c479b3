package io.ocicat.rtnetlink;

import io.ocicat.netlink.NetlinkException;
import java.util.List;

/** The routes of a namespace that one protocol made. */
public interface RouteTable {

  /** Something to do with a route. */
  sealed interface Change {

    RouteMessage route();

    /** {@code EEXIST} if there is one of that destination, metric and table. */
    record Add(RouteMessage route) implements Change {}

    /** In the place of the one of that destination, metric and table. */
    record Replace(RouteMessage route) implements Change {}

    /** {@code ESRCH} if there is none. */
    record Delete(RouteMessage route) implements Change {}
  }

  /** What became of a change. */
  sealed interface Outcome {
    Change change();

    record Done(Change change) implements Outcome {}

    record Failed(Change change, NetlinkException cause) implements Outcome {}
  }

  /** All routes of that protocol, IPv4 and IPv6, of all tables. */
  List<RouteMessage> routes(int protocol);

  /** Does one after the other; a failed one does not stop the next. */
  List<Outcome> apply(List<? extends Change> changes);
}
