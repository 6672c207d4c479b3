package io.ocicat.store.kubernetes;

import io.ocicat.store.Selection;
import io.ocicat.store.Watch;
import io.ocicat.store.WatchResult;
import java.time.Duration;

/** A watch's place in the mirror's history. */
final class MirrorWatch implements Watch {
  private static final int MOST_EVENTS_AT_ONCE = 500;

  private final Mirror mirror;
  private final Selection selection;

  /** Written by the reading thread, under the mirror's lock. */
  private long position;

  private volatile boolean ended;

  MirrorWatch(Mirror mirror, Selection selection, long position) {
    this.mirror = mirror;
    this.selection = selection;
    this.position = position;
  }

  @Override
  public WatchResult next(Duration timeout) throws InterruptedException {
    return switch (mirror.await(this, timeout.toNanos(), MOST_EVENTS_AT_ONCE)) {
      case Mirror.Progress.Told(var events, var told) -> new WatchResult.Events(events, told);
      case Mirror.Progress.Lost(var compacted) -> new WatchResult.Compacted(compacted);
      case Mirror.Progress.Over() -> new WatchResult.Closed();
    };
  }

  Selection selection() {
    return selection;
  }

  long position() {
    return position;
  }

  void moveTo(long next) {
    position = next;
  }

  boolean isEnded() {
    return ended;
  }

  @Override
  public void close() {
    ended = true;
    mirror.wake();
  }
}
