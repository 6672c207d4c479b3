package io.ocicat.sync.client;

import io.ocicat.sync.SyncDelta;
import java.util.Optional;

/** Where an agent keeps its table over restarts. For one thread. */
public interface TableStore {

  /** The table last saved, as a snapshot; empty if there is none that can be read. */
  Optional<SyncDelta> load();

  /**
   * Replaces the saved table as a whole: a crash leaves the old one or the new one.
   *
   * @throws java.io.UncheckedIOException if it cannot be written; the old one stands
   */
  void save(SyncDelta snapshot);

  /** Keeps nothing. */
  TableStore NONE =
      new TableStore() {
        @Override
        public Optional<SyncDelta> load() {
          return Optional.empty();
        }

        @Override
        public void save(SyncDelta snapshot) {}
      };
}
