package io.ocicat.sync.client;

/** Told by the client's thread; implementations only pass the news on and return at once. */
public interface SyncListener {

  /** {@link Controller#takeUpdates} has something; told once until it is called. */
  void updatesPending();

  /** The stream was established or lost. */
  void connectionChanged(boolean connected);
}
