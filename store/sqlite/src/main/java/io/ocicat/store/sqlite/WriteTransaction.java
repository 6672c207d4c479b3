package io.ocicat.store.sqlite;

import io.ocicat.store.AlreadyExists;
import io.ocicat.store.Conflict;
import io.ocicat.store.CreateResult;
import io.ocicat.store.DeleteResult;
import io.ocicat.store.Expected;
import io.ocicat.store.NotFound;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import io.ocicat.store.UpdateResult;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes on the one connection that may; used by the writer's thread alone. */
final class WriteTransaction implements AutoCloseable {
  private static final String KEY_IS =
      " WHERE api_group = ? AND plural = ? AND namespace = ? AND name = ?";

  private final Connection connection;
  private final PreparedStatement find;
  private final PreparedStatement insertVersion;
  private final PreparedStatement insertObject;
  private final PreparedStatement updateObject;
  private final PreparedStatement deleteObject;

  private final List<WatchEvent> events = new ArrayList<>();
  private long revision;
  private long compactedRevision;

  WriteTransaction(Connection connection) throws SQLException {
    this.connection = connection;
    this.find =
        connection.prepareStatement(
            "SELECT "
                + Change.columns("history")
                + " FROM history WHERE revision = (SELECT revision FROM objects"
                + KEY_IS
                + ")");
    this.insertVersion =
        connection.prepareStatement(
            "INSERT INTO history (revision, change, api_group, plural, namespace, name, create_revision,"
                + " previous_revision, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.insertObject =
        connection.prepareStatement(
            "INSERT INTO objects (api_group, plural, namespace, name, revision) VALUES (?, ?, ?, ?, ?)");
    this.updateObject =
        connection.prepareStatement(
            "UPDATE objects SET revision = ?5 WHERE api_group = ?1 AND plural = ?2 AND namespace = ?3 AND name = ?4");
    this.deleteObject = connection.prepareStatement("DELETE FROM objects" + KEY_IS);
    reload();
  }

  /** The revision of the last write, committed or not. */
  long revision() {
    return revision;
  }

  /** The revision up to which history is compacted. */
  long compactedRevision() {
    return compactedRevision;
  }

  CreateResult create(ResourceKey key, String json) throws SQLException {
    Optional<StoredObject> current = find(key);
    if (current.isPresent()) {
      return new AlreadyExists(current.get());
    }
    StoredObject object = new StoredObject(key, revision + 1, revision + 1, json);
    append(Change.ADDED, object, Optional.empty());
    execute(insertObject, object);
    return written(object, new WatchEvent.Added(object));
  }

  UpdateResult update(ResourceKey key, String json, Expected expected) throws SQLException {
    Optional<StoredObject> found = find(key);
    if (found.isEmpty()) {
      return new NotFound(key);
    }
    StoredObject current = found.get();
    if (!expected.isMetBy(current.revision())) {
      return new Conflict(current);
    }
    if (current.json().equals(json)) {
      return new Written(current);
    }
    StoredObject object = new StoredObject(key, revision + 1, current.createRevision(), json);
    append(Change.MODIFIED, object, found);
    execute(updateObject, object);
    return written(object, new WatchEvent.Modified(object, current));
  }

  DeleteResult delete(ResourceKey key, Expected expected) throws SQLException {
    Optional<StoredObject> found = find(key);
    if (found.isEmpty()) {
      return new NotFound(key);
    }
    StoredObject current = found.get();
    if (!expected.isMetBy(current.revision())) {
      return new Conflict(current);
    }
    StoredObject last =
        new StoredObject(key, revision + 1, current.createRevision(), current.json());
    append(Change.DELETED, last, found);
    bindKey(deleteObject, 1, key);
    deleteObject.executeUpdate();
    return written(last, new WatchEvent.Deleted(last));
  }

  /** Forgets what was superseded or deleted up to this revision. */
  void compact(long wanted) throws SQLException {
    long target = Math.min(wanted, revision);
    if (target <= compactedRevision) {
      return;
    }
    // What a version in the range replaced goes, then the deletions in the range; the order
    // matters, because
    // deletions tell what they replaced.
    runOnRange(
        "DELETE FROM history WHERE revision IN"
            + " (SELECT previous_revision FROM history WHERE revision > ? AND revision <= ?)",
        target);
    runOnRange(
        "DELETE FROM history WHERE revision > ? AND revision <= ? AND change = "
            + Change.DELETED.code(),
        target);
    try (PreparedStatement statement =
        connection.prepareStatement("UPDATE compaction SET revision = ?")) {
      statement.setLong(1, target);
      statement.executeUpdate();
    }
    compactedRevision = target;
  }

  /** Makes all since the last commit durable and returns it. */
  List<WatchEvent> commit() throws SQLException {
    connection.commit();
    List<WatchEvent> committed = List.copyOf(events);
    events.clear();
    return committed;
  }

  /** Takes all since the last commit back. */
  void rollback() throws SQLException {
    events.clear();
    connection.rollback();
    reload();
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private void reload() throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT (SELECT revision FROM compaction), (SELECT coalesce(max(revision), 0) FROM history)");
        ResultSet row = statement.executeQuery()) {
      row.next();
      compactedRevision = row.getLong(1);
      // The newest row is missing when it was a deletion and has been compacted.
      revision = Math.max(compactedRevision, row.getLong(2));
    }
    connection.rollback();
  }

  private Written written(StoredObject object, WatchEvent event) {
    revision = object.revision();
    events.add(event);
    return new Written(object);
  }

  private Optional<StoredObject> find(ResourceKey key) throws SQLException {
    bindKey(find, 1, key);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(Change.object(row)) : Optional.empty();
    }
  }

  private void append(Change change, StoredObject object, Optional<StoredObject> previous)
      throws SQLException {
    insertVersion.setLong(1, object.revision());
    insertVersion.setInt(2, change.code());
    bindKey(insertVersion, 3, object.key());
    insertVersion.setLong(7, object.createRevision());
    if (previous.isPresent()) {
      insertVersion.setLong(8, previous.get().revision());
    } else {
      insertVersion.setNull(8, Types.INTEGER);
    }
    insertVersion.setString(9, object.json());
    insertVersion.executeUpdate();
  }

  private static void execute(PreparedStatement statement, StoredObject object)
      throws SQLException {
    bindKey(statement, 1, object.key());
    statement.setLong(5, object.revision());
    statement.executeUpdate();
  }

  private void runOnRange(String sql, long target) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, compactedRevision);
      statement.setLong(2, target);
      statement.executeUpdate();
    }
  }

  private static void bindKey(PreparedStatement statement, int first, ResourceKey key)
      throws SQLException {
    statement.setString(first, key.kind().group());
    statement.setString(first + 1, key.kind().plural());
    statement.setString(first + 2, key.namespace());
    statement.setString(first + 3, key.name());
  }
}
