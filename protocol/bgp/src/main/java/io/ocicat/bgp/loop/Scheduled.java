package io.ocicat.bgp.loop;

/** A task that waits for its time. */
@FunctionalInterface
public interface Scheduled {

  /** The task will not run. Does nothing if it has run. */
  void cancel();
}
