package io.ocicat.sync.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ocicat.sync.SyncDelta;
import io.ocicat.sync.SyncItem;
import io.ocicat.sync.client.TableStore;
import io.ocicat.sync.wire.Item;
import io.ocicat.sync.wire.SavedTable;
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
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table in one file, replaced by rename.
 *
 * <pre>
 *   "OCISYNC" version(1 byte) | length(4) crc32c(4) | SavedTable, length bytes
 * </pre>
 *
 * <p>Numbers are big endian. A file that is cut short, damaged, or of another version counts as
 * none: the controller sends everything again.
 */
public final class TableFile implements TableStore {

  private static final Logger LOG = LoggerFactory.getLogger(TableFile.class);
  private static final byte[] MAGIC = {'O', 'C', 'I', 'S', 'Y', 'N', 'C', 2};
  private static final int HEADER_BYTES = MAGIC.length + 8;

  private final Path file;

  /**
   * @param file in a directory that exists or can be made
   */
  public TableFile(Path file) {
    this.file = file;
  }

  @Override
  public Optional<SyncDelta> load() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      if (bytes.remaining() < HEADER_BYTES
          || bytes.slice(0, MAGIC.length).mismatch(ByteBuffer.wrap(MAGIC)) != -1) {
        return unreadable("it is no table of this version");
      }
      bytes.position(MAGIC.length);
      int length = bytes.getInt();
      int checksum = bytes.getInt();
      if (length != bytes.remaining() || checksum != checksum(bytes.duplicate())) {
        return unreadable("it is damaged");
      }
      return Optional.of(decode(SavedTable.parseFrom(bytes)));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return unreadable(e.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the saved table " + file, e);
    }
  }

  private Optional<SyncDelta> unreadable(String reason) {
    LOG.warn("the saved table {} is not used: {}", file, reason);
    return Optional.empty();
  }

  private static SyncDelta decode(SavedTable table) {
    List<SyncItem> items = new ArrayList<>();
    for (Item item : table.getItemsList()) {
      ItemCodec.decode(item).ifPresent(items::add);
    }
    return new SyncDelta(
        table.getEpoch(), table.getGeneration(), true, items, List.of(), List.of());
  }

  @Override
  public void save(SyncDelta snapshot) {
    SavedTable.Builder table =
        SavedTable.newBuilder().setEpoch(snapshot.epoch()).setGeneration(snapshot.generation());
    snapshot.upserts().forEach(item -> table.addItems(ItemCodec.encode(item)));
    byte[] content = table.build().toByteArray();
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + content.length);
    bytes
        .put(MAGIC)
        .putInt(content.length)
        .putInt(checksum(ByteBuffer.wrap(content)))
        .put(content)
        .flip();
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save the table to " + file, e);
    }
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
