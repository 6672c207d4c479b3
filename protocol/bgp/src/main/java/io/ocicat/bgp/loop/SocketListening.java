package io.ocicat.bgp.loop;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Epoll;
import io.ocicat.libc.Errno;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.Syscalls;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket of the kernel. */
final class SocketListening implements Listening, EpollLoop.Watched {

  private static final Logger LOG = LoggerFactory.getLogger(SocketListening.class);

  private static final int BACKLOG = 1024;
  private static final int MOST_A_TURN = 32;

  // Out of descriptors: the connection stays in the backlog, and a level-triggered set would spin.
  private static final Duration REST = Duration.ofMillis(200);

  private final EpollLoop loop;
  private final Acceptor acceptor;
  private final IpFamily family;
  private final Fd socket;
  private final SocketEnd local;
  private final long token;
  private boolean open = true;

  SocketListening(EpollLoop loop, ListenSettings settings, Acceptor acceptor) {
    this.loop = loop;
    this.acceptor = acceptor;
    this.family = settings.address().family();
    this.socket = SocketOptions.socket(family);
    try {
      Syscalls.setsockopt(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_REUSEADDR, 1);
      boolean v4 = family == IpFamily.IPV4;
      // An address may come after us.
      Syscalls.setsockopt(socket, LinuxSocket.IPPROTO_IP, LinuxSocket.IP_FREEBIND, 1);
      // A peer with RFC 5082 judges our SYN-ACK already.
      SocketOptions.hops(socket, family, new Hops(255, 0));
      SocketOptions.device(socket, settings.device());
      int scope =
          !v4 && settings.address().isLinkLocal()
              ? EpollLoop.presentInterfaceIndex(settings.device())
              : 0;
      Syscalls.bind(socket, SocketOptions.sockaddr(settings.address(), settings.port(), scope));
      Syscalls.listen(socket, BACKLOG);
      this.local = SocketOptions.end(Syscalls.getsockname(socket));
    } catch (LibcException e) {
      socket.close();
      throw e;
    }
    this.token = loop.watch(this);
    loop.epoll().add(socket, Epoll.EPOLLIN, token);
  }

  @Override
  public void ready(int events) {
    for (int i = 0; i < MOST_A_TURN && open; i++) {
      try {
        Optional<Syscalls.Accepted> accepted = Syscalls.accept4(socket);
        if (accepted.isEmpty()) {
          return;
        }
        take(accepted.get());
      } catch (LibcException e) {
        if (e.is(Errno.EMFILE) || e.is(Errno.ENOMEM) || e.is(Errno.ENOBUFS)) {
          LOG.warn("Cannot take a connection on {}: {}; again in {}", local, e.errno(), REST);
          loop.epoll().modify(socket, 0, token);
          loop.schedule(REST, this::resume);
          return;
        }
        LOG.debug("A connection to {} ended before it was taken: {}", local, e.errno());
      }
    }
  }

  private void resume() {
    if (open) {
      loop.epoll().modify(socket, Epoll.EPOLLIN, token);
    }
  }

  private void take(Syscalls.Accepted accepted) {
    SocketConnection connection = new SocketConnection(loop, null);
    SocketEnd from = SocketOptions.end(accepted.remote());
    try {
      connection.adopt(accepted.socket(), from);
    } catch (LibcException e) {
      connection.close();
      LOG.debug("A connection from {} ended as it was taken: {}", from, e.errno());
      return;
    }
    ConnectionHandler handler = acceptor.accept(connection);
    if (handler == null) {
      connection.reset();
    } else {
      connection.handled(handler);
    }
  }

  @Override
  public SocketEnd local() {
    return local;
  }

  @Override
  public void md5Key(Cidr peers, String key) {
    if (peers.family() != family) {
      return;
    }
    try {
      SocketOptions.md5(socket, peers, key);
    } catch (LibcException e) {
      throw new TransportException(
          "cannot set the MD5 key for %s on %s".formatted(peers, local), e);
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      loop.forget(token);
      socket.close();
    }
  }
}
