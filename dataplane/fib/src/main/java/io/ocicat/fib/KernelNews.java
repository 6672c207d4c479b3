package io.ocicat.fib;

import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Epoll;
import io.ocicat.netlink.NetlinkSocket;
import io.ocicat.netlink.NetlinkSubscription;
import io.ocicat.netlink.NetlinkTransport.Reception;
import io.ocicat.netlink.NlFlags;
import io.ocicat.netlink.NlMessage;
import io.ocicat.rtnetlink.AddressCodec;
import io.ocicat.rtnetlink.LinkCodec;
import io.ocicat.rtnetlink.LinuxRtnetlink;
import io.ocicat.rtnetlink.RouteCodec;
import io.ocicat.rtnetlink.RouteMessage;
import io.ocicat.rtnetlink.Rtnetlink;
import java.util.List;
import java.util.function.Consumer;

/** What the kernel tells of links, addresses and routes, but not of what the writer does itself. */
final class KernelNews implements AutoCloseable {

  private static final int CONSISTENCY_ATTEMPTS = 5;
  private static final int DATAGRAMS_AT_ONCE = 256;

  private final NetlinkSubscription notes;

  private KernelNews(NetlinkSubscription notes) {
    this.notes = notes;
  }

  static KernelNews open(Rtnetlink writer) {
    return new KernelNews(
        NetlinkSubscription.open(
            NetlinkSocket.NETLINK_ROUTE,
            new NetlinkSubscription.NotOf(
                writer.portId(), List.of(LinuxRtnetlink.RTM_NEWROUTE, LinuxRtnetlink.RTM_DELROUTE)),
            LinuxRtnetlink.RTNLGRP_LINK,
            LinuxRtnetlink.RTNLGRP_IPV4_IFADDR,
            LinuxRtnetlink.RTNLGRP_IPV4_ROUTE,
            LinuxRtnetlink.RTNLGRP_IPV6_IFADDR,
            LinuxRtnetlink.RTNLGRP_IPV6_ROUTE));
  }

  void watchedBy(Epoll epoll) {
    notes.watchedBy(epoll, 0);
  }

  /**
   * Everything that is so now.
   *
   * @param learned is told of routes that a speaker made
   */
  static Topology read(Rtnetlink kernel, Consumer<RouteMessage> learned) {
    Topology topology = new Topology();
    kernel.links().forEach(topology::put);
    kernel.addresses().forEach(topology::put);
    for (IpFamily family : IpFamily.values()) {
      Consumer<RouteMessage> take =
          route -> {
            if (Topology.learned(route)) {
              learned.accept(route);
            } else if (Topology.counts(route)) {
              topology.put(route, false);
            }
          };
      boolean consistent = false;
      for (int i = 0; i < CONSISTENCY_ATTEMPTS && !consistent; i++) {
        consistent = kernel.routes(family, 0, take);
      }
    }
    topology.takeDisturbed();
    return topology;
  }

  /** What was heard. */
  enum Heard {
    NOTHING,
    SOMETHING,

    /** Something was lost: all has to be read anew. */
    TOO_MUCH
  }

  /** Passes on what there is, without waiting. */
  Heard listen(FibState state) {
    Heard heard = Heard.NOTHING;
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
      switch (notes.receive(0)) {
        case Reception.Nothing() -> {
          return heard;
        }
        case Reception.Messages(List<NlMessage> messages) -> {
          Heard now = pass(state, messages);
          heard = now == Heard.NOTHING ? heard : now;
        }
        case Reception.Overrun(), Reception.Truncated _ -> {
          return Heard.TOO_MUCH;
        }
      }
      if (heard == Heard.TOO_MUCH) {
        return heard;
      }
    }
    return heard;
  }

  private static Heard pass(FibState state, List<NlMessage> messages) {
    Heard[] heard = {Heard.NOTHING};
    state.learn(
        topology -> {
          for (NlMessage message : messages) {
            boolean understood = apply(state, topology, message);
            if (heard[0] != Heard.TOO_MUCH) {
              heard[0] = understood ? Heard.SOMETHING : Heard.TOO_MUCH;
            }
          }
        });
    return heard[0];
  }

  private static boolean apply(FibState state, Topology topology, NlMessage message) {
    switch (message.type()) {
      case LinuxRtnetlink.RTM_NEWLINK, LinuxRtnetlink.RTM_DELLINK -> link(topology, message);
      case LinuxRtnetlink.RTM_NEWADDR -> topology.put(AddressCodec.decode(message));
      case LinuxRtnetlink.RTM_DELADDR -> topology.remove(AddressCodec.decode(message));
      case LinuxRtnetlink.RTM_NEWROUTE, LinuxRtnetlink.RTM_DELROUTE -> {
        return RouteCodec.decode(message)
            .map(route -> route(state, topology, message, route))
            .orElse(true);
      }
      default -> {
        // Nothing that says where next hops are.
      }
    }
    return true;
  }

  // A port's leaving its bridge is told as the end of a link, of the bridge's family.
  private static void link(Topology topology, NlMessage message) {
    if (message.payload().get(LinkCodec.STRUCT.offset("ifi_family")) == 0) {
      if (message.type() == LinuxRtnetlink.RTM_NEWLINK) {
        topology.put(LinkCodec.decode(message));
      } else {
        topology.removeLink(LinkCodec.decode(message).index());
      }
    }
  }

  private static boolean route(
      FibState state, Topology topology, NlMessage message, RouteMessage route) {
    if (Topology.learned(route)) {
      state.disturbed(route);
      return true;
    }
    if (!Topology.counts(route)) {
      return true;
    }
    if (message.type() == LinuxRtnetlink.RTM_DELROUTE) {
      return topology.remove(route);
    }
    topology.put(route, (message.header().flags() & NlFlags.REPLACE) != 0);
    return true;
  }

  @Override
  public void close() {
    notes.close();
  }
}
