package io.ocicat.nftables.interpret;

import io.ocicat.nftables.Chain.BaseChain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.ChainPolicy;
import io.ocicat.nftables.Hook;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.Verdict;
import io.ocicat.nftables.interpret.Evaluation.Outcome;
import io.ocicat.nftables.interpret.Evaluation.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Evaluates packets against one version of a table. */
public final class NftInterpreter {
  private final NftTable table;

  public NftInterpreter(NftTable table) {
    this.table = table;
  }

  /**
   * Sends a packet through all base chains of a hook, in the order of their priorities.
   *
   * @throws IllegalStateException if a rule holds an expression that only the kernel understands,
   *     or names a chain or set that is not there
   */
  public Evaluation evaluate(Packet packet, Hook hook) {
    List<BaseChain> bases = new ArrayList<>();
    for (ChainContent chain : table.chains()) {
      if (chain.chain() instanceof BaseChain base && base.hook() == hook) {
        bases.add(base);
      }
    }
    bases.sort(Comparator.comparingInt(BaseChain::priority));
    Walk walk = new Walk(new PacketMachine(table, packet));
    Outcome outcome = Outcome.ACCEPT;
    for (BaseChain base : bases) {
      outcome = walk.through(base);
      if (outcome != Outcome.ACCEPT) {
        break;
      }
    }
    return new Evaluation(
        outcome,
        walk.machine.masqueraded(),
        walk.machine.untracked(),
        walk.machine.mark(),
        walk.trace);
  }

  /** Where to go on after a jump. */
  private record Frame(ChainContent chain, int next) {}

  private final class Walk {
    private final PacketMachine machine;
    private final List<Step> trace = new ArrayList<>();

    Walk(PacketMachine machine) {
      this.machine = machine;
    }

    Outcome through(BaseChain base) {
      Deque<Frame> stack = new ArrayDeque<>();
      ChainContent chain = chain(base.name());
      int index = 0;
      while (true) {
        if (index == chain.rules().size()) {
          if (stack.isEmpty()) {
            return policy(base);
          }
          Frame back = stack.pop();
          chain = back.chain();
          index = back.next();
          continue;
        }
        Rule rule = chain.rules().get(index);
        PacketMachine.RuleResult result = machine.run(rule);
        switch (result) {
          case PacketMachine.RuleResult.NoMatch() -> index++;
          case PacketMachine.RuleResult.Rejected() -> {
            trace.add(new Step.Matched(chain.name(), index, rule, "reject"));
            return Outcome.REJECT;
          }
          case PacketMachine.RuleResult.Translated() -> {
            trace.add(new Step.Matched(chain.name(), index, rule, "masquerade"));
            return Outcome.ACCEPT;
          }
          case PacketMachine.RuleResult.Matched(Verdict verdict) -> {
            trace.add(new Step.Matched(chain.name(), index, rule, verdict.toString()));
            switch (verdict) {
              case Verdict.Accept() -> {
                return Outcome.ACCEPT;
              }
              case Verdict.Drop() -> {
                return Outcome.DROP;
              }
              case Verdict.Continue() -> index++;
              case Verdict.Return() -> index = chain.rules().size();
              case Verdict.Jump(String target) -> {
                stack.push(new Frame(chain, index + 1));
                chain = chain(target);
                index = 0;
              }
              case Verdict.Goto(String target) -> {
                chain = chain(target);
                index = 0;
              }
              case Verdict.Other(int code) ->
                  throw new IllegalStateException(
                      "verdict " + code + " in chain " + chain.name() + " cannot be interpreted");
            }
          }
        }
      }
    }

    private Outcome policy(BaseChain base) {
      boolean accept = base.policy() == ChainPolicy.ACCEPT;
      trace.add(new Step.Policy(base.name(), accept ? "accept" : "drop"));
      return accept ? Outcome.ACCEPT : Outcome.DROP;
    }

    private ChainContent chain(String name) {
      return table
          .chain(name)
          .orElseThrow(() -> new IllegalStateException(table.table() + " has no chain " + name));
    }
  }
}
