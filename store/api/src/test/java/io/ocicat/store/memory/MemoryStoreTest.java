package io.ocicat.store.memory;

import io.ocicat.store.Store;
import io.ocicat.store.StoreContract;

class MemoryStoreTest extends StoreContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }
}
