package io.ocicat.bgp.loop;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.IpFamily;
import io.ocicat.libc.Epoll;
import io.ocicat.libc.Errno;
import io.ocicat.libc.Fd;
import io.ocicat.libc.LibcException;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.StreamIo;
import io.ocicat.libc.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A connection over a socket of the kernel. */
final class SocketConnection implements Connection, EpollLoop.Watched {

  private final EpollLoop loop;
  private @Nullable ConnectionHandler handler;
  private @Nullable Fd socket;
  private @Nullable Scheduled timeout;
  private SocketEnd local = new SocketEnd(IpAddress.parse("0.0.0.0"), 0, 0);
  private SocketEnd remote = local;
  private long token = -1;
  private boolean connecting;
  private boolean wantsRead = true;
  private boolean wantsWrite;
  private String ending = "";

  SocketConnection(EpollLoop loop, @Nullable ConnectionHandler handler) {
    this.loop = loop;
    this.handler = handler;
  }

  void start(ConnectSettings settings) {
    IpFamily family = settings.remote().family();
    int scope = 0;
    if (settings.remote().isLinkLocal() && family == IpFamily.IPV6) {
      scope = EpollLoop.presentInterfaceIndex(settings.device());
    }
    remote = new SocketEnd(settings.remote(), settings.port(), scope);
    Fd fd = SocketOptions.socket(family);
    socket = fd;
    try {
      SocketOptions.common(fd, family);
      SocketOptions.device(fd, settings.device());
      SocketOptions.hops(fd, family, settings.hops());
      if (!settings.md5Key().isEmpty()) {
        SocketOptions.md5(fd, settings.remote().toHostCidr(), settings.md5Key());
      }
      if (!settings.source().isUnspecified()) {
        int sourceScope = settings.source().isLinkLocal() ? scope : 0;
        Syscalls.bind(fd, SocketOptions.sockaddr(settings.source(), 0, sourceScope));
      }
      connecting = true;
      token = loop.watch(this);
      begin(fd, settings, scope);
      loop.epoll().add(fd, Epoll.EPOLLOUT, token);
      timeout = loop.schedule(settings.timeout(), () -> fail("no answer in time"));
    } catch (LibcException e) {
      release();
      throw e;
    }
  }

  private static void begin(Fd fd, ConnectSettings settings, int scope) {
    try {
      Syscalls.connect(fd, SocketOptions.sockaddr(settings.remote(), settings.port(), scope));
    } catch (LibcException e) {
      if (!e.is(Errno.EINPROGRESS)) {
        throw e;
      }
    }
  }

  /** A connection that came in. */
  void adopt(Fd accepted, SocketEnd from) {
    socket = accepted;
    remote = from;
    local = SocketOptions.end(Syscalls.getsockname(accepted));
    SocketOptions.common(accepted, from.address().family());
  }

  void handled(ConnectionHandler by) {
    handler = by;
    token = loop.watch(this);
    if (socket != null) {
      loop.epoll().add(socket, events(), token);
    }
  }

  void fail(String reason) {
    ConnectionHandler told = handler;
    ending = reason;
    close();
    if (told != null) {
      told.failed(this, reason);
    }
  }

  @Override
  public void ready(int events) {
    ConnectionHandler told = handler;
    if (told == null || socket == null) {
      return;
    }
    if (connecting) {
      finishConnect(told, socket);
      return;
    }
    if ((events & (Epoll.EPOLLIN | Epoll.EPOLLERR | Epoll.EPOLLHUP)) != 0) {
      told.readable(this);
    }
    if ((events & Epoll.EPOLLOUT) != 0 && socket != null && wantsWrite) {
      told.writable(this);
    }
  }

  private void finishConnect(ConnectionHandler told, Fd fd) {
    int error = Syscalls.getsockopt(fd, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_ERROR);
    if (error != 0) {
      fail(new Errno(error).text());
      return;
    }
    connecting = false;
    cancelTimeout();
    local = SocketOptions.end(Syscalls.getsockname(fd));
    loop.epoll().modify(fd, events(), token);
    told.connected(this);
  }

  @Override
  public int read(ByteBuffer into) {
    if (socket == null || connecting) {
      return socket == null ? ENDED : 0;
    }
    try {
      int count = loop.io().recv(socket, into);
      if (count == StreamIo.END) {
        ending = "closed by the other side";
        return ENDED;
      }
      return count == Syscalls.WOULD_BLOCK ? 0 : count;
    } catch (LibcException e) {
      ending = EpollLoop.Words.of(e);
      return ENDED;
    }
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    if (socket == null || connecting) {
      return socket == null ? ENDED : 0;
    }
    try {
      long count = loop.io().send(socket, from, offset, length);
      return count == Syscalls.WOULD_BLOCK ? 0 : count;
    } catch (LibcException e) {
      ending = EpollLoop.Words.of(e);
      return ENDED;
    }
  }

  @Override
  public void wantWrite(boolean on) {
    if (on != wantsWrite) {
      wantsWrite = on;
      update();
    }
  }

  @Override
  public void wantRead(boolean on) {
    if (on != wantsRead) {
      wantsRead = on;
      update();
    }
  }

  private void update() {
    if (socket != null && !connecting) {
      loop.epoll().modify(socket, events(), token);
    }
  }

  private int events() {
    return (wantsRead ? Epoll.EPOLLIN : 0) | (wantsWrite ? Epoll.EPOLLOUT : 0);
  }

  @Override
  public void protect(Hops hops) {
    if (socket != null) {
      SocketOptions.hops(socket, remote.address().family(), hops);
    }
  }

  @Override
  public SocketEnd local() {
    return local;
  }

  @Override
  public SocketEnd remote() {
    return remote;
  }

  @Override
  public String ending() {
    return ending;
  }

  @Override
  public void close() {
    handler = null;
    release();
  }

  @Override
  public void reset() {
    if (socket != null) {
      // struct linger {1, 0}: close sends RST.
      byte[] linger =
          ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array();
      Syscalls.setsockopt(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_LINGER, linger);
    }
    close();
  }

  private void release() {
    cancelTimeout();
    if (socket != null) {
      loop.forget(token);
      socket.close();
      socket = null;
    }
  }

  private void cancelTimeout() {
    if (timeout != null) {
      timeout.cancel();
      timeout = null;
    }
  }
}
