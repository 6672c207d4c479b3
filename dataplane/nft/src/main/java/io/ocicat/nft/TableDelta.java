package io.ocicat.nft;

import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.NamedCounter;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.nftables.Operation;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.SortedTable;
import io.ocicat.nftables.SortedTable.Change;
import io.ocicat.nftables.SortedTable.Delta;
import io.ocicat.nftables.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What leads from one version of a table to another.
 *
 * <p>The transaction does, in this order: counters, sets and chains that are new; elements,
 * removals before additions in each set; rules; removals of sets, chains and counters. So
 * everything is there before it is referred to, and nothing goes while it is. A chain whose rules
 * differ is flushed and filled anew, which needs no handles; all others keep their rules and
 * counts.
 *
 * <p>The kernel keeps the comments of tables, chains and sets as they were when these were made, so
 * a difference in them alone is none.
 */
final class TableDelta {
  private final NftTable to;
  private final Delta<NamedCounter> counters;
  private final Delta<SetContent> sets;
  private final Delta<ChainContent> chains;

  private TableDelta(NftTable from, NftTable to) {
    this.to = to;
    this.counters = SortedTable.delta(from.counters(), to.counters());
    this.sets = SortedTable.delta(from.sets(), to.sets());
    this.chains = SortedTable.delta(from.chains(), to.chains());
    sets.removed().removeIf(set -> set.set().isAnonymous());
    chains.changed().removeIf(TableDelta::sameButForComment);
  }

  static TableDelta between(NftTable from, NftTable to) {
    return new TableDelta(from, to);
  }

  private static boolean sameButForComment(Change<ChainContent> change) {
    return sameChain(change.before().chain(), change.after().chain())
        && change.before().rules().equals(change.after().rules());
  }

  private static boolean sameChain(Chain before, Chain after) {
    return withoutComment(before).equals(withoutComment(after));
  }

  private static Chain withoutComment(Chain chain) {
    return switch (chain) {
      case Chain.RegularChain regular -> new Chain.RegularChain(regular.name());
      case Chain.BaseChain base ->
          new Chain.BaseChain(
              base.name(), base.type(), base.hook(), base.priority(), base.policy(), "");
    };
  }

  /**
   * Whether the kernel can make the change in place: not if a set has another type or a chain
   * another hook.
   */
  boolean isPossibleInPlace() {
    for (Change<SetContent> change : sets.changed()) {
      if (!change.before().set().withComment("").equals(change.after().set().withComment(""))) {
        return false;
      }
    }
    for (Change<ChainContent> change : chains.changed()) {
      if (!canBecome(change.before().chain(), change.after().chain())) {
        return false;
      }
    }
    return true;
  }

  private static boolean canBecome(Chain before, Chain after) {
    return switch (before) {
      case Chain.RegularChain _ -> after instanceof Chain.RegularChain;
      case Chain.BaseChain old ->
          after instanceof Chain.BaseChain base
              && old.type() == base.type()
              && old.hook() == base.hook()
              && old.priority() == base.priority();
    };
  }

  /** The smallest change that does it; empty if there is nothing to do. */
  NftTransaction inPlace() {
    NftTransaction.Builder transaction = NftTransaction.on(to.table());
    counters.added().forEach(transaction::add);
    sets.added().forEach(set -> transaction.add(set.set()));
    chains.added().forEach(chain -> transaction.add(chain.chain()));
    sets.added().forEach(set -> transaction.add(set.set(), set.elements().toList()));
    sets.changed().forEach(change -> elements(transaction, change));
    chains.changed().forEach(change -> rules(transaction, change));
    chains.added().forEach(chain -> append(transaction, chain));
    // Rules refer to chains and sets, elements to chains.
    chains.removed().forEach(chain -> transaction.flush(chain.chain()));
    sets.removed().forEach(set -> transaction.delete(set.set()));
    chains.removed().forEach(chain -> transaction.delete(chain.chain()));
    counters.removed().forEach(transaction::delete);
    return transaction.build();
  }

  private static void elements(NftTransaction.Builder transaction, Change<SetContent> change) {
    NftSet set = change.after().set();
    if (set.isInterval()) {
      // What overlaps only while it changes would be refused.
      transaction.flush(set).add(set, change.after().elements().toList());
      return;
    }
    Delta<Element> delta = SortedTable.delta(change.before().elements(), change.after().elements());
    List<Element> gone = new ArrayList<>(delta.removed());
    List<Element> fresh = new ArrayList<>(delta.added());
    for (Change<Element> element : delta.changed()) {
      gone.add(element.before());
      fresh.add(element.after());
    }
    transaction.delete(set, gone).add(set, fresh);
  }

  private static void rules(NftTransaction.Builder transaction, Change<ChainContent> change) {
    ChainContent after = change.after();
    if (!sameChain(change.before().chain(), after.chain())) {
      transaction.add(after.chain());
    }
    if (!change.before().rules().equals(after.rules())) {
      if (!change.before().rules().isEmpty()) {
        transaction.flush(after.chain());
      }
      append(transaction, after);
    }
  }

  private static void append(NftTransaction.Builder transaction, ChainContent chain) {
    for (Rule rule : chain.rules()) {
      transaction.add(chain.name(), rule);
    }
  }

  /** Makes the whole table anew, in one transaction, whatever is there now. */
  static NftTransaction rebuild(NftTable to) {
    NftTransaction.Builder clear = NftTransaction.on(to.table());
    clear.addTable().deleteTable().addTable();
    List<Operation> operations = new ArrayList<>(clear.build().operations());
    operations.addAll(between(NftTable.empty(to.table()), to).inPlace().operations());
    return new NftTransaction(to.table(), operations);
  }

  /** The same, and the table is in force again if somebody made it dormant. */
  static NftTransaction awaken(NftTransaction change) {
    List<Operation> operations = new ArrayList<>();
    operations.add(new Operation.OnTable(Verb.ADD, change.table()));
    operations.addAll(change.operations());
    return new NftTransaction(change.table(), operations);
  }

  /** The same differences for people: {@code from} is what is, {@code to} what should be. */
  List<Drift> drifts() {
    List<Drift> drifts = new ArrayList<>();
    counters.added().forEach(c -> drifts.add(missing("counter " + c.name())));
    counters.removed().forEach(c -> drifts.add(foreign("counter " + c.name())));
    sets.added().forEach(s -> drifts.add(missing(s.set().toString())));
    sets.removed().forEach(s -> drifts.add(foreign(s.set().toString())));
    for (Change<SetContent> change : sets.changed()) {
      elementDrifts(change, drifts);
    }
    chains.added().forEach(c -> drifts.add(missing(words(c.chain()))));
    chains.removed().forEach(c -> drifts.add(foreign(words(c.chain()))));
    for (Change<ChainContent> change : chains.changed()) {
      chainDrifts(change, drifts);
    }
    return drifts;
  }

  private static void elementDrifts(Change<SetContent> change, List<Drift> drifts) {
    NftSet set = change.after().set();
    if (!change.before().set().withComment("").equals(set.withComment(""))) {
      drifts.add(new Drift(Drift.Kind.DIFFERENT, set.toString()));
      return;
    }
    Delta<Element> delta = SortedTable.delta(change.before().elements(), change.after().elements());
    delta.added().forEach(e -> drifts.add(missing(words(e, set))));
    delta.removed().forEach(e -> drifts.add(foreign(words(e, set))));
    delta
        .changed()
        .forEach(e -> drifts.add(new Drift(Drift.Kind.DIFFERENT, words(e.after(), set))));
  }

  private static void chainDrifts(Change<ChainContent> change, List<Drift> drifts) {
    Chain chain = change.after().chain();
    if (!sameChain(change.before().chain(), chain)) {
      drifts.add(new Drift(Drift.Kind.DIFFERENT, words(chain)));
    }
    List<Rule> is = new ArrayList<>(change.before().rules());
    List<Rule> shouldBe = new ArrayList<>(change.after().rules());
    List<Rule> missing = new ArrayList<>(shouldBe);
    is.forEach(missing::remove);
    List<Rule> foreign = new ArrayList<>(is);
    shouldBe.forEach(foreign::remove);
    missing.forEach(rule -> drifts.add(missing(words(rule, chain))));
    foreign.forEach(rule -> drifts.add(foreign(words(rule, chain))));
    if (missing.isEmpty() && foreign.isEmpty() && !is.equals(shouldBe)) {
      drifts.add(new Drift(Drift.Kind.DIFFERENT, "order of rules in " + words(chain)));
    }
  }

  private static Drift missing(String object) {
    return new Drift(Drift.Kind.MISSING, object);
  }

  private static Drift foreign(String object) {
    return new Drift(Drift.Kind.FOREIGN, object);
  }

  private static String words(Chain chain) {
    return "chain " + chain.name() + quoted(chain.comment());
  }

  private static String words(Element element, NftSet set) {
    return "element " + element + quoted(element.comment()) + " of " + set;
  }

  private static String words(Rule rule, Chain chain) {
    return "rule" + quoted(rule.comment()) + " of " + words(chain);
  }

  private static String quoted(String comment) {
    return comment.isEmpty() ? "" : " \"" + comment + "\"";
  }

  /**
   * {@code desired}, and besides it what {@code observed} has more: counters, chains, sets, and
   * elements of sets that both have. Interval sets of both are as desired, since an unknown
   * interval may overlap a known one.
   */
  static NftTable keepingUnknown(NftTable observed, NftTable desired) {
    NftTable both = desired;
    for (NamedCounter counter : observed.counters()) {
      both = both.counters().contains(counter.name()) ? both : both.with(counter);
    }
    for (ChainContent chain : observed.chains()) {
      both = both.chains().contains(chain.name()) ? both : both.with(chain);
    }
    for (SetContent set : observed.sets()) {
      Optional<SetContent> wanted = both.set(set.name());
      if (wanted.isEmpty()) {
        both = both.with(set);
      } else if (wanted.get().set().equals(set.set())
          && !set.set().isInterval()
          && !wanted.get().elements().equals(set.elements())) {
        SortedTable<Element, Element> known = wanted.get().elements();
        both =
            both.with(
                wanted
                    .get()
                    .withAll(
                        set.elements().toList().stream()
                            .filter(element -> !known.contains(element))
                            .toList()));
      }
    }
    return both;
  }
}
