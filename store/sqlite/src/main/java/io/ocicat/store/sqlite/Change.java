package io.ocicat.store.sqlite;

import io.ocicat.model.KindName;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.StoredObject;
import io.ocicat.store.WatchEvent;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What a row of {@code history} says was done. */
enum Change {
  ADDED(0),
  MODIFIED(1),
  DELETED(2);

  private final int code;

  Change(int code) {
    this.code = code;
  }

  /** What stands in the file. */
  int code() {
    return code;
  }

  private static Change of(int code) throws SQLException {
    for (Change change : values()) {
      if (change.code == code) {
        return change;
      }
    }
    throw new SQLException("the file holds a change of the unknown sort " + code);
  }

  /** The columns that {@link #object} and {@link #event} read, in their order. */
  static String columns(String table) {
    return "%1$s.revision, %1$s.change, %1$s.api_group, %1$s.plural, %1$s.namespace, %1$s.name, %1$s.create_revision, %1$s.document"
        .formatted(table);
  }

  /** What {@link #event} reads besides, where {@code previous} joins the version before. */
  static final String PREVIOUS_COLUMNS = ", previous.revision, previous.document";

  static ResourceKey key(ResultSet row) throws SQLException {
    return new ResourceKey(
        new KindName(row.getString(3), row.getString(4)), row.getString(5), row.getString(6));
  }

  static StoredObject object(ResultSet row) throws SQLException {
    return new StoredObject(key(row), row.getLong(1), row.getLong(7), row.getString(8));
  }

  static WatchEvent event(ResultSet row) throws SQLException {
    StoredObject object = object(row);
    return switch (of(row.getInt(2))) {
      case ADDED -> new WatchEvent.Added(object);
      case MODIFIED ->
          new WatchEvent.Modified(
              object,
              new StoredObject(
                  object.key(), row.getLong(9), object.createRevision(), row.getString(10)));
      case DELETED -> new WatchEvent.Deleted(object);
    };
  }
}
