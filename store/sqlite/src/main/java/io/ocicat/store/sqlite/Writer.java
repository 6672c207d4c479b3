package io.ocicat.store.sqlite;

import io.ocicat.store.StoreException;
import io.ocicat.store.WatchEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The thread that writes: takes waiting work into one transaction, commits it, tells of it,
 * answers.
 */
final class Writer {
  /** Writes in one transaction at most, so that none waits long for its neighbours. */
  private static final int MOST_IN_ONE_TRANSACTION = 256;

  /** Work on the open transaction. */
  @FunctionalInterface
  interface Work<R> {
    R run(WriteTransaction transaction) throws SQLException;
  }

  /** Is told of each commit before its writers are answered. Called on the writer's thread. */
  @FunctionalInterface
  interface Listener {
    /** These events, in order, and history up to this revision is gone. */
    void committed(List<WatchEvent> events, long revision, long compactedRevision);
  }

  private record Mark(Instant time, long revision) {}

  private final Database database;
  private final WriteTransaction transaction;
  private final Retention retention;
  private final InstantSource clock;
  private final Listener listener;
  private final BlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;

  /** Guarded by {@code tasks}: once true, no task is added. */
  private boolean stopping;

  /** Owned by the thread: which revision was current when, oldest first. */
  private final Deque<Mark> marks = new ArrayDeque<>();

  private Instant nextCheck;

  Writer(
      Database database,
      WriteTransaction transaction,
      Retention retention,
      InstantSource clock,
      Listener listener) {
    this.database = database;
    this.transaction = transaction;
    this.retention = retention;
    this.clock = clock;
    this.listener = listener;
    this.nextCheck = clock.instant().plus(retention.checkInterval());
    this.marks.add(new Mark(clock.instant(), transaction.revision()));
    this.thread = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Runs work and waits until it is committed.
   *
   * @throws StoreException if the work or the commit failed; then nothing of it has happened
   */
  <R> R write(String operation, Work<R> work) {
    Task<R> task = new Task<>(work);
    synchronized (tasks) {
      if (stopping) {
        throw new IllegalStateException("the store is closed");
      }
      tasks.add(task);
    }
    try {
      return task.result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw database.failure(operation, cause);
      }
      throw e;
    }
  }

  /** Finishes what was asked for and closes the connection. */
  void stop() {
    synchronized (tasks) {
      if (stopping) {
        return;
      }
      stopping = true;
      tasks.add(new Task<>(_ -> true));
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isDone()) {
        takeAndRun();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      failWaiting();
      try {
        transaction.close();
      } catch (SQLException _) {
        // All that was acknowledged is committed; the file is closed with the process.
      }
    }
  }

  private boolean isDone() {
    synchronized (tasks) {
      return stopping && tasks.isEmpty();
    }
  }

  private void failWaiting() {
    synchronized (tasks) {
      stopping = true;
      tasks.forEach(task -> task.fail(new SQLException("the writing thread has ended")));
      tasks.clear();
    }
  }

  private void takeAndRun() throws InterruptedException {
    Duration wait = Duration.between(clock.instant(), nextCheck);
    Task<?> first = tasks.poll(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
    compactIfDue();
    if (first == null) {
      return;
    }
    List<Task<?>> batch = new ArrayList<>();
    batch.add(first);
    tasks.drainTo(batch, MOST_IN_ONE_TRANSACTION - 1);
    if (!runTogether(batch)) {
      // One of them is bad: alone, it fails alone.
      batch.forEach(this::runAlone);
    }
  }

  private boolean runTogether(List<Task<?>> batch) {
    try {
      for (Task<?> task : batch) {
        task.run(transaction);
      }
      commit();
    } catch (SQLException | RuntimeException e) {
      rollback(e);
      if (batch.size() > 1) {
        return false;
      }
      batch.getFirst().fail(e);
      return true;
    }
    batch.forEach(Task::answer);
    return true;
  }

  private void runAlone(Task<?> task) {
    boolean _ = runTogether(List.of(task));
  }

  private void commit() throws SQLException {
    List<WatchEvent> events = transaction.commit();
    listener.committed(events, transaction.revision(), transaction.compactedRevision());
  }

  private void rollback(Exception reason) {
    try {
      transaction.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private void compactIfDue() {
    Instant now = clock.instant();
    if (now.isBefore(nextCheck)) {
      return;
    }
    nextCheck = now.plus(retention.checkInterval());
    long target = transaction.revision() - retention.revisions();
    Instant horizon = now.minus(retention.age());
    while (!marks.isEmpty() && !marks.getFirst().time().isAfter(horizon)) {
      target = Math.max(target, marks.removeFirst().revision());
    }
    marks.add(new Mark(now, transaction.revision()));
    if (target > transaction.compactedRevision()) {
      long revision = target;
      runAlone(
          new Task<>(
              open -> {
                open.compact(revision);
                return revision;
              }));
    }
  }

  private static final class Task<R> {
    private final Work<R> work;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final List<R> outcome = new ArrayList<>(1);

    Task(Work<R> work) {
      this.work = work;
    }

    void run(WriteTransaction transaction) throws SQLException {
      outcome.clear();
      outcome.add(work.run(transaction));
    }

    void answer() {
      result.complete(outcome.getFirst());
    }

    void fail(Exception e) {
      result.completeExceptionally(e);
    }
  }
}
