package io.ocicat.bgp.rib;

import io.ocicat.inet.IpAddress;

/**
 * Who knows how far next hops are (usually the kernel's routes). Asked once for each next hop in
 * use; changes are told by {@link Rib#nextHopChanged}. Link-local next hops are not asked for: they
 * are as near as the neighbour's link. Called on the loop thread; must not block.
 */
public interface NextHops {
  /** Every next hop is connected: for tests and for a speaker that only passes routes on. */
  NextHops ALL_CONNECTED =
      new NextHops() {
        @Override
        public Reachability watch(IpAddress nextHop) {
          return Reachability.CONNECTED;
        }

        @Override
        public void forget(IpAddress nextHop) {}
      };

  /** What is known now; from now on changes are to be told. */
  Reachability watch(IpAddress nextHop);

  /** No route uses it any more. */
  void forget(IpAddress nextHop);
}
