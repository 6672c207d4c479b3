package io.ocicat.bgp.rib;

/** One path a prefix: the item is the net. */
final class BestOut implements OutTable {
  private final PrefixTable prefixes;
  private final IntPages entries = new IntPages();

  BestOut(PrefixTable prefixes) {
    this.prefixes = prefixes;
  }

  @Override
  public int entry(int item) {
    return entries.at(item);
  }

  @Override
  public void entry(int item, int entry) {
    int before = entries.at(item);
    entries.set(item, entry);
    if (before == 0 && entry != 0) {
      prefixes.pin(item);
    } else if (before != 0 && entry == 0) {
      prefixes.unpin(item);
    }
  }

  @Override
  public int net(int item) {
    return item;
  }

  @Override
  public int pathId(int item) {
    return 0;
  }

  @Override
  public void pin(int item) {
    prefixes.pin(item);
  }

  @Override
  public void unpin(int item) {
    prefixes.unpin(item);
  }

  @Override
  public int limit() {
    return prefixes.limit();
  }
}
