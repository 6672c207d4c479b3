package io.ocicat.nftables.fake;

import io.ocicat.libc.Errno;
import io.ocicat.nftables.Chain;
import io.ocicat.nftables.ChainContent;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.ElementData;
import io.ocicat.nftables.Expression;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.Rule;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.SetData;
import io.ocicat.nftables.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Who refers to whom in a table. */
final class References {
  /** {@code NFT_JUMP_STACK_SIZE}. */
  private static final int JUMP_STACK_SIZE = 16;

  private final NftTable table;

  References(NftTable table) {
    this.table = table;
  }

  boolean toChain(String name) {
    for (SetContent set : table.sets()) {
      for (Element element : set.elements()) {
        if (element.data() instanceof ElementData.VerdictData(Verdict verdict)
            && target(verdict).filter(name::equals).isPresent()) {
          return true;
        }
      }
    }
    return anyExpression(
        e ->
            e instanceof Expression.ImmediateVerdict(Verdict verdict)
                && target(verdict).filter(name::equals).isPresent());
  }

  boolean toSet(String name) {
    return anyExpression(
        e ->
            switch (e) {
              case Expression.Lookup lookup -> lookup.set().equals(name);
              case Expression.MapLookup lookup -> lookup.map().equals(name);
              case Expression.VerdictLookup lookup -> lookup.map().equals(name);
              default -> false;
            });
  }

  boolean toCounter(String name) {
    return anyExpression(
        e -> e instanceof Expression.CounterReference(String counter) && counter.equals(name));
  }

  private boolean anyExpression(Predicate<Expression> predicate) {
    for (ChainContent chain : table.chains()) {
      for (Rule rule : chain.rules()) {
        if (rule.expressions().stream().anyMatch(predicate)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Refuses a rule that names what is not there, or not of the right kind. */
  void check(Rule rule) {
    for (Expression expression : rule.expressions()) {
      switch (expression) {
        case Expression.Lookup lookup -> set(lookup.set());
        case Expression.MapLookup lookup -> {
          if (!(set(lookup.map()).set().data() instanceof SetData.Values)) {
            throw new RefusedException(Errno.EINVAL);
          }
        }
        case Expression.VerdictLookup lookup -> {
          if (!(set(lookup.map()).set().data() instanceof SetData.Verdicts)) {
            throw new RefusedException(Errno.EINVAL);
          }
        }
        case Expression.ImmediateVerdict(Verdict verdict) -> checkVerdict(verdict);
        case Expression.CounterReference(String counter) -> {
          if (!table.counters().contains(counter)) {
            throw new RefusedException(Errno.ENOENT);
          }
        }
        default -> {
          // refers to nothing
        }
      }
    }
  }

  void checkVerdict(Verdict verdict) {
    Optional<String> target = target(verdict);
    if (target.isPresent()) {
      Chain chain =
          table.chain(target.get()).orElseThrow(() -> new RefusedException(Errno.ENOENT)).chain();
      if (chain instanceof Chain.BaseChain) {
        throw new RefusedException(Errno.EOPNOTSUPP);
      }
    }
  }

  /** Refuses loops, and jumps deeper than the kernel's stack, on the ways from base chains. */
  void checkJumps() {
    Map<String, Integer> depths = new HashMap<>();
    for (ChainContent chain : table.chains()) {
      if (chain.chain() instanceof Chain.BaseChain
          && depth(chain.name(), depths, new ArrayList<>()) > JUMP_STACK_SIZE) {
        throw new RefusedException(Errno.EMLINK);
      }
    }
  }

  private int depth(String chain, Map<String, Integer> known, List<String> path) {
    if (path.contains(chain)) {
      throw new RefusedException(Errno.ELOOP);
    }
    Integer depth = known.get(chain);
    if (depth != null) {
      return depth;
    }
    path.add(chain);
    int deepest = 0;
    for (String target : targets(chain)) {
      deepest = Math.max(deepest, 1 + depth(target, known, path));
    }
    path.removeLast();
    known.put(chain, deepest);
    return deepest;
  }

  private List<String> targets(String chain) {
    List<String> targets = new ArrayList<>();
    for (Rule rule : table.chain(chain).map(ChainContent::rules).orElse(List.of())) {
      for (Expression expression : rule.expressions()) {
        if (expression instanceof Expression.ImmediateVerdict(Verdict verdict)) {
          target(verdict).ifPresent(targets::add);
        } else if (expression instanceof Expression.VerdictLookup lookup) {
          for (Element element : set(lookup.map()).elements()) {
            if (element.data() instanceof ElementData.VerdictData(Verdict verdict)) {
              target(verdict).ifPresent(targets::add);
            }
          }
        }
      }
    }
    return targets;
  }

  private SetContent set(String name) {
    return table.set(name).orElseThrow(() -> new RefusedException(Errno.ENOENT));
  }

  private static Optional<String> target(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Jump(String chain) -> Optional.of(chain);
      case Verdict.Goto(String chain) -> Optional.of(chain);
      case Verdict.Accept _,
          Verdict.Drop _,
          Verdict.Continue _,
          Verdict.Return _,
          Verdict.Other _ ->
          Optional.empty();
    };
  }
}
