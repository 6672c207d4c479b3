package io.ocicat.bgpcontrol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions on a Unix socket, each on a connection of its own: a line of JSON with {@code
 * command}, and a document of JSON as the answer, with {@code error} if there is none. An answer of
 * octets has the document {@code {"octets":true}} and a line feed before it.
 */
public final class Control implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Control.class);

  private static final int LONGEST_QUESTION_BYTES = 64 << 10;
  private static final int MOST_AT_ONCE = 16;
  private static final int PORTION_BYTES = 64 << 10;
  private static final byte[] OCTETS_FOLLOW =
      "{\"octets\":true}\n".getBytes(StandardCharsets.UTF_8);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Who knows the answers. */
  @FunctionalInterface
  public interface Answers {
    /** A document; with a field {@code error} if there is no answer. */
    JsonNode answer(JsonNode question);

    /** Octets instead of a document, for questions that have such an answer. */
    default Optional<Octets> octets(JsonNode question) {
      return Optional.empty();
    }
  }

  /** An answer that is too long to be held. */
  @FunctionalInterface
  public interface Octets {
    void writeTo(OutputStream out) throws IOException;
  }

  private final Path path;
  private final ServerSocketChannel server;
  private final Answers answers;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);

  private Control(Path path, ServerSocketChannel server, Answers answers) {
    this.path = path;
    this.server = server;
    this.answers = answers;
  }

  /**
   * Listens for the owner of the process alone.
   *
   * @throws UncheckedIOException if the socket cannot be made, or another speaker has it
   */
  public static Control open(Path path, Answers answers) {
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (isServed(path)) {
        throw new IOException("another speaker answers there");
      }
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Control control = new Control(path, server, answers);
      Thread.ofPlatform().daemon().name("bgp-control").start(control::serve);
      return control;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + path, e);
    }
  }

  /** A socket that is left over from a process that was killed refuses. */
  private static boolean isServed(Path path) {
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return other.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  private void serve() {
    while (true) {
      try {
        room.acquire();
        SocketChannel client = server.accept();
        Thread.ofVirtual().start(() -> converse(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        room.release();
        LOG.warn("Cannot take a question on {}: {}", path, e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void converse(SocketChannel client) {
    try (client;
        OutputStream out =
            new BufferedOutputStream(Channels.newOutputStream(client), PORTION_BYTES)) {
      String question = question(client);
      Optional<Octets> octets = octets(question);
      if (octets.isPresent()) {
        out.write(OCTETS_FOLLOW);
        octets.get().writeTo(out);
      } else {
        out.write(JSON.writeValueAsBytes(answer(question)));
      }
    } catch (IOException e) {
      LOG.debug("Who asked on {} went away: {}", path, e.getMessage());
    } finally {
      room.release();
    }
  }

  private static String question(SocketChannel client) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(LONGEST_QUESTION_BYTES);
    while (in.hasRemaining() && client.read(in) >= 0) {
      if (in.position() > 0 && in.get(in.position() - 1) == '\n') {
        break;
      }
    }
    return StandardCharsets.UTF_8.decode(in.flip()).toString();
  }

  private Optional<Octets> octets(String question) {
    try {
      return answers.octets(JSON.readTree(question));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // answer says so
    }
  }

  private JsonNode answer(String question) {
    try {
      return answers.answer(JSON.readTree(question));
    } catch (JsonProcessingException e) {
      return error("not a question in JSON: " + e.getOriginalMessage());
    } catch (RuntimeException e) {
      LOG.error("Could not answer {}", question, e);
      return error(String.valueOf(e.getMessage()));
    }
  }

  /** An answer that is none. */
  public static JsonNode error(String text) {
    return JSON.createObjectNode().put("error", text);
  }

  /**
   * Asks a speaker.
   *
   * @throws UncheckedIOException if there is none
   */
  static JsonNode ask(Path path, ObjectNode question) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
      return JSON.readTree(Channels.newInputStream(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot ask the speaker at " + path + "; does one run, and may you open the socket?", e);
    }
  }

  /**
   * Asks a speaker for octets.
   *
   * @return an answer without any, or empty: they were written
   * @throws UncheckedIOException if there is no speaker, or the octets cannot be written
   */
  static Optional<JsonNode> ask(Path path, ObjectNode question, OutputStream to) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel), PORTION_BYTES);
      byte[] head = in.readNBytes(OCTETS_FOLLOW.length);
      if (Arrays.equals(head, OCTETS_FOLLOW)) {
        in.transferTo(to);
        return Optional.empty();
      }
      return Optional.of(
          JSON.readTree(new SequenceInputStream(new ByteArrayInputStream(head), in)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot ask the speaker at " + path + "; does one run, and may you open the socket?", e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.debug("Closing {}: {}", path, e.getMessage());
    }
  }
}
