package io.ocicat.nftables;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A change of one table that is done as a whole or not at all. Operations are carried out in order;
 * each sees what the ones before it did.
 */
public record NftTransaction(Table table, List<Operation> operations) {
  public NftTransaction {
    operations = List.copyOf(operations);
  }

  public boolean isEmpty() {
    return operations.isEmpty();
  }

  public static Builder on(Table table) {
    return new Builder(table);
  }

  /** Collects operations. Verbs are documented at {@link Verb}. */
  public static final class Builder {
    private static final Rule NO_RULE = new Rule(List.of(), "");

    private final Table table;
    private final List<Operation> operations = new ArrayList<>();

    private Builder(Table table) {
      this.table = table;
    }

    /** Makes sure the table itself is there. */
    public Builder addTable() {
      return append(new Operation.OnTable(Verb.ADD, table));
    }

    public Builder createTable() {
      return append(new Operation.OnTable(Verb.CREATE, table));
    }

    /** Removes the table with all that is in it. */
    public Builder deleteTable() {
      return append(new Operation.OnTable(Verb.DELETE, table));
    }

    /** Removes the table if it is there. */
    public Builder destroyTable() {
      return append(new Operation.OnTable(Verb.DESTROY, table));
    }

    /** Removes all rules of all chains. */
    public Builder flushTable() {
      return append(new Operation.OnTable(Verb.FLUSH, table));
    }

    public Builder add(Chain chain) {
      return append(new Operation.OnChain(Verb.ADD, chain));
    }

    public Builder create(Chain chain) {
      return append(new Operation.OnChain(Verb.CREATE, chain));
    }

    public Builder delete(Chain chain) {
      return append(new Operation.OnChain(Verb.DELETE, chain));
    }

    public Builder destroy(Chain chain) {
      return append(new Operation.OnChain(Verb.DESTROY, chain));
    }

    public Builder flush(Chain chain) {
      return append(new Operation.OnChain(Verb.FLUSH, chain));
    }

    public Builder add(NftSet set) {
      return append(new Operation.OnSet(Verb.ADD, set));
    }

    public Builder create(NftSet set) {
      return append(new Operation.OnSet(Verb.CREATE, set));
    }

    public Builder delete(NftSet set) {
      return append(new Operation.OnSet(Verb.DELETE, set));
    }

    public Builder destroy(NftSet set) {
      return append(new Operation.OnSet(Verb.DESTROY, set));
    }

    public Builder flush(NftSet set) {
      return append(new Operation.OnSet(Verb.FLUSH, set));
    }

    /** Adds elements; one that is there with other data is refused. */
    public Builder add(NftSet set, Collection<Element> elements) {
      return onElements(Verb.ADD, set, elements);
    }

    public Builder create(NftSet set, Collection<Element> elements) {
      return onElements(Verb.CREATE, set, elements);
    }

    public Builder delete(NftSet set, Collection<Element> elements) {
      return onElements(Verb.DELETE, set, elements);
    }

    public Builder destroy(NftSet set, Collection<Element> elements) {
      return onElements(Verb.DESTROY, set, elements);
    }

    public Builder add(NamedCounter counter) {
      return append(new Operation.OnCounter(Verb.ADD, counter));
    }

    public Builder create(NamedCounter counter) {
      return append(new Operation.OnCounter(Verb.CREATE, counter));
    }

    public Builder delete(NamedCounter counter) {
      return append(new Operation.OnCounter(Verb.DELETE, counter));
    }

    public Builder destroy(NamedCounter counter) {
      return append(new Operation.OnCounter(Verb.DESTROY, counter));
    }

    /** Puts a rule at the end of a chain. */
    public Builder add(String chain, Rule rule) {
      return append(new Operation.OnRule(Verb.ADD, chain, rule, 0));
    }

    /** Puts a rule right behind another. */
    public Builder addAfter(String chain, long handle, Rule rule) {
      return append(new Operation.OnRule(Verb.ADD, chain, rule, handle));
    }

    /** Puts a rule at the start of a chain. */
    public Builder insert(String chain, Rule rule) {
      return append(new Operation.OnRule(Verb.INSERT, chain, rule, 0));
    }

    /** Puts a rule right before another. */
    public Builder insertBefore(String chain, long handle, Rule rule) {
      return append(new Operation.OnRule(Verb.INSERT, chain, rule, handle));
    }

    public Builder replace(String chain, long handle, Rule rule) {
      return append(new Operation.OnRule(Verb.REPLACE, chain, rule, handle));
    }

    public Builder delete(String chain, long handle) {
      return append(new Operation.OnRule(Verb.DELETE, chain, NO_RULE, handle));
    }

    public Builder destroy(String chain, long handle) {
      return append(new Operation.OnRule(Verb.DESTROY, chain, NO_RULE, handle));
    }

    public NftTransaction build() {
      return new NftTransaction(table, operations);
    }

    private Builder onElements(Verb verb, NftSet set, Collection<Element> elements) {
      return elements.isEmpty()
          ? this
          : append(new Operation.OnElements(verb, set, List.copyOf(elements)));
    }

    private Builder append(Operation operation) {
      operations.add(operation);
      return this;
    }
  }
}
