package io.ocicat.store;

import java.time.Duration;

/**
 * A stream of events. One thread reads it; any thread may close it.
 *
 * <p>What a reader does not take stays in the store, not in memory: however slow it is, it sees
 * every event in order, or {@link WatchResult.Compacted} when history no longer reaches back.
 */
public interface Watch extends AutoCloseable {
  /**
   * Waits for events.
   *
   * @param timeout how long to wait at most; zero only looks
   * @return a bounded number of events as soon as there are any, an empty list of them after the
   *     timeout, or the reason why there will be none any more
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  WatchResult next(Duration timeout) throws InterruptedException;

  /**
   * Ends the watch; a waiting reader gets {@link WatchResult.Closed}. Repeating it does nothing.
   */
  @Override
  void close();
}
