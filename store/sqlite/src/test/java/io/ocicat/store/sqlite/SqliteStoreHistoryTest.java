package io.ocicat.store.sqlite;

import io.ocicat.store.Store;
import io.ocicat.store.StoreHistoryContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreHistoryTest extends StoreHistoryContract {
  @TempDir Path directory;
  private final AtomicInteger files = new AtomicInteger();

  @Override
  protected Store open() {
    Path file = directory.resolve("store-" + files.incrementAndGet() + ".db");
    return SqliteStore.open(file, Retention.FOREVER, InstantSource.system());
  }

  @Override
  protected int cases() {
    return 30;
  }
}
