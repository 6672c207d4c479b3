package io.ocicat.lab.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ocicat.lab.traffic.ProbeResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks the lab's serving process. */
public final class ServeClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path socket;

  /** Connects anew for each request. */
  public ServeClient(Path socket) {
    this.socket = socket;
  }

  /** Whether the process answers. */
  public boolean alive() {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Carries out a request without an answer. */
  public void ask(Requests request) {
    JsonNode _ = exchange(request);
  }

  /** Sends probes in parallel; the results are in the same order. */
  public List<ProbeResult> probe(List<Requests.Probe> probes) {
    List<ProbeResult> results = new ArrayList<>();
    exchange(new Requests.Probes(probes))
        .path("results")
        .forEach(node -> results.add(Requests.decodeResult(node)));
    if (results.size() != probes.size()) {
      throw new IllegalStateException(
          "asked for " + probes.size() + " probes, got " + results.size() + " results");
    }
    return results;
  }

  private JsonNode exchange(Requests request) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        BufferedReader lines =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(Requests.encode(request) + "\n");
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("it hung up");
      }
      JsonNode answer = MAPPER.readTree(line);
      if (answer.has("failed")) {
        throw new ServeRefusedException(answer.path("failed").asText());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException("ask the lab's serving process at " + socket, e);
    }
  }

  /** It could not do as asked. */
  public static final class ServeRefusedException extends RuntimeException {
    ServeRefusedException(String message) {
      super(message);
    }
  }
}
