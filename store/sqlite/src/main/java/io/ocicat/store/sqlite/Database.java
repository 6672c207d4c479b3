package io.ocicat.store.sqlite;

import io.ocicat.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** The file: its tables and how it is opened. */
record Database(Path file) {
  /** Stands in the file's header ({@code PRAGMA application_id}): "ocic". */
  private static final int APPLICATION_ID = 0x6f636963;

  private static final int SCHEMA_VERSION = 1;
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE history (
            revision INTEGER PRIMARY KEY,
            change INTEGER NOT NULL,
            api_group TEXT NOT NULL,
            plural TEXT NOT NULL,
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            create_revision INTEGER NOT NULL,
            previous_revision INTEGER,
            document TEXT NOT NULL)
          """,
          "CREATE UNIQUE INDEX history_by_key ON history (api_group, plural, namespace, name, revision)",
          """
          CREATE TABLE objects (
            api_group TEXT NOT NULL,
            plural TEXT NOT NULL,
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            PRIMARY KEY (api_group, plural, namespace, name)) WITHOUT ROWID
          """,
          "CREATE TABLE compaction (revision INTEGER NOT NULL)",
          "INSERT INTO compaction (revision) VALUES (0)");

  /** Opens the one connection that writes, and makes the tables in a new file. */
  Connection openForWriting() {
    SQLiteConfig config = config();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    try {
      Connection connection = connect(config);
      connection.setAutoCommit(false);
      prepareSchema(connection);
      return connection;
    } catch (SQLException e) {
      throw failure("opening", e);
    }
  }

  /** Opens a connection that reads. */
  Connection openForReading() {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    try {
      Connection connection = connect(config);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      throw failure("opening for reading", e);
    }
  }

  StoreException failure(String operation, SQLException cause) {
    return new StoreException(operation, file.toString(), cause);
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    return config;
  }

  private Connection connect(SQLiteConfig config) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + file.toAbsolutePath(), config.toProperties());
  }

  private void prepareSchema(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = number(statement, "PRAGMA user_version");
      int application = number(statement, "PRAGMA application_id");
      if (version == 0
          && application == 0
          && number(statement, "SELECT count(*) FROM sqlite_master") == 0) {
        for (String sql : SCHEMA) {
          statement.executeUpdate(sql);
        }
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version = " + SCHEMA_VERSION);
      } else if (application != APPLICATION_ID) {
        throw new SQLException("the file is a database of another application");
      } else if (version != SCHEMA_VERSION) {
        throw new SQLException(
            "the file has format %d, this version reads format %d"
                .formatted(version, SCHEMA_VERSION));
      }
      connection.commit();
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
