package io.ocicat.nftables;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A whole table as a value: what one wants it to be, or what a dump has found. Equality is by
 * content. A changed copy shares what did not change with its origin.
 */
public record NftTable(
    Table table,
    SortedTable<String, NamedCounter> counters,
    SortedTable<String, SetContent> sets,
    SortedTable<String, ChainContent> chains) {

  public static NftTable empty(Table table) {
    return new NftTable(
        table,
        SortedTable.empty(NamedCounter::name),
        SortedTable.empty(SetContent::name),
        SortedTable.empty(ChainContent::name));
  }

  public Optional<ChainContent> chain(String name) {
    return chains.find(name);
  }

  public Optional<SetContent> set(String name) {
    return sets.find(name);
  }

  /** This with a chain added, or in place of the one of that name. */
  public NftTable with(ChainContent chain) {
    return new NftTable(table, counters, sets, chains.with(chain));
  }

  public NftTable with(Chain chain, Rule... rules) {
    return with(new ChainContent(chain, List.of(rules)));
  }

  /** This with a set or map added, or in place of the one of that name. */
  public NftTable with(SetContent set) {
    return new NftTable(table, counters, sets.with(set), chains);
  }

  public NftTable with(NftSet set, Element... elements) {
    return with(SetContent.of(set, List.of(elements)));
  }

  public NftTable with(NamedCounter counter) {
    return new NftTable(table, counters.with(counter), sets, chains);
  }

  /** This with an element in an existing set, added or in place of the one with that key. */
  public NftTable withElement(String set, Element element) {
    return with(existingSet(set).with(element));
  }

  public NftTable withoutElement(String set, Element element) {
    return with(existingSet(set).without(element));
  }

  public NftTable withoutChain(String name) {
    return new NftTable(table, counters, sets, chains.without(name));
  }

  public NftTable withoutSet(String name) {
    return new NftTable(table, counters, sets.without(name), chains);
  }

  public NftTable withoutCounter(String name) {
    return new NftTable(table, counters.without(name), sets, chains);
  }

  private SetContent existingSet(String name) {
    return sets.find(name)
        .orElseThrow(() -> new IllegalStateException(table + " has no set or map " + name));
  }

  /** For building a table from nothing, at less cost than one copy for each object. */
  public static final class Builder {
    private final Table table;
    private final List<NamedCounter> counters = new ArrayList<>();
    private final List<SetContent> sets = new ArrayList<>();
    private final List<ChainContent> chains = new ArrayList<>();

    public Builder(Table table) {
      this.table = table;
    }

    public Builder add(NamedCounter counter) {
      counters.add(counter);
      return this;
    }

    public Builder add(SetContent set) {
      sets.add(set);
      return this;
    }

    public Builder add(NftSet set, Collection<Element> elements) {
      return add(SetContent.of(set, elements));
    }

    public Builder add(ChainContent chain) {
      chains.add(chain);
      return this;
    }

    public Builder add(Chain chain, Rule... rules) {
      return add(new ChainContent(chain, List.of(rules)));
    }

    /**
     * @throws IllegalArgumentException if two objects of a kind have the same name
     */
    public NftTable build() {
      return new NftTable(
          table,
          SortedTable.of(NamedCounter::name, counters),
          SortedTable.of(SetContent::name, sets),
          SortedTable.of(ChainContent::name, chains));
    }
  }
}
