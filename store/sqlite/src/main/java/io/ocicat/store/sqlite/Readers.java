package io.ocicat.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A few connections that read, lent to one reader at a time. */
final class Readers implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  /** A read; all its statements see one state. */
  @FunctionalInterface
  interface Read<R> {
    R from(Connection connection) throws SQLException;
  }

  private final Database database;
  private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(CONNECTIONS);
  private volatile boolean closed;

  Readers(Database database) {
    this.database = database;
    for (int i = 0; i < CONNECTIONS; i++) {
      idle.add(database.openForReading());
    }
  }

  /**
   * Runs a read in a transaction of its own.
   *
   * @throws IllegalStateException if the store is closed
   */
  <R> R read(String operation, Read<R> read) {
    return readUnlessClosed(operation, read)
        .orElseThrow(() -> new IllegalStateException("the store is closed"));
  }

  /** Runs a read in a transaction of its own; empty if the store is closed. */
  <R> Optional<R> readUnlessClosed(String operation, Read<R> read) {
    Connection connection = take();
    if (closed) {
      idle.add(connection);
      return Optional.empty();
    }
    try {
      return Optional.of(read.from(connection));
    } catch (SQLException e) {
      throw database.failure(operation, e);
    } finally {
      giveBack(operation, connection);
    }
  }

  private Connection take() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return idle.take();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void giveBack(String operation, Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw database.failure(operation, e);
    } finally {
      idle.add(connection);
    }
  }

  /** Waits for reads that are under way. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<Connection> all = new ArrayList<>();
    while (all.size() < CONNECTIONS) {
      all.add(take());
    }
    try {
      for (Connection connection : all) {
        connection.close();
      }
    } catch (SQLException e) {
      throw database.failure("closing", e);
    } finally {
      // Whoever waits for a connection takes one, sees that all is over, and hands it on.
      idle.addAll(all);
    }
  }
}
