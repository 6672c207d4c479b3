package io.ocicat.store;

import java.util.List;

/** What a watch has to tell. */
public sealed interface WatchResult {
  /**
   * Events since the last call.
   *
   * @param events in the order of their revisions; empty when the wait was over before anything
   *     came
   * @param completeTo every write up to this revision that the watch covers has now been told
   */
  record Events(List<WatchEvent> events, long completeTo) implements WatchResult {
    /** Copies the list. */
    public Events {
      events = List.copyOf(events);
    }
  }

  /**
   * The watch is over: history from where it stood is gone, or it began at a revision that this
   * store never reached. Begin again from a list.
   *
   * @param compactedRevision the revision up to which history is gone
   */
  record Compacted(long compactedRevision) implements WatchResult {}

  /** The watch or its store was closed. */
  record Closed() implements WatchResult {}
}
