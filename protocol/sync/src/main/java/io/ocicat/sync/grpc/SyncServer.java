package io.ocicat.sync.grpc;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.ocicat.sync.AgentService;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.JoinGate;
import io.ocicat.sync.identity.RenewedCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Serves agents over gRPC with mutual TLS. */
public final class SyncServer implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private final Server server;
  private final EventLoopGroup eventLoops;
  private final ExecutorService calls;

  private SyncServer(Server server, EventLoopGroup eventLoops, ExecutorService calls) {
    this.server = server;
    this.eventLoops = eventLoops;
    this.calls = calls;
  }

  /**
   * Listens.
   *
   * @param socket open, not bound: it listens in the network namespace in which it was opened
   * @param address to bind it to; port 0: any
   * @param gate decides who joins
   * @param clock by which the server's own certificate is replaced
   * @throws UncheckedIOException if the address cannot be had
   */
  public static SyncServer start(
      ServerSocketChannel socket,
      InetSocketAddress address,
      ClusterAuthority authority,
      JoinGate gate,
      AgentService service,
      InstantSource clock) {
    RenewedCertificate certificate =
        new RenewedCertificate(
            () -> authority.issueServer(List.of(Tls.AUTHORITY), List.of()), clock);
    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("sync-io", true), NioIoHandler.newFactory());
    ExecutorService calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("sync-call-", 0).factory());
    Server server =
        NettyServerBuilder.forAddress(address)
            .channelFactory(() -> new NioServerSocketChannel(socket))
            .bossEventLoopGroup(eventLoops)
            .workerEventLoopGroup(eventLoops)
            .executor(calls)
            .sslContext(Tls.server(certificate))
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                ServerInterceptors.intercept(
                    new ControllerEndpoint(authority, gate, service), new PeerIdentity()))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      var _ = eventLoops.shutdownGracefully();
      calls.close();
      throw new UncheckedIOException("cannot listen for agents on " + address, e);
    }
    return new SyncServer(server, eventLoops, calls);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenSockets().getFirst();
  }

  /** Ends all streams and stops listening. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("gRPC calls were still running " + GRACE + " after cancel");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      calls.shutdownNow();
      var _ = eventLoops.shutdownGracefully(0, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
