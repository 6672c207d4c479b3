package io.ocicat.agent.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The journal as a file: reads what is whole, appends, and is rewritten when it grew too long. */
final class JournalFile implements AutoCloseable {

  private static final String MAGIC = "ocicat journal 1 boot ";
  private static final int RECORD_HEAD_BYTES = 8;
  private static final int MAX_PAYLOAD_BYTES = 4 << 20;

  private final Path path;
  private final String bootId;
  private FileChannel channel;
  private long length;

  private JournalFile(Path path, String bootId, FileChannel channel, long length) {
    this.path = path;
    this.bootId = bootId;
    this.channel = channel;
    this.length = length;
  }

  /**
   * What opening found.
   *
   * @param events of this boot, oldest first; none if the file is of another boot
   */
  record Opened(JournalFile file, List<Event> events) {}

  /**
   * Opens the journal, or begins one. What follows the last whole record is cut off.
   *
   * @throws UncheckedIOException if the file cannot be read or written, or is of another format
   */
  static Opened open(Path path, String bootId) {
    try {
      byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
      List<byte[]> payloads = new ArrayList<>();
      long whole = split(bytes, payloads);
      boolean ours =
          !payloads.isEmpty() && new String(payloads.getFirst(), UTF_8).equals(MAGIC + bootId);
      if (!ours) {
        JournalFile file = new JournalFile(path, bootId, create(path), 0);
        file.rewrite(List.of());
        return new Opened(file, List.of());
      }
      List<Event> events = new ArrayList<>();
      for (byte[] payload : payloads.subList(1, payloads.size())) {
        events.add(EventCodec.decode(payload));
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
      channel.truncate(whole);
      return new Opened(new JournalFile(path, bootId, channel, whole), events);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the endpoint journal " + path, e);
    }
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /** Collects the payloads of whole records; the number of bytes that they and their heads take. */
  private static long split(byte[] bytes, List<byte[]> payloads) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.remaining() >= RECORD_HEAD_BYTES) {
      int at = in.position();
      int size = in.getInt();
      int checksum = in.getInt();
      if (size < 0 || size > in.remaining()) {
        return at;
      }
      byte[] payload = new byte[size];
      in.get(payload);
      if (checksum(payload) != checksum) {
        return at;
      }
      payloads.add(payload);
    }
    return in.position();
  }

  private static int checksum(byte[] payload) {
    CRC32C crc = new CRC32C();
    // A run of zeros, which a file system may leave behind, must not be a whole record.
    crc.update(0x6f);
    crc.update(payload);
    return (int) crc.getValue();
  }

  private static ByteBuffer record(byte[] payload) {
    if (payload.length > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "a journal record of " + payload.length + " bytes is too long");
    }
    return ByteBuffer.allocate(RECORD_HEAD_BYTES + payload.length)
        .putInt(payload.length)
        .putInt(checksum(payload))
        .put(payload)
        .flip();
  }

  /**
   * Appends an event. When it fails, nothing of it is in the file.
   *
   * @throws UncheckedIOException if it cannot be written, as with a full disk
   */
  void append(Event event) {
    ByteBuffer bytes = record(EventCodec.encode(event));
    int size = bytes.remaining();
    try {
      write(channel, bytes, length);
      length += size;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot append to the endpoint journal " + path, e);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Replaces the file by one with just these events; a reader finds the old file or the new. */
  void rewrite(List<Event> events) {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    try {
      FileChannel written =
          FileChannel.open(
              next,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING);
      long at = 0;
      List<byte[]> payloads = new ArrayList<>();
      payloads.add((MAGIC + bootId).getBytes(UTF_8));
      events.forEach(event -> payloads.add(EventCodec.encode(event)));
      for (byte[] payload : payloads) {
        ByteBuffer bytes = record(payload);
        int size = bytes.remaining();
        write(written, bytes, at);
        at += size;
      }
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
      channel.close();
      channel = written;
      length = at;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rewrite the endpoint journal " + path, e);
    }
  }

  long lengthBytes() {
    return length;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the endpoint journal " + path, e);
    }
  }
}
