package io.ocicat.store.sqlite;

import io.ocicat.store.Selection;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchEvent;
import io.ocicat.store.WatchResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A watch is either behind, and reads history from the file, or live, and is handed events by the
 * writer. A live watch whose queue is full falls behind.
 */
final class SqliteWatch implements Watch {
  /** Events that wait for a live reader at most; their documents are shared by all watches. */
  static final int QUEUE_LIMIT = 1024;

  /** Writes that one read of history covers at most. */
  static final int BATCH_LIMIT = 500;

  /** How a watch gets at history and takes its leave. */
  interface Source {
    WatchResult read(Selection selection, long after, int limit);

    void ended(SqliteWatch watch);
  }

  private final Selection selection;
  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();

  /** Events after {@code position}, all that there are, while live; empty while behind. */
  private final Deque<WatchEvent> queue = new ArrayDeque<>();

  private boolean live;

  /** What the reader has been told of, up to here. */
  private long position;

  /** What the writer has committed, up to here. */
  private long committedTo;

  private boolean closed;

  SqliteWatch(Selection selection, long fromRevision, Source source) {
    this.selection = selection;
    this.position = fromRevision;
    this.source = source;
  }

  /** The writer has committed these events, the last of them at this revision. */
  void committed(List<WatchEvent> events, long revision) {
    lock.lock();
    try {
      if (revision <= committedTo) {
        return;
      }
      committedTo = revision;
      if (live) {
        enqueue(events);
      }
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public WatchResult next(Duration timeout) throws InterruptedException {
    long remainingNs = timeout.toNanos();
    while (true) {
      lock.lockInterruptibly();
      try {
        while (!closed && queue.isEmpty() && live && remainingNs > 0) {
          position = committedTo;
          remainingNs = told.awaitNanos(remainingNs);
        }
        if (closed) {
          return new WatchResult.Closed();
        }
        if (live) {
          return fromQueue();
        }
      } finally {
        lock.unlock();
      }
      // Only this thread moves the position of a watch that is behind.
      WatchResult read = source.read(selection, position, BATCH_LIMIT);
      if (!(read instanceof WatchResult.Events events)) {
        close();
        return read;
      }
      caughtUpTo(events.completeTo());
      if (!events.events().isEmpty()) {
        return events;
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      told.signalAll();
    } finally {
      lock.unlock();
    }
    source.ended(this);
  }

  private void enqueue(List<WatchEvent> events) {
    for (WatchEvent event : events) {
      // History, read while the writer was about to tell of the same commit, may have been ahead of
      // it.
      if (event.revision() > position && selection.covers(event.object().key())) {
        queue.add(event);
      }
    }
    if (queue.size() > QUEUE_LIMIT) {
      queue.clear();
      live = false;
    }
  }

  private WatchResult fromQueue() {
    List<WatchEvent> events = new ArrayList<>();
    while (!queue.isEmpty() && events.size() < BATCH_LIMIT) {
      events.add(queue.remove());
    }
    position = queue.isEmpty() ? Math.max(position, committedTo) : events.getLast().revision();
    return new WatchResult.Events(events, position);
  }

  private void caughtUpTo(long revision) {
    lock.lock();
    try {
      position = revision;
      live = position >= committedTo;
    } finally {
      lock.unlock();
    }
  }
}
