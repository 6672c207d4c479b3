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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 *
 * <p>Passwords are in a second file of the same form, which is meant to be in memory: they are on
 * no disk. Where it is not there, or of another generation, the first one's table counts as one of
 * no controller, so that everything is sent again; meanwhile it holds without them.
 */
public final class TableFile implements TableStore {

  private static final Logger LOG = LoggerFactory.getLogger(TableFile.class);
  private static final byte[] MAGIC = {'O', 'C', 'I', 'S', 'Y', 'N', 'C', 2};
  private static final FileAttribute<?> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int HEADER_BYTES = MAGIC.length + 8;

  private final Path file;
  private final Optional<Path> inMemory;

  /** Passwords are not kept. */
  public TableFile(Path file) {
    this(file, Optional.empty());
  }

  /**
   * @param file in a directory that exists or can be made
   * @param inMemory the file of passwords, such a one as well
   */
  public TableFile(Path file, Path inMemory) {
    this(file, Optional.of(inMemory));
  }

  private TableFile(Path file, Optional<Path> inMemory) {
    this.file = file;
    this.inMemory = inMemory;
  }

  @Override
  public Optional<SyncDelta> load() {
    return read(file).map(this::whole);
  }

  private SyncDelta whole(SavedTable table) {
    List<SyncItem> items = decode(table);
    if (table.getDivided()) {
      Optional<SavedTable> rest =
          inMemory
              .flatMap(TableFile::read)
              .filter(
                  each ->
                      each.getEpoch().equals(table.getEpoch())
                          && each.getGeneration() == table.getGeneration());
      if (rest.isEmpty()) {
        return new SyncDelta("", 0, true, items, List.of(), List.of());
      }
      items.addAll(decode(rest.get()));
    }
    return new SyncDelta(
        table.getEpoch(), table.getGeneration(), true, items, List.of(), List.of());
  }

  private static Optional<SavedTable> read(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      if (bytes.remaining() < HEADER_BYTES
          || bytes.slice(0, MAGIC.length).mismatch(ByteBuffer.wrap(MAGIC)) != -1) {
        return unreadable(file, "it is no table of this version");
      }
      bytes.position(MAGIC.length);
      int length = bytes.getInt();
      int checksum = bytes.getInt();
      if (length != bytes.remaining() || checksum != checksum(bytes.duplicate())) {
        return unreadable(file, "it is damaged");
      }
      SavedTable table = SavedTable.parseFrom(bytes);
      List<SyncItem> _ = decode(table);
      return Optional.of(table);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return unreadable(file, e.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the saved table " + file, e);
    }
  }

  private static Optional<SavedTable> unreadable(Path file, String reason) {
    LOG.warn("the saved table {} is not used: {}", file, reason);
    return Optional.empty();
  }

  private static List<SyncItem> decode(SavedTable table) {
    List<SyncItem> items = new ArrayList<>();
    for (Item item : table.getItemsList()) {
      ItemCodec.decode(item).ifPresent(items::add);
    }
    return items;
  }

  @Override
  public void save(SyncDelta snapshot) {
    SavedTable.Builder table = begin(snapshot);
    SavedTable.Builder rest = begin(snapshot);
    for (SyncItem item : snapshot.upserts()) {
      (item instanceof SyncItem.Password ? rest : table).addItems(ItemCodec.encode(item));
    }
    boolean isDivided = rest.getItemsCount() > 0;
    inMemory.ifPresent(
        path -> {
          if (isDivided) {
            write(path, rest.build());
          } else {
            delete(path);
          }
        });
    write(file, table.setDivided(isDivided).build());
  }

  private static SavedTable.Builder begin(SyncDelta snapshot) {
    return SavedTable.newBuilder().setEpoch(snapshot.epoch()).setGeneration(snapshot.generation());
  }

  private static void delete(Path path) {
    try {
      boolean _ = Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove passwords that are no more in " + path, e);
    }
  }

  private static void write(Path file, SavedTable table) {
    byte[] content = table.toByteArray();
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
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE),
              OWNER_ALONE)) {
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
