package io.ocicat.store.memory;

import io.ocicat.store.Store;
import io.ocicat.store.StoreHistoryContract;

class MemoryStoreHistoryTest extends StoreHistoryContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected int cases() {
    return 500;
  }
}
