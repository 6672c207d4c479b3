package io.ocicat.bgpwire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@link Attributes} by the octets that a peer sent, so that a set that came before is not
 * decoded again. Bounded: new sets take the place of others when it is full. One for each thread;
 * sessions share it.
 */
public final class AttributeCache {

  private static final int WAYS = 4;

  /**
   * What a run of octets was decoded to.
   *
   * @param ipv4 for prefixes in the NLRI field; {@code null} if there are none to be had
   * @param multiprotocol for prefixes in MP_REACH_NLRI; {@code null} if there are none to be had
   * @param faults of single attributes; the strongest reaction counts
   * @param ipv4Fault why {@code ipv4} is missing
   * @param multiprotocolFault why {@code multiprotocol} is missing
   */
  record Decoded(
      @Nullable Attributes ipv4,
      @Nullable Attributes multiprotocol,
      List<AttributeError> faults,
      @Nullable AttributeError ipv4Fault,
      @Nullable AttributeError multiprotocolFault) {}

  private static final class Entry {
    final long hash;
    final int traits;
    final int nextHopCut;
    final Bytes key;
    final Decoded decoded;

    Entry(long hash, int traits, int nextHopCut, Bytes key, Decoded decoded) {
      this.hash = hash;
      this.traits = traits;
      this.nextHopCut = nextHopCut;
      this.key = key;
      this.decoded = decoded;
    }
  }

  private final @Nullable Entry[] entries;
  private final int mask;
  private int victim;
  private long hits;
  private long misses;

  /**
   * @param maximumEntries rounded up to a power of two, at least 16
   */
  public AttributeCache(int maximumEntries) {
    int size = Math.max(16, Integer.highestOneBit(Math.max(1, maximumEntries - 1)) << 1);
    entries = new @Nullable Entry[size];
    mask = size - 1;
  }

  /** Room for 32768 sets. */
  public AttributeCache() {
    this(1 << 15);
  }

  /** Messages whose attributes were found. */
  public long hits() {
    return hits;
  }

  /** Messages whose attributes had to be decoded. */
  public long misses() {
    return misses;
  }

  @Nullable Decoded find(AttributeBlock block, int traits) {
    long hash = block.hash(traits);
    int bucket = (int) hash & mask & -WAYS;
    for (int i = bucket; i < bucket + WAYS; i++) {
      Entry entry = entries[i];
      if (entry != null
          && entry.hash == hash
          && entry.traits == traits
          && block.matches(entry.key, entry.nextHopCut)) {
        hits++;
        return entry.decoded;
      }
    }
    misses++;
    return null;
  }

  void put(AttributeBlock block, int traits, Decoded decoded) {
    long hash = block.hash(traits);
    int bucket = (int) hash & mask & -WAYS;
    int slot = bucket + (victim++ & (WAYS - 1));
    for (int i = bucket; i < bucket + WAYS; i++) {
      if (entries[i] == null) {
        slot = i;
        break;
      }
    }
    entries[slot] = new Entry(hash, traits, block.nextHopCut(), block.key(), decoded);
  }
}
