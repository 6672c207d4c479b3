package io.ocicat.agent.attach;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** One lock for each key that somebody holds or waits for. */
final class KeyedLocks<K> {

  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }

  private final ReentrantLock entriesLock = new ReentrantLock();

  /** Guarded by {@link #entriesLock}, and so are the entries' user counts. */
  private final Map<K, Entry> entries = new HashMap<>();

  /** Releases a key. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until nobody else holds {@code key}. */
  Held hold(K key) {
    Entry entry;
    entriesLock.lock();
    try {
      entry = entries.computeIfAbsent(key, _ -> new Entry());
      entry.users++;
    } finally {
      entriesLock.unlock();
    }
    entry.lock.lock();
    return () -> release(key, entry);
  }

  private void release(K key, Entry entry) {
    entry.lock.unlock();
    entriesLock.lock();
    try {
      entry.users--;
      if (entry.users == 0) {
        entries.remove(key);
      }
    } finally {
      entriesLock.unlock();
    }
  }
}
