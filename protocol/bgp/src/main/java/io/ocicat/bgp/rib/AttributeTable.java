package io.ocicat.bgp.rib;

import io.ocicat.bgp.decision.DecisionSettings;
import io.ocicat.bgp.decision.Preference;
import io.ocicat.bgpwire.Attributes;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attribute sets as numbers with use counts, together with what choosing looks at, so that a path
 * is compared without touching an object. Number 0 is no set.
 */
final class AttributeTable {
  private static final int FIRST_CAPACITY = 256;

  private final DecisionSettings settings;
  private final NextHopTable nextHops;
  private @Nullable Attributes[] sets = new Attributes[FIRST_CAPACITY];
  private int[] uses = new int[FIRST_CAPACITY];
  private long[] preferences = new long[FIRST_CAPACITY];
  private int[] meds = new int[FIRST_CAPACITY];
  private int[] neighbours = new int[FIRST_CAPACITY];
  private int[] hops = new int[FIRST_CAPACITY];
  private int[] buckets = new int[FIRST_CAPACITY * 2];
  private int firstFree;
  private int limit = 1;
  private int count;

  AttributeTable(DecisionSettings settings, NextHopTable nextHops) {
    this.settings = settings;
    this.nextHops = nextHops;
  }

  /** How many different sets are in use. */
  int count() {
    return count;
  }

  int limit() {
    return limit;
  }

  /** The number of a set, with one more use: give it back by {@link #release}. */
  int take(Attributes set) {
    int mask = buckets.length - 1;
    int at = spread(set.hashCode()) & mask;
    for (int id = buckets[at]; id != 0; id = buckets[at]) {
      Attributes known = sets[id];
      if (known != null && known.equals(set)) {
        uses[id]++;
        return id;
      }
      at = (at + 1) & mask;
    }
    int id = allocate();
    buckets[at] = id;
    sets[id] = set;
    uses[id] = 1;
    describe(id, set);
    if (++count > buckets.length / 3 * 2) {
      rehash();
    }
    return id;
  }

  void use(int id) {
    uses[id]++;
  }

  void release(int id) {
    if (--uses[id] <= 0) {
      if (uses[id] < 0) {
        throw new IllegalStateException(
            "attribute set " + id + " was given back more often than taken");
      }
      remove(id);
    }
  }

  Attributes set(int id) {
    Attributes set = sets[id];
    if (set == null) {
      throw new IllegalStateException("attribute set " + id + " is not in use");
    }
    return set;
  }

  long preference(int id) {
    return preferences[id];
  }

  long med(int id) {
    return Integer.toUnsignedLong(meds[id]);
  }

  int neighbourAs(int id) {
    return neighbours[id];
  }

  int nextHop(int id) {
    return hops[id];
  }

  private void describe(int id, Attributes set) {
    preferences[id] =
        Preference.learned(
            set.hasCommunity(WellKnownCommunity.LLGR_STALE),
            set.hasLocalPref()
                ? Integer.toUnsignedLong(set.localPref())
                : settings.defaultLocalPref(),
            set.asPathLength(),
            set.origin().code());
    meds[id] = set.hasMed() || !settings.missingMedIsWorst() ? set.med() : -1;
    neighbours[id] = set.asPath().neighbour();
    hops[id] = nextHops.take(set.nextHop().orElse(null));
  }

  private int allocate() {
    if (firstFree != 0) {
      int id = firstFree;
      firstFree = uses[id];
      return id;
    }
    if (limit == uses.length) {
      int capacity = limit + (limit >> 1);
      sets = Arrays.copyOf(sets, capacity);
      uses = Arrays.copyOf(uses, capacity);
      preferences = Arrays.copyOf(preferences, capacity);
      meds = Arrays.copyOf(meds, capacity);
      neighbours = Arrays.copyOf(neighbours, capacity);
      hops = Arrays.copyOf(hops, capacity);
    }
    return limit++;
  }

  private void remove(int id) {
    int mask = buckets.length - 1;
    int hole = spread(set(id).hashCode()) & mask;
    while (buckets[hole] != id) {
      hole = (hole + 1) & mask;
    }
    int at = hole;
    while (true) {
      at = (at + 1) & mask;
      int other = buckets[at];
      if (other == 0) {
        break;
      }
      int home = spread(set(other).hashCode()) & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        buckets[hole] = other;
        hole = at;
      }
    }
    buckets[hole] = 0;
    nextHops.release(hops[id]);
    sets[id] = null;
    uses[id] = firstFree;
    firstFree = id;
    count--;
  }

  private void rehash() {
    int[] bigger = new int[buckets.length * 2];
    int mask = bigger.length - 1;
    for (int id : buckets) {
      if (id != 0) {
        int at = spread(set(id).hashCode()) & mask;
        while (bigger[at] != 0) {
          at = (at + 1) & mask;
        }
        bigger[at] = id;
      }
    }
    buckets = bigger;
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ mixed >>> 16;
  }
}
