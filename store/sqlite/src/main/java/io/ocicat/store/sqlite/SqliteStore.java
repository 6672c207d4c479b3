package io.ocicat.store.sqlite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.Json;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import io.ocicat.store.StoredObject;
import io.ocicat.store.UpdateResult;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store in one SQLite file, which this process holds alone. */
public final class SqliteStore implements Store {
  private final Database database;
  private final FileChannel lock;
  private final Readers readers;
  private final Writer writer;
  private final List<SqliteWatch> watches = new CopyOnWriteArrayList<>();
  private final SqliteWatch.Source source = new History();

  /** Written by the writer's thread before it tells the watches. */
  private volatile long currentRevision;

  private volatile long compactedRevision;
  private volatile boolean closed;

  private SqliteStore(
      Database database,
      FileChannel lock,
      Readers readers,
      WriteTransaction transaction,
      Retention retention,
      InstantSource clock) {
    this.database = database;
    this.lock = lock;
    this.readers = readers;
    this.currentRevision = transaction.revision();
    this.compactedRevision = transaction.compactedRevision();
    this.writer = new Writer(database, transaction, retention, clock, this::committed);
  }

  /**
   * Opens the store in this file, which is made if it is missing; its directory has to be there.
   *
   * @param retention how much history to keep
   * @param clock measures the age of history
   * @throws StoreException if the file cannot be opened, is none of ours, or another process holds
   *     it
   */
  public static SqliteStore open(Path file, Retention retention, InstantSource clock) {
    FileChannel lock = lock(file);
    try {
      Database database = new Database(file);
      WriteTransaction transaction = new WriteTransaction(database.openForWriting());
      SqliteStore store =
          new SqliteStore(database, lock, new Readers(database), transaction, retention, clock);
      store.writer.start();
      return store;
    } catch (SQLException | RuntimeException e) {
      release(lock);
      if (e instanceof SQLException cause) {
        throw new Database(file).failure("opening", cause);
      }
      throw (RuntimeException) e;
    }
  }

  @Override
  public CreateResult create(ResourceKey key, ObjectNode document) {
    String json = Json.text(document);
    return writer.write("creating " + key, transaction -> transaction.create(key, json));
  }

  @Override
  public UpdateResult update(ResourceKey key, ObjectNode document, Expected expected) {
    String json = Json.text(document);
    return writer.write("updating " + key, transaction -> transaction.update(key, json, expected));
  }

  @Override
  public DeleteResult delete(ResourceKey key, Expected expected) {
    return writer.write("deleting " + key, transaction -> transaction.delete(key, expected));
  }

  @Override
  public Optional<StoredObject> get(ResourceKey key) {
    return readers.read("reading " + key, connection -> new Queries(connection).get(key));
  }

  @Override
  public ListResult list(ListRequest request) {
    return readers.read(
        "listing " + request.selection(), connection -> new Queries(connection).list(request));
  }

  @Override
  public Watch watch(Selection selection, long fromRevision) {
    requireOpen();
    SqliteWatch watch = new SqliteWatch(selection, fromRevision, source);
    watches.add(watch);
    // In this order, no commit is missed: what the writer tells from now on reaches the watch, what
    // it told before is
    // in the revision.
    watch.committed(List.of(), currentRevision);
    return watch;
  }

  @Override
  public long currentRevision() {
    requireOpen();
    return currentRevision;
  }

  @Override
  public long compactedRevision() {
    requireOpen();
    return compactedRevision;
  }

  @Override
  public void compact(long revision) {
    long compactedTo =
        writer.write(
            "compacting up to revision " + revision,
            transaction -> {
              transaction.compact(revision);
              return transaction.compactedRevision();
            });
    if (compactedTo < Math.min(revision, currentRevision)) {
      throw new IllegalStateException("compacted up to " + compactedTo + " instead of " + revision);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    watches.forEach(SqliteWatch::close);
    writer.stop();
    readers.close();
    release(lock);
  }

  private void committed(List<WatchEvent> events, long revision, long compactedTo) {
    currentRevision = revision;
    compactedRevision = compactedTo;
    for (SqliteWatch watch : watches) {
      watch.committed(events, revision);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store at " + database.file() + " is closed");
    }
  }

  /** SQLite lets several processes share a file; our revision counter and watches do not. */
  private static FileChannel lock(Path file) {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // Falls through: this process has the store open already.
    } catch (IOException e) {
      throw new StoreException("locking " + path, file.toString(), e);
    }
    if (channel != null) {
      release(channel);
    }
    throw new StoreException(
        "locking " + path,
        file.toString(),
        new IOException(
            "another controller has it open; stop that one, or give this one a file of its own"));
  }

  private static void release(FileChannel lock) {
    try {
      lock.close();
    } catch (IOException _) {
      // The lock goes with the process at the latest.
    }
  }

  private final class History implements SqliteWatch.Source {
    @Override
    public WatchResult read(Selection selection, long after, int limit) {
      return readers
          .readUnlessClosed(
              "watching " + selection,
              connection -> new Queries(connection).events(selection, after, limit))
          .orElseGet(WatchResult.Closed::new);
    }

    @Override
    public void ended(SqliteWatch watch) {
      watches.remove(watch);
    }
  }
}
