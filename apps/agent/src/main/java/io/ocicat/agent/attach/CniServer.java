package io.ocicat.agent.attach;

import io.ocicat.cni.CniError;
import io.ocicat.cni.CniErrorCode;
import io.ocicat.cni.CniFrame;
import io.ocicat.cni.CniReading;
import io.ocicat.cni.CniVersion;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes calls from the agent's socket. Each is done on a thread of its own out of a pool of
 * platform threads: a call is a row of system calls, which would pin a virtual one. The thread that
 * accepts a call also does it, and leaves the next one to another, so that no call waits for a
 * thread to wake up.
 */
public final class CniServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CniServer.class);
  private static final int BACKLOG = 1024;
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);

  private final Path path;
  private final ServerSocketChannel server;
  private final CniService service;
  private final ExecutorService calls =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("cni-", 0).daemon().factory());

  private CniServer(Path path, ServerSocketChannel server, CniService service) {
    this.path = path;
    this.server = server;
    this.service = service;
  }

  /**
   * Begins to serve on {@code path}; what a dead agent left there is replaced.
   *
   * @throws UncheckedIOException if the socket cannot be made
   */
  public static CniServer start(Path path, CniService service) {
    try {
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      CniServer started = new CniServer(path, server, service);
      started.calls.execute(started::acceptOne);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve CNI calls on " + path, e);
    }
  }

  private void acceptOne() {
    while (server.isOpen()) {
      try (SocketChannel channel = server.accept()) {
        leaveNextToAnother();
        serve(channel);
        return;
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("a CNI call was not accepted on {}", path, e);
      }
    }
  }

  private void leaveNextToAnother() {
    try {
      calls.execute(this::acceptOne);
    } catch (RejectedExecutionException e) {
      LOG.debug("this call is the last", e);
    }
  }

  private void serve(SocketChannel channel) {
    try {
      CniFrame.Request request =
          CniFrame.readRequest(new BufferedInputStream(Channels.newInputStream(channel)));
      ByteBuffer answer = ByteBuffer.wrap(answer(request));
      while (answer.hasRemaining()) {
        channel.write(answer);
      }
    } catch (IOException e) {
      LOG.warn("a CNI call ended early: {}", e.toString());
    }
  }

  private byte[] answer(CniFrame.Request request) {
    return switch (CniReading.of(request)) {
      case CniReading.Refused(CniError error, String version) -> failure(error, version);
      case CniReading.Accepted(var call) -> {
        CniVersion version = call.conf().version();
        try {
          yield CniFrame.writeAnswer(0, service.serve(call));
        } catch (CniRefusal e) {
          yield failure(e.error(), version.toString());
        } catch (RuntimeException e) {
          LOG.error("CNI call failed: {}", call, e);
          yield failure(
              CniError.of(
                  CniErrorCode.INTERNAL,
                  "the agent failed: %s; see its log for the whole story".formatted(e)),
              version.toString());
        }
      }
    };
  }

  private static byte[] failure(CniError error, String version) {
    return CniFrame.writeAnswer(1, error.toJson(version));
  }

  /** Takes no further calls, and waits for those in flight. */
  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
      calls.shutdown();
      if (!calls.awaitTermination(CLOSE_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("CNI calls are still in flight after {}; leaving them", CLOSE_DEADLINE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
