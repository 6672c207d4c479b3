package io.ocicat.nftables;

import java.util.Set;

/**
 * A set or a map, without its elements.
 *
 * @param data {@link SetData.None} for a set, else what the map maps to
 * @param comment for people, or empty
 */
public record NftSet(String name, KeyType key, SetData data, Set<SetFlag> flags, String comment) {
  public NftSet {
    Names.check("set", name);
    Names.checkComment("set " + name, comment);
    flags = Set.copyOf(flags);
  }

  /** A set of single keys. */
  public static NftSet of(String name, KeyType key) {
    return new NftSet(name, key, new SetData.None(), Set.of(), "");
  }

  /** A set of intervals, which must not overlap. */
  public static NftSet ofIntervals(String name, KeyType key) {
    return new NftSet(name, key, new SetData.None(), Set.of(SetFlag.INTERVAL), "");
  }

  /** A map from single keys to verdicts. */
  public static NftSet verdictMap(String name, KeyType key) {
    return new NftSet(name, key, new SetData.Verdicts(), Set.of(), "");
  }

  /** A map from single keys to values. */
  public static NftSet map(String name, KeyType key, DataType value) {
    return new NftSet(name, key, new SetData.Values(value), Set.of(), "");
  }

  /** A map from intervals, which must not overlap, to values. */
  public static NftSet intervalMap(String name, KeyType key, DataType value) {
    return new NftSet(name, key, new SetData.Values(value), Set.of(SetFlag.INTERVAL), "");
  }

  /** A map from intervals, which must not overlap, to verdicts. */
  public static NftSet intervalVerdictMap(String name, KeyType key) {
    return new NftSet(name, key, new SetData.Verdicts(), Set.of(SetFlag.INTERVAL), "");
  }

  public NftSet withComment(String comment) {
    return new NftSet(name, key, data, flags, comment);
  }

  public boolean isInterval() {
    return flags.contains(SetFlag.INTERVAL);
  }

  /** Belongs to one rule, with which it comes and goes. */
  public boolean isAnonymous() {
    return flags.contains(SetFlag.ANONYMOUS);
  }

  public boolean isMap() {
    return !(data instanceof SetData.None);
  }

  @Override
  public String toString() {
    return (isMap() ? "map " : "set ") + name;
  }
}
