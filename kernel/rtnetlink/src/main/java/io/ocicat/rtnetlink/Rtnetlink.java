package io.ocicat.rtnetlink;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Errno;
import io.ocicat.libc.NetNamespace;
import io.ocicat.netlink.Answer;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.netlink.NetlinkSocket;
import io.ocicat.netlink.NlBatch;
import io.ocicat.netlink.NlMessage;
import io.ocicat.netlink.NlRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The kernel's links, addresses, routes, rules and neighbours of one network namespace.
 *
 * <p>From any thread; requests go one after the other. Every method throws {@link NetlinkException}
 * if the kernel refuses, unless it says otherwise.
 */
public final class Rtnetlink implements LinkTable, RouteTable, AutoCloseable {

  private final NetlinkSocket socket;

  public Rtnetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** For the namespace of the calling thread. */
  public static Rtnetlink open() {
    return new Rtnetlink(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE, new RtnetlinkNames()));
  }

  /** For another namespace; usable from outside of it. */
  public static Rtnetlink openIn(NetNamespace namespace) {
    return namespace.call(Rtnetlink::open);
  }

  /** Carries out one request of a codec. */
  public void execute(NlRequest request) {
    List<NlMessage> _ = socket.execute(request);
  }

  /**
   * Carries out requests in one system call; a refused one does not stop the next.
   *
   * @return an answer for each, in their order
   */
  public List<Answer> executeAll(List<NlRequest> requests) {
    return socket.executeAll(requests);
  }

  @Override
  public List<LinkMessage> links() {
    return socket.dump(LinkCodec.getLinks()).stream().map(LinkCodec::decode).toList();
  }

  @Override
  public Optional<LinkMessage> link(String name) {
    return link(LinkCodec.getLink(name));
  }

  @Override
  public Optional<LinkMessage> link(int index) {
    return link(LinkCodec.getLink(index));
  }

  private Optional<LinkMessage> link(NlRequest request) {
    try {
      return socket.execute(request).stream().findFirst().map(LinkCodec::decode);
    } catch (NetlinkException e) {
      if (e.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The addresses of all links. */
  public List<AddressMessage> addresses() {
    return socket.dump(AddressCodec.getAddresses()).stream().map(AddressCodec::decode).toList();
  }

  /** The addresses of one link; none if there is no such link. */
  public List<AddressMessage> addresses(int index) {
    try {
      return socket.dump(AddressCodec.getAddresses(index)).stream()
          .map(AddressCodec::decode)
          .filter(address -> address.index() == index)
          .toList();
    } catch (NetlinkException e) {
      if (e.is(Errno.ENODEV)) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public List<RouteMessage> routes(int protocol) {
    List<RouteMessage> routes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      for (NlMessage message : socket.dump(RouteCodec.getRoutes(family, protocol))) {
        RouteCodec.decode(message)
            .filter(route -> protocol == 0 || route.protocol() == protocol)
            .ifPresent(routes::add);
      }
    }
    return routes;
  }

  /**
   * Tells all routes of a family one by one, without keeping them.
   *
   * @param protocol {@code RTPROT_…}; 0 for all
   * @return whether they were one consistent state; if not, some may be missing or told twice
   */
  public boolean routes(IpFamily family, int protocol, Consumer<RouteMessage> each) {
    return socket.dump(
        RouteCodec.getRoutes(family, protocol),
        message -> RouteCodec.decode(message).ifPresent(each));
  }

  /** A change that was refused, by its place among the changes. */
  public record Refused(int index, NetlinkException cause) {}

  /**
   * As {@link #apply}, for changes by the thousand: only refused ones are answered.
   *
   * @throws NetlinkException if answers were lost: what was done is then unknown
   */
  public List<Refused> applyAll(List<? extends Change> changes) {
    if (changes.isEmpty()) {
      return List.of();
    }
    NlBatch batch = new NlBatch();
    changes.forEach(change -> RouteCodec.write(batch, change));
    return socket.carryOut(batch, index -> request(changes.get(index)).operation()).stream()
        .map(refusal -> new Refused(refusal.index(), refusal.cause()))
        .toList();
  }

  /** The number by which the kernel knows the socket, which notifications of its changes carry. */
  public int portId() {
    return socket.portId(LinkCodec.getLink(1));
  }

  /** The entry that a packet to that address would take; empty if there is none. */
  public Optional<RouteMessage> route(IpAddress destination) {
    try {
      return socket.execute(RouteCodec.getRoute(destination)).stream()
          .findFirst()
          .flatMap(RouteCodec::decode);
    } catch (NetlinkException e) {
      if (e.is(Errno.ENETUNREACH) || e.is(Errno.EHOSTUNREACH) || e.is(Errno.EINVAL)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public List<Outcome> apply(List<? extends Change> changes) {
    List<NlRequest> requests = changes.stream().map(Rtnetlink::request).toList();
    List<Answer> answers = socket.executeAll(requests);
    List<Outcome> outcomes = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      outcomes.add(
          switch (answers.get(i)) {
            case Answer.Acknowledged _ -> new Outcome.Done(change);
            case Answer.Refused(NetlinkException cause) -> new Outcome.Failed(change, cause);
          });
    }
    return outcomes;
  }

  private static NlRequest request(Change change) {
    return switch (change) {
      case Change.Add(RouteMessage route) -> RouteCodec.newRoute(route);
      case Change.Replace(RouteMessage route) -> RouteCodec.replaceRoute(route);
      case Change.Delete(RouteMessage route) -> RouteCodec.delRoute(route);
    };
  }

  /** The rules of a family that lead to a table. */
  public List<RuleMessage> rules(IpFamily family) {
    return socket.dump(RuleCodec.getRules(family)).stream()
        .map(RuleCodec::decode)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Neighbours of all links.
   *
   * @param flags {@code NTF_PROXY} for those the host answers for, 0 for the others
   */
  public List<NeighbourMessage> neighbours(int flags) {
    return socket.dump(NeighbourCodec.getNeighbours(flags)).stream()
        .map(NeighbourCodec::decode)
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public void close() {
    socket.close();
  }
}
