package io.ocicat.bgp.rib;

import io.ocicat.bgpwire.EncodedAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a group makes of an attribute set: per set, source and deciding terms one entry, with the
 * outgoing attributes encoded once. Entry 0 is "not sent". An entry lives as long as some item is
 * announced with it; unused ones are dropped by {@link #dropUnused} after each round.
 */
final class ExportEntries {
  private final AttributeTable attributes;
  private int[] sets = new int[64];
  private short[] sources = new short[64];
  private int[] versions = new int[64];
  private long[] terms = new long[64];
  private int[] uses = new int[64];
  private int[] nexts = new int[64];
  private @Nullable EncodedAttributes[] encoded = new EncodedAttributes[64];
  private int[] heads = new int[64];
  private int firstFree;
  private int limit = 1;
  private int[] fresh = new int[64];
  private int freshCount;

  ExportEntries(AttributeTable attributes) {
    this.attributes = attributes;
  }

  int limit() {
    return limit;
  }

  /** The entry, or -1 if it was not made yet. A refusal that is remembered has no octets. */
  int find(int set, int source, int version, long held) {
    if (set >= heads.length) {
      return -1;
    }
    for (int entry = heads[set]; entry != 0; entry = nexts[entry]) {
      if (sources[entry] == source && versions[entry] == version && terms[entry] == held) {
        return entry;
      }
    }
    return -1;
  }

  /** The entry of a set and source whatever terms held, or -1. */
  int findAny(int set, int source, int version) {
    if (set >= heads.length) {
      return -1;
    }
    for (int entry = heads[set]; entry != 0; entry = nexts[entry]) {
      if (sources[entry] == source && versions[entry] == version) {
        return entry;
      }
    }
    return -1;
  }

  /** The terms of the export policy that held. */
  long held(int entry) {
    return terms[entry];
  }

  /**
   * A new entry without uses.
   *
   * @param octets the outgoing attributes, or null: nothing is sent
   */
  int add(int set, int source, int version, long held, @Nullable EncodedAttributes octets) {
    int entry = allocate();
    if (set >= heads.length) {
      heads = Arrays.copyOf(heads, Math.max(set + 1, heads.length * 2));
    }
    attributes.use(set);
    sets[entry] = set;
    sources[entry] = (short) source;
    versions[entry] = version;
    terms[entry] = held;
    uses[entry] = 0;
    encoded[entry] = octets;
    nexts[entry] = heads[set];
    heads[set] = entry;
    if (freshCount == fresh.length) {
      fresh = Arrays.copyOf(fresh, freshCount * 2);
    }
    fresh[freshCount++] = entry;
    return entry;
  }

  boolean sent(int entry) {
    return encoded[entry] != null;
  }

  EncodedAttributes octets(int entry) {
    EncodedAttributes octets = encoded[entry];
    if (octets == null) {
      throw new IllegalStateException("export entry " + entry + " is not sent");
    }
    return octets;
  }

  int set(int entry) {
    return sets[entry];
  }

  int source(int entry) {
    return sources[entry];
  }

  void use(int entry) {
    uses[entry]++;
  }

  /** One use less; the entry stays until {@link #dropUnused}. */
  void release(int entry) {
    if (--uses[entry] == 0) {
      if (freshCount == fresh.length) {
        fresh = Arrays.copyOf(fresh, freshCount * 2);
      }
      fresh[freshCount++] = entry;
    }
  }

  /** Drops what was made or released since the last call and is not used. */
  void dropUnused() {
    for (int i = 0; i < freshCount; i++) {
      int entry = fresh[i];
      if (uses[entry] == 0 && sets[entry] != 0) {
        remove(entry);
      }
    }
    freshCount = 0;
  }

  private void remove(int entry) {
    int set = sets[entry];
    int before = 0;
    for (int at = heads[set]; at != entry; at = nexts[at]) {
      before = at;
    }
    if (before == 0) {
      heads[set] = nexts[entry];
    } else {
      nexts[before] = nexts[entry];
    }
    encoded[entry] = null;
    sets[entry] = 0;
    nexts[entry] = firstFree;
    firstFree = entry;
    attributes.release(set);
  }

  private int allocate() {
    if (firstFree != 0) {
      int entry = firstFree;
      firstFree = nexts[entry];
      return entry;
    }
    if (limit == sets.length) {
      int capacity = limit + (limit >> 1);
      sets = Arrays.copyOf(sets, capacity);
      sources = Arrays.copyOf(sources, capacity);
      versions = Arrays.copyOf(versions, capacity);
      terms = Arrays.copyOf(terms, capacity);
      uses = Arrays.copyOf(uses, capacity);
      nexts = Arrays.copyOf(nexts, capacity);
      encoded = Arrays.copyOf(encoded, capacity);
    }
    return limit++;
  }
}
