package io.ocicat.lab.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.lab.traffic.ProbeResult;
import io.ocicat.lab.traffic.Prober;
import io.ocicat.lab.traffic.Responder;
import io.ocicat.libc.NetNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** Carries out {@link Requests} that come over a Unix socket. */
public final class ServeServer implements AutoCloseable {
  /** Probes that run at once; more wait. Raw sockets block a thread each. */
  private static final int CONCURRENT_PROBES = 256;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<Path, Responder> responders = new ConcurrentHashMap<>();
  private final ExecutorService probing = Executors.newFixedThreadPool(CONCURRENT_PROBES);
  private final Prober prober;
  private final ServerSocketChannel server;

  private ServeServer(ServerSocketChannel server, RandomGenerator random) {
    this.server = server;
    this.prober = new Prober(random);
  }

  /**
   * Listens; call {@link #run} to serve.
   *
   * @throws UncheckedIOException if the socket cannot be had
   */
  public static ServeServer open(Path socket, RandomGenerator random) {
    try {
      Files.deleteIfExists(socket);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      return new ServeServer(server, random);
    } catch (IOException e) {
      throw new UncheckedIOException("listen on " + socket, e);
    }
  }

  /** Serves until closed. */
  public void run() {
    while (server.isOpen()) {
      try {
        SocketChannel connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        if (server.isOpen()) {
          throw new UncheckedIOException("accept on the lab's socket", e);
        }
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        BufferedReader lines =
            new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      if (line == null) {
        return;
      }
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      try {
        carryOut(Requests.decode(MAPPER.readTree(line)), answer);
      } catch (RuntimeException e) {
        answer.removeAll();
        answer.put("failed", String.valueOf(e.getMessage()));
      }
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(answer + "\n");
      while (bytes.hasRemaining()) {
        int _ = connection.write(bytes);
      }
    } catch (IOException e) {
      // The asker went away.
    }
  }

  /** Carries out one request that needs no answer, or fills the answer in. */
  public void carryOut(Requests request, ObjectNode answer) {
    switch (request) {
      case Requests.Answer(Path netns, String name, var addresses, var ports) -> {
        silence(netns);
        try (NetNamespace namespace = NetNamespace.open(netns)) {
          responders.put(netns, Responder.open(namespace, name, addresses, ports));
        }
      }
      case Requests.Silence(Path netns) -> silence(netns);
      case Requests.Probes(List<Requests.Probe> probes) -> {
        ArrayNode results = answer.putArray("results");
        for (ProbeResult result : probe(probes)) {
          results.add((JsonNode) Requests.encode(result));
        }
      }
    }
  }

  private void silence(Path netns) {
    Responder responder = responders.remove(netns);
    if (responder != null) {
      responder.close();
    }
  }

  private List<ProbeResult> probe(List<Requests.Probe> probes) {
    List<Future<ProbeResult>> running = new ArrayList<>();
    for (Requests.Probe probe : probes) {
      running.add(
          probing.submit(
              () -> {
                try (NetNamespace from = NetNamespace.open(probe.netns())) {
                  return prober.probe(from, probe.target());
                }
              }));
    }
    List<ProbeResult> results = new ArrayList<>();
    for (Future<ProbeResult> future : running) {
      try {
        results.add(future.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while probing", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a probe could not be sent: " + e.getCause(), e);
      }
    }
    return results;
  }

  @Override
  public void close() throws IOException {
    server.close();
    probing.shutdownNow();
    responders.values().forEach(Responder::close);
  }
}
