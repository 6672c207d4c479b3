package io.ocicat.bgpd;

import io.ocicat.bgpcontrol.BmpExport;
import io.ocicat.fib.FibSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who else is told what the speaker knows.
 *
 * @param kernel how routes are put into the kernel; empty: they are not, and next hops count as
 *     reachable
 * @param metrics where they are served; empty: nowhere
 * @param stations monitoring stations
 */
public record Outlets(
    Optional<FibSettings> kernel,
    Optional<InetSocketAddress> metrics,
    List<BmpExport.Station> stations) {
  public Outlets {
    stations = List.copyOf(stations);
  }
}
