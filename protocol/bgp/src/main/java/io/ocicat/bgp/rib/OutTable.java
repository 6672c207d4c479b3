package io.ocicat.bgp.rib;

/**
 * The Adj-RIB-Out of a group of neighbours: what each item was last said to be.
 *
 * <p>An item is what one announcement is about: a net, or with several paths a prefix (RFC 7911) a
 * net and a path identifier. An item with entry 0 is not announced. Whoever remembers an item holds
 * a pin on it.
 */
interface OutTable {
  /** The export entry that the item was last announced with, or 0. */
  int entry(int item);

  void entry(int item, int entry);

  int net(int item);

  /** The path identifier under which neighbours know the item. */
  int pathId(int item);

  void pin(int item);

  void unpin(int item);

  /** One more than the highest item. */
  int limit();
}
