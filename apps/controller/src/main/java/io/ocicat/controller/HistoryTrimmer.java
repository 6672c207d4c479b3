package io.ocicat.controller;

import io.ocicat.store.Store;
import io.ocicat.store.StoreException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the store forget history after a while: watches can resume for at least one period. */
final class HistoryTrimmer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryTrimmer.class);
  private static final Duration PERIOD = Duration.ofMinutes(5);

  private final Store store;
  private final Thread thread;

  private HistoryTrimmer(Store store) {
    this.store = store;
    this.thread = Thread.ofPlatform().name("history-trimmer").daemon().unstarted(this::run);
  }

  static HistoryTrimmer start(Store store) {
    HistoryTrimmer trimmer = new HistoryTrimmer(store);
    trimmer.thread.start();
    return trimmer;
  }

  private void run() {
    try {
      long previous = store.currentRevision();
      while (true) {
        Thread.sleep(PERIOD);
        try {
          long current = store.currentRevision();
          store.compact(previous);
          previous = current;
        } catch (StoreException e) {
          LOG.warn("history was not trimmed, trying again in {}", PERIOD, e);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("history is not trimmed any more");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
