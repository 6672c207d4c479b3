package io.ocicat.bgp.rib;

import io.ocicat.inet.IpAddress;
import io.ocicat.inet.Ipv6Address;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The next hops in use as numbers, with what is known of each. Number 0 is always reachable. */
final class NextHopTable {
  private final NextHops source;
  private final Map<IpAddress, Integer> numbers = new HashMap<>();
  private @Nullable IpAddress[] addresses = new IpAddress[16];
  private int[] uses = new int[16];
  private boolean[] reachable = new boolean[16];
  private long[] costs = new long[16];
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int limit = 1;

  NextHopTable(NextHops source) {
    this.source = source;
    reachable[0] = true;
  }

  /** Counts one more use of a next hop, which may be new. */
  int take(@Nullable IpAddress address) {
    if (address == null || address.isUnspecified() || linkLocal(address)) {
      return 0;
    }
    Integer known = numbers.get(address);
    if (known != null) {
      uses[known]++;
      return known;
    }
    int number = free();
    Reachability now = source.watch(address);
    numbers.put(address, number);
    addresses[number] = address;
    uses[number] = 1;
    reachable[number] = now.reachable();
    costs[number] = now.cost();
    return number;
  }

  void release(int number) {
    if (number == 0 || --uses[number] > 0) {
      return;
    }
    IpAddress address = addresses[number];
    addresses[number] = null;
    free.push(number);
    if (address != null) {
      numbers.remove(address);
      source.forget(address);
    }
  }

  boolean reachable(int number) {
    return reachable[number];
  }

  long cost(int number) {
    return costs[number];
  }

  /** The number of the next hop if something changed, else 0. */
  int change(IpAddress address, Reachability now) {
    Integer number = numbers.get(address);
    if (number == null || (reachable[number] == now.reachable() && costs[number] == now.cost())) {
      return 0;
    }
    reachable[number] = now.reachable();
    costs[number] = now.cost();
    return number;
  }

  static boolean linkLocal(IpAddress address) {
    return address instanceof Ipv6Address v6 && v6.isLinkLocal();
  }

  private int free() {
    Integer given = free.poll();
    if (given != null) {
      return given;
    }
    if (limit == uses.length) {
      addresses = Arrays.copyOf(addresses, limit * 2);
      uses = Arrays.copyOf(uses, limit * 2);
      reachable = Arrays.copyOf(reachable, limit * 2);
      costs = Arrays.copyOf(costs, limit * 2);
    }
    return limit++;
  }
}
