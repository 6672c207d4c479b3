package io.ocicat.bgp.loop;

import java.time.Duration;

/**
 * One thread with timers and connections. All methods but {@link #execute} and {@link #nanoTime}
 * are for that thread alone, and everything it calls back is called on it.
 */
public interface Loop {

  /** Time since some moment in the past, in nanoseconds. */
  long nanoTime();

  /** Runs a task once, after a delay; a due task comes before reading and before slices. */
  Scheduled schedule(Duration delay, Runnable task);

  /** Runs a task soon. From any thread. */
  void execute(Runnable task);

  /** Gives work the time that nothing more urgent needs, until it says that it has no more. */
  void work(Slice slice);

  /**
   * Begins to connect. Never throws for what the network or the kernel says: the handler is told,
   * and never before this has returned.
   */
  Connection connect(ConnectSettings settings, ConnectionHandler handler);

  /**
   * Takes connections.
   *
   * @throws TransportException if the address cannot be listened on
   */
  Listening listen(ListenSettings settings, Acceptor acceptor);

  /** The index of an interface, as in {@link SocketEnd#scope}; 0 if there is none of that name. */
  int interfaceIndex(String device);
}
