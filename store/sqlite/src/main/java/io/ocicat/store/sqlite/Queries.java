package io.ocicat.store.sqlite;

import io.ocicat.model.KindName;
import io.ocicat.store.ContinueToken;
import io.ocicat.store.ListRequest;
import io.ocicat.store.ListResult;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Selection;
import io.ocicat.store.StoredObject;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What readers ask, inside a transaction of theirs. */
final class Queries {
  /** The current state, from the table that says which version is current. */
  private static final String NOW =
      "FROM objects AS key JOIN history AS version ON version.revision = key.revision WHERE true";

  /**
   * The state at a past revision: of each key the newest version up to it, unless that is its
   * deletion.
   */
  private static final String THEN =
      """
      FROM history AS key JOIN history AS version ON version.revision = key.revision
      WHERE key.revision <= ?1 AND key.change <> %d
        AND NOT EXISTS (
          SELECT 1 FROM history AS newer
          WHERE newer.api_group = key.api_group AND newer.plural = key.plural
            AND newer.namespace = key.namespace AND newer.name = key.name
            AND newer.revision > key.revision AND newer.revision <= ?1)
      """
          .formatted(Change.DELETED.code());

  private static final String ORDER =
      " ORDER BY key.api_group, key.plural, key.namespace, key.name";

  private final Connection connection;

  Queries(Connection connection) {
    this.connection = connection;
  }

  /** Revision and compacted revision of the state that this transaction sees. */
  record Position(long revision, long compactedRevision) {}

  Position position() throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT (SELECT revision FROM compaction), (SELECT coalesce(max(revision), 0) FROM history)");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Position(Math.max(row.getLong(1), row.getLong(2)), row.getLong(1));
    }
  }

  Optional<StoredObject> get(ResourceKey key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + Change.columns("history")
                + " FROM history WHERE revision = (SELECT revision FROM objects"
                + " WHERE api_group = ? AND plural = ? AND namespace = ? AND name = ?)")) {
      statement.setString(1, key.kind().group());
      statement.setString(2, key.kind().plural());
      statement.setString(3, key.namespace());
      statement.setString(4, key.name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(Change.object(row)) : Optional.empty();
      }
    }
  }

  ListResult list(ListRequest request) throws SQLException {
    Position position = position();
    if (request.continueToken().isEmpty()) {
      Filter filter = new Filter(request.selection(), Optional.empty());
      List<StoredObject> objects = objects(NOW, position.revision(), filter, request.limit());
      long remaining =
          request.limit() == 0 || objects.size() < request.limit()
              ? 0
              : count(filter) - objects.size();
      return page(objects, position.revision(), remaining);
    }
    Optional<ContinueToken> parsed = ContinueToken.parse(request.continueToken());
    if (parsed.isEmpty() || parsed.get().revision() > position.revision()) {
      return new ListResult.BadToken(
          "\"" + request.continueToken() + "\" is not a continue token of this store");
    }
    ContinueToken token = parsed.get();
    if (token.revision() < position.compactedRevision()) {
      return new ListResult.Expired(position.compactedRevision());
    }
    String state = token.revision() == position.revision() ? NOW : THEN;
    List<StoredObject> objects =
        objects(
            state,
            token.revision(),
            new Filter(request.selection(), Optional.of(token.after())),
            request.limit());
    return page(objects, token.revision(), token.remaining() - objects.size());
  }

  /** Events after {@code after}, of at most so many writes. */
  WatchResult events(Selection selection, long after, int limit) throws SQLException {
    Position position = position();
    if (after < position.compactedRevision() || after > position.revision()) {
      return new WatchResult.Compacted(position.compactedRevision());
    }
    List<WatchEvent> events = new ArrayList<>();
    long last = after;
    int rows = 0;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + Change.columns("event")
                + Change.PREVIOUS_COLUMNS
                + " FROM history AS event LEFT JOIN history AS previous"
                + " ON previous.revision = event.previous_revision"
                + " WHERE event.revision > ? ORDER BY event.revision LIMIT ?")) {
      statement.setLong(1, after);
      statement.setInt(2, limit);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows++;
          last = row.getLong(1);
          if (selection.covers(Change.key(row))) {
            events.add(Change.event(row));
          }
        }
      }
    }
    return new WatchResult.Events(events, rows < limit ? position.revision() : last);
  }

  private static ListResult page(List<StoredObject> objects, long revision, long remaining) {
    String token =
        remaining <= 0
            ? ""
            : new ContinueToken(revision, objects.getLast().key(), remaining).text();
    return new ListResult.Page(objects, revision, token, Math.max(0, remaining));
  }

  private List<StoredObject> objects(String state, long revision, Filter filter, int limit)
      throws SQLException {
    List<StoredObject> objects = new ArrayList<>();
    String sql =
        "SELECT "
            + Change.columns("version")
            + " "
            + state
            + filter.sql()
            + ORDER
            + (limit == 0 ? "" : " LIMIT " + limit);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int first = 1;
      if (state.equals(THEN)) {
        statement.setLong(first++, revision);
      }
      filter.bind(statement, first);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          objects.add(Change.object(row));
        }
      }
    }
    return objects;
  }

  private long count(Filter filter) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*) FROM objects AS key WHERE true" + filter.sql())) {
      filter.bind(statement, 1);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /** A selection, from a key on, as conditions on the columns of {@code key}. */
  private record Filter(Selection selection, Optional<ResourceKey> after) {

    String sql() {
      StringBuilder sql = new StringBuilder();
      List<KindName> kinds = kinds();
      if (kinds.size() == 1) {
        sql.append(" AND key.api_group = ? AND key.plural = ?");
      } else if (!kinds.isEmpty()) {
        sql.append(" AND (key.api_group, key.plural) IN (VALUES ")
            .append(String.join(", ", kinds.stream().map(_ -> "(?, ?)").toList()))
            .append(")");
      }
      if (!selection.namespace().isEmpty()) {
        sql.append(" AND key.namespace = ?");
      }
      if (after.isPresent()) {
        sql.append(" AND (key.api_group, key.plural, key.namespace, key.name) > (?, ?, ?, ?)");
      }
      return sql.toString();
    }

    void bind(PreparedStatement statement, int first) throws SQLException {
      int next = first;
      for (KindName kind : kinds()) {
        statement.setString(next++, kind.group());
        statement.setString(next++, kind.plural());
      }
      if (!selection.namespace().isEmpty()) {
        statement.setString(next++, selection.namespace());
      }
      if (after.isPresent()) {
        statement.setString(next++, after.get().kind().group());
        statement.setString(next++, after.get().kind().plural());
        statement.setString(next++, after.get().namespace());
        statement.setString(next, after.get().name());
      }
    }

    private List<KindName> kinds() {
      return selection.kinds().stream().sorted().toList();
    }
  }
}
