package io.ocicat.bgp.session;

import io.ocicat.inet.IpAddress;
import java.util.function.Consumer;

/**
 * Who notices within fractions of a second that a neighbour does not answer any more: usually BFD.
 */
@FunctionalInterface
public interface Liveness {

  /** Notices nothing. */
  Liveness NONE =
      (target, settings, told) ->
          new Watch() {
            @Override
            public void change(BfdSettings settings) {}

            @Override
            public void close() {}
          };

  /**
   * Begins to watch a neighbour, on the thread of the speaker's loop.
   *
   * @param told of each change, from any thread; it does not wait
   */
  Watch watch(Target target, BfdSettings settings, Consumer<Verdict> told);

  /**
   * Who is watched.
   *
   * @param source the address to send from; unspecified for the kernel's choice
   * @param device the interface to send through; empty for any
   * @param multihop whether routers may be between
   */
  record Target(IpAddress remote, IpAddress source, String device, boolean multihop) {}

  /** A neighbour that is watched. On the thread of the speaker's loop. */
  interface Watch extends AutoCloseable {

    /** Other intervals, without a loss. */
    void change(BfdSettings settings);

    /** Ends it; the neighbour is told that it is on purpose. */
    @Override
    void close();
  }

  /** How a neighbour is now. */
  enum State {
    /** It answers. */
    UP,
    /** It does not, or says that it does not hear us. */
    DOWN,
    /** It has switched BFD off: nothing is known (RFC 5882 §4.1). */
    OFF
  }

  /**
   * A change.
   *
   * @param why in words
   * @param independent the neighbour's answers do not share the fate of its control plane (the C
   *     bit of RFC 5880): their end says that it does not forward either
   */
  record Verdict(State state, String why, boolean independent) {}
}
