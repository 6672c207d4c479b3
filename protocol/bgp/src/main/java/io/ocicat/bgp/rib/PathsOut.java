package io.ocicat.bgp.rib;

import java.util.Arrays;

/** Several paths a prefix (RFC 7911): an item is a net with a path identifier. */
final class PathsOut implements OutTable {
  private final PrefixTable prefixes;
  private final IntPages heads = new IntPages();
  private int[] nets = new int[64];
  private int[] pathIds = new int[64];
  private int[] entries = new int[64];
  private int[] pins = new int[64];
  private int[] nexts = new int[64];
  private int firstFree;
  private int limit = 1;

  PathsOut(PrefixTable prefixes) {
    this.prefixes = prefixes;
  }

  /** The first item of a net, or 0. */
  int first(int net) {
    return heads.at(net);
  }

  /** The item of the same net after this one, or 0. */
  int next(int item) {
    return nexts[item];
  }

  /** The item of a net and path identifier, new if there was none: announce or pin it. */
  int findOrAdd(int net, int pathId) {
    for (int item = heads.at(net); item != 0; item = nexts[item]) {
      if (pathIds[item] == pathId) {
        return item;
      }
    }
    int item = allocate();
    nets[item] = net;
    pathIds[item] = pathId;
    entries[item] = 0;
    pins[item] = 0;
    nexts[item] = heads.at(net);
    heads.set(net, item);
    prefixes.pin(net);
    return item;
  }

  @Override
  public int entry(int item) {
    return entries[item];
  }

  @Override
  public void entry(int item, int entry) {
    int before = entries[item];
    entries[item] = entry;
    if (before == 0 && entry != 0) {
      pin(item);
    } else if (before != 0 && entry == 0) {
      unpin(item);
    }
  }

  @Override
  public int net(int item) {
    return nets[item];
  }

  @Override
  public int pathId(int item) {
    return pathIds[item];
  }

  @Override
  public void pin(int item) {
    pins[item]++;
  }

  @Override
  public void unpin(int item) {
    if (--pins[item] > 0) {
      return;
    }
    int net = nets[item];
    int before = 0;
    for (int at = heads.at(net); at != item; at = nexts[at]) {
      before = at;
    }
    if (before == 0) {
      heads.set(net, nexts[item]);
    } else {
      nexts[before] = nexts[item];
    }
    entries[item] = 0;
    nexts[item] = firstFree;
    firstFree = item;
    prefixes.unpin(net);
  }

  @Override
  public int limit() {
    return limit;
  }

  private int allocate() {
    if (firstFree != 0) {
      int item = firstFree;
      firstFree = nexts[item];
      return item;
    }
    if (limit == nets.length) {
      int capacity = limit * 2;
      nets = Arrays.copyOf(nets, capacity);
      pathIds = Arrays.copyOf(pathIds, capacity);
      entries = Arrays.copyOf(entries, capacity);
      pins = Arrays.copyOf(pins, capacity);
      nexts = Arrays.copyOf(nexts, capacity);
    }
    return limit++;
  }
}
