package io.ocicat.nftables.fake;

import io.ocicat.libc.Errno;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.CommitResult.Refusal;
import io.ocicat.nftables.Counts;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.ElementData;
import io.ocicat.nftables.NftDump.RuleState;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.nftables.Operation;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.SetData;
import io.ocicat.nftables.Verb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One transaction on a copy of one table, operation by operation, as the kernel prepares it. */
final class FakeCommit {
  private final NftTransaction transaction;
  private final Map<String, List<RuleState>> ruleStates = new HashMap<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private NftTable table;
  private boolean present;
  private long lastHandle;

  FakeCommit(NftTransaction transaction, Optional<HeldTable> held, long lastHandle) {
    this.transaction = transaction;
    this.table = held.map(HeldTable::content).orElse(NftTable.empty(transaction.table()));
    this.present = held.isPresent();
    held.ifPresent(h -> ruleStates.putAll(h.ruleStates()));
    this.lastHandle = lastHandle;
  }

  /** Does all operations and returns those that failed. */
  List<Refusal> run() {
    List<Operation> operations = transaction.operations();
    for (int i = 0; i < operations.size(); i++) {
      try {
        apply(operations.get(i));
      } catch (RefusedException e) {
        refusals.add(new Refusal(i, operations.get(i), e.errno, e.errno.toString()));
      }
    }
    if (refusals.isEmpty() && !operations.isEmpty()) {
      try {
        new References(table).checkJumps();
      } catch (RefusedException e) {
        int last = operations.size() - 1;
        refusals.add(new Refusal(last, operations.get(last), e.errno, e.errno.toString()));
      }
    }
    return refusals;
  }

  /** The table as it is now, or nothing if it was deleted. */
  Optional<HeldTable> result() {
    return present ? Optional.of(new HeldTable(table, ruleStates)) : Optional.empty();
  }

  long lastHandle() {
    return lastHandle;
  }

  private void apply(Operation operation) {
    if (!(operation instanceof Operation.OnTable) && !present) {
      throw new RefusedException(Errno.ENOENT);
    }
    switch (operation) {
      case Operation.OnTable on -> onTable(on);
      case Operation.OnCounter on -> onCounter(on);
      case Operation.OnChain on -> onChain(on);
      case Operation.OnSet on -> onSet(on);
      case Operation.OnElements on -> onElements(on);
      case Operation.OnRule on -> onRule(on);
    }
  }

  private void onTable(Operation.OnTable on) {
    switch (on.verb()) {
      case ADD, CREATE -> {
        refuseIf(present && on.verb() == Verb.CREATE, Errno.EEXIST);
        if (!present) {
          clear();
          present = true;
        }
      }
      case DELETE, DESTROY -> {
        refuseIf(!present && on.verb() == Verb.DELETE, Errno.ENOENT);
        clear();
        present = false;
      }
      case FLUSH -> {
        refuseIf(!present, Errno.ENOENT);
        for (ChainContent chain : table.chains()) {
          setRules(chain.chain(), List.of(), List.of());
        }
      }
      case INSERT, REPLACE -> throw new RefusedException(Errno.EOPNOTSUPP);
    }
  }

  private void clear() {
    table = NftTable.empty(transaction.table());
    ruleStates.clear();
  }

  private void onCounter(Operation.OnCounter on) {
    String name = on.counter().name();
    boolean exists = table.counters().contains(name);
    switch (on.verb()) {
      case ADD, CREATE -> {
        refuseIf(exists && on.verb() == Verb.CREATE, Errno.EEXIST);
        if (!exists) {
          table = table.with(on.counter());
        }
      }
      case DELETE, DESTROY -> {
        refuseIf(!exists && on.verb() == Verb.DELETE, Errno.ENOENT);
        refuseIf(new References(table).toCounter(name), Errno.EBUSY);
        table = table.withoutCounter(name);
      }
      case INSERT, REPLACE, FLUSH -> throw new RefusedException(Errno.EOPNOTSUPP);
    }
  }

  private void onChain(Operation.OnChain on) {
    String name = on.chain().name();
    Optional<ChainContent> existing = table.chain(name);
    switch (on.verb()) {
      case ADD, CREATE -> {
        refuseIf(existing.isPresent() && on.verb() == Verb.CREATE, Errno.EEXIST);
        if (existing.isPresent()) {
          updateChain(existing.get(), on.chain());
        } else {
          setRules(on.chain(), List.of(), List.of());
        }
      }
      case DELETE, DESTROY -> {
        if (existing.isEmpty()) {
          refuseIf(on.verb() == Verb.DELETE, Errno.ENOENT);
          return;
        }
        // The kernel removes the chain's rules too, but counts a jump to itself as another's.
        refuseIf(new References(table).toChain(name), Errno.EBUSY);
        table = table.withoutChain(name);
        ruleStates.remove(name);
      }
      case FLUSH -> {
        Chain chain = existing.orElseThrow(() -> new RefusedException(Errno.ENOENT)).chain();
        setRules(chain, List.of(), List.of());
      }
      case INSERT, REPLACE -> throw new RefusedException(Errno.EOPNOTSUPP);
    }
  }

  /** The kernel lets the policy change and nothing else. */
  private void updateChain(ChainContent existing, Chain chain) {
    switch (existing.chain()) {
      case Chain.RegularChain _ -> refuseIf(chain instanceof Chain.BaseChain, Errno.EEXIST);
      case Chain.BaseChain old -> {
        if (!(chain instanceof Chain.BaseChain base)) {
          return;
        }
        refuseIf(
            old.type() != base.type()
                || old.hook() != base.hook()
                || old.priority() != base.priority(),
            Errno.EEXIST);
        Chain updated =
            new Chain.BaseChain(
                old.name(), old.type(), old.hook(), old.priority(), base.policy(), old.comment());
        table = table.with(new ChainContent(updated, existing.rules()));
      }
    }
  }

  private void onSet(Operation.OnSet on) {
    NftSet set = on.set();
    Optional<SetContent> existing = table.set(set.name());
    switch (on.verb()) {
      case ADD, CREATE -> {
        refuseIf(existing.isPresent() && on.verb() == Verb.CREATE, Errno.EEXIST);
        if (existing.isPresent()) {
          NftSet old = existing.get().set();
          refuseIf(!old.withComment("").equals(set.withComment("")), Errno.EEXIST);
        } else {
          table = table.with(SetContent.empty(set));
        }
      }
      case DELETE, DESTROY -> {
        refuseIf(existing.isEmpty() && on.verb() == Verb.DELETE, Errno.ENOENT);
        refuseIf(new References(table).toSet(set.name()), Errno.EBUSY);
        table = table.withoutSet(set.name());
      }
      case FLUSH -> {
        refuseIf(existing.isEmpty(), Errno.ENOENT);
        existing.ifPresent(e -> table = table.with(SetContent.empty(e.set())));
      }
      case INSERT, REPLACE -> throw new RefusedException(Errno.EOPNOTSUPP);
    }
  }

  private void onElements(Operation.OnElements on) {
    SetContent content =
        table.set(on.set().name()).orElseThrow(() -> new RefusedException(Errno.ENOENT));
    switch (on.verb()) {
      case ADD, CREATE -> {
        List<Element> fresh = new ArrayList<>();
        for (Element element : on.elements()) {
          checkElement(content.set(), element);
          Optional<Element> existing = content.elements().find(element);
          if (existing.isPresent()) {
            refuseIf(on.verb() == Verb.CREATE, Errno.EEXIST);
            refuseIf(!existing.get().data().equals(element.data()), Errno.EEXIST);
          } else {
            fresh.add(element);
          }
        }
        SetContent changed = content.withAll(fresh);
        refuseIf(changed.set().isInterval() && overlaps(changed), Errno.EEXIST);
        table = table.with(changed);
      }
      case DELETE, DESTROY -> {
        for (Element element : on.elements()) {
          refuseIf(on.verb() == Verb.DELETE && !content.elements().contains(element), Errno.ENOENT);
        }
        table = table.with(content.withoutAll(on.elements()));
      }
      case INSERT, REPLACE, FLUSH -> throw new RefusedException(Errno.EOPNOTSUPP);
    }
  }

  private static boolean overlaps(SetContent content) {
    List<Element> elements = content.elements().toList();
    boolean concatenation = content.set().key().isConcatenation();
    for (int i = 1; i < elements.size(); i++) {
      int first = concatenation ? 0 : i - 1;
      for (int j = first; j < i; j++) {
        if (content.set().key().overlap(elements.get(i), elements.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  private void checkElement(NftSet set, Element element) {
    refuseIf(element.first().length() != set.key().lengthBytes(), Errno.EINVAL);
    refuseIf(!element.isSingle() && !set.isInterval(), Errno.EINVAL);
    switch (set.data()) {
      case SetData.None() -> refuseIf(!element.data().equals(ElementData.NONE), Errno.EINVAL);
      case SetData.Verdicts() -> {
        if (!(element.data() instanceof ElementData.VerdictData(var verdict))) {
          throw new RefusedException(Errno.EINVAL);
        }
        new References(table).checkVerdict(verdict);
      }
      case SetData.Values(var type) ->
          refuseIf(
              !(element.data() instanceof ElementData.ValueData(var value))
                  || value.length() != type.lengthBytes(),
              Errno.EINVAL);
      case SetData.Objects _ ->
          refuseIf(!(element.data() instanceof ElementData.ObjectData), Errno.EINVAL);
    }
  }

  private void onRule(Operation.OnRule on) {
    ChainContent content =
        table.chain(on.chain()).orElseThrow(() -> new RefusedException(Errno.ENOENT));
    List<Rule> rules = new ArrayList<>(content.rules());
    List<RuleState> states = new ArrayList<>(ruleStates.getOrDefault(on.chain(), List.of()));
    int index = on.handle() == 0 ? -1 : indexOf(states, on);
    switch (on.verb()) {
      case ADD, CREATE -> put(rules, states, index < 0 ? rules.size() : index + 1, on.rule());
      case INSERT -> put(rules, states, Math.max(index, 0), on.rule());
      case REPLACE -> {
        refuseIf(index < 0, Errno.EINVAL);
        rules.remove(index);
        states.remove(index);
        put(rules, states, index, on.rule());
      }
      case DELETE, DESTROY -> {
        if (index >= 0) {
          rules.remove(index);
          states.remove(index);
        }
      }
      case FLUSH -> throw new RefusedException(Errno.EOPNOTSUPP);
    }
    setRules(content.chain(), rules, states);
  }

  private static int indexOf(List<RuleState> states, Operation.OnRule on) {
    for (int i = 0; i < states.size(); i++) {
      if (states.get(i).handle() == on.handle()) {
        return i;
      }
    }
    refuseIf(on.verb() != Verb.DESTROY, Errno.ENOENT);
    return -1;
  }

  private void put(List<Rule> rules, List<RuleState> states, int index, Rule rule) {
    new References(table).check(rule);
    rules.add(index, rule);
    states.add(index, new RuleState(++lastHandle, Counts.ZERO));
  }

  private void setRules(Chain chain, List<Rule> rules, List<RuleState> states) {
    table = table.with(new ChainContent(chain, rules));
    ruleStates.put(chain.name(), List.copyOf(states));
  }

  private static void refuseIf(boolean condition, Errno errno) {
    if (condition) {
      throw new RefusedException(errno);
    }
  }
}
