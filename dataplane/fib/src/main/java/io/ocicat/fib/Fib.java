package io.ocicat.fib;

import io.ocicat.bgp.rib.NextHops;
import io.ocicat.bgp.rib.Reachability;
import io.ocicat.bgp.rib.Rib;
import io.ocicat.bgp.rib.RouteChange;
import io.ocicat.bgp.rib.RouteListener;
import io.ocicat.inet.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Routes in use into the kernel, and next hops from it, for the network namespace of the thread
 * that opens it.
 *
 * <p>In this order: {@link #open}; a {@link Rib} made with this as its {@link NextHops}; if {@link
 * #adopted} is not 0, {@link Rib#deferSelection} and the speaker's {@code restarted}; {@link
 * #attach}.
 */
public final class Fib implements NextHops, RouteListener, AutoCloseable {

  private Fib() {}

  /**
   * Reads the kernel's links, addresses and routes, and takes over the routes of an earlier run.
   */
  public static Fib open(FibSettings settings) {
    return new Fib();
  }

  /** How many routes an earlier run had left. They stay until {@link #inSync}. */
  public int adopted() {
    return 0;
  }

  /**
   * From now on the kernel follows the tables, and the tables learn of changes of next hops. On the
   * loop's thread.
   *
   * @param loop runs tasks on the loop's thread
   */
  public void attach(Rib rib, Executor loop) {
    rib.listen(this);
  }

  /** Goes over to other settings; the table stays as it was. From any thread. */
  public void apply(FibSettings settings) {}

  @Override
  public Reachability watch(IpAddress nextHop) {
    return Reachability.CONNECTED;
  }

  @Override
  public void forget(IpAddress nextHop) {}

  @Override
  public void changed(List<RouteChange> batch) {}

  /** What of the routes that were taken over is not known now goes. */
  @Override
  public void inSync() {}

  /** From any thread. */
  public FibView view() {
    return new FibView(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
  }

  /** Removes all routes; to be called before {@link #close} if forwarding is to end too. */
  public void withdrawAll(Duration longest) {}

  /** Ends; the routes stay in the kernel for the next run. */
  @Override
  public void close() {}
}
