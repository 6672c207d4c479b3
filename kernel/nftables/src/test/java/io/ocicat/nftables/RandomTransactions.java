package io.ocicat.nftables;

import static io.ocicat.inet.IpFamily.IPV4;
import static io.ocicat.nftables.RuleBuilder.rule;

import io.ocicat.inet.Ipv4Address;
import io.ocicat.testkit.Draws;
import io.ocicat.testkit.Gen;
import java.util.ArrayList;
import java.util.List;

/** Transactions on few names, so that many of them meet and many must be refused. */
final class RandomTransactions {
  private static final KeyType ADDRESS = KeyType.of(DataType.IPV4_ADDR);
  private static final List<NftSet> SETS =
      List.of(
          NftSet.of("single", ADDRESS),
          NftSet.ofIntervals("interval", ADDRESS),
          NftSet.verdictMap("verdicts", ADDRESS));
  private static final List<Chain> CHAINS =
      List.of(
          new Chain.RegularChain("a"),
          new Chain.RegularChain("b"),
          new Chain.BaseChain("base", ChainType.FILTER, Hook.FORWARD, 0, ChainPolicy.ACCEPT, ""));
  private static final NamedCounter COUNTER = new NamedCounter("n");

  private RandomTransactions() {}

  static Gen<List<NftTransaction>> sequences() {
    return transactions()
        .list(1, 10)
        .flatMap(
            rest ->
                Gen.booleans()
                    .map(
                        startsFull -> {
                          List<NftTransaction> sequence = new ArrayList<>();
                          if (startsFull) {
                            sequence.add(all());
                          }
                          sequence.addAll(rest);
                          return sequence;
                        }));
  }

  private static NftTransaction all() {
    NftTransaction.Builder transaction = NftTransaction.on(Specimen.TABLE).addTable();
    transaction.add(COUNTER);
    SETS.forEach(transaction::add);
    CHAINS.forEach(transaction::add);
    return transaction.build();
  }

  private static Gen<NftTransaction> transactions() {
    return operations()
        .list(1, 3)
        .map(
            list -> {
              NftTransaction.Builder transaction = NftTransaction.on(Specimen.TABLE).addTable();
              list.forEach(step -> step.addTo(transaction));
              return transaction.build();
            });
  }

  private interface Step {
    void addTo(NftTransaction.Builder transaction);
  }

  private static Gen<Step> operations() {
    return draws ->
        switch (draws.below(12)) {
          case 0 -> {
            Chain chain = pick(draws, CHAINS);
            yield t -> t.add(chain);
          }
          case 1 -> {
            NftSet set = pick(draws, SETS);
            yield t -> t.add(set);
          }
          case 2, 3 -> {
            String chain = pick(draws, CHAINS).name();
            Rule rule = ruleOf(draws);
            yield t -> t.add(chain, rule);
          }
          case 4, 5 -> {
            NftSet set = pick(draws, SETS);
            List<Element> elements = List.of(element(draws, set));
            yield t -> t.add(set, elements);
          }
          case 6 -> {
            NftSet set = pick(draws, SETS);
            List<Element> elements = List.of(element(draws, set));
            yield t -> t.delete(set, elements);
          }
          case 7 -> {
            Chain chain = pick(draws, CHAINS);
            yield draws.below(2) == 0 ? t -> t.delete(chain) : t -> t.create(chain);
          }
          case 8 -> {
            NftSet set = pick(draws, SETS);
            yield draws.below(2) == 0 ? t -> t.delete(set) : t -> t.create(set);
          }
          case 9 -> {
            Chain chain = pick(draws, CHAINS);
            yield t -> t.flush(chain);
          }
          case 10 -> {
            NftSet set = pick(draws, SETS);
            yield t -> t.flush(set);
          }
          default -> draws.below(3) == 0 ? t -> t.delete(COUNTER) : t -> t.add(COUNTER);
        };
  }

  private static <T> T pick(Draws draws, List<T> values) {
    return values.get(draws.below(values.size()));
  }

  private static Rule ruleOf(Draws draws) {
    return switch (draws.below(6)) {
      case 0 -> rule().accept();
      case 1 -> rule().jump(pick(draws, CHAINS).name());
      case 2 -> rule().saddrIn(IPV4, "single").drop();
      case 3 -> rule().saddrIn(IPV4, "interval").drop();
      case 4 -> rule().saddrVmap(IPV4, "verdicts");
      default -> rule().counter("n").goTo(pick(draws, CHAINS).name());
    };
  }

  private static Element element(Draws draws, NftSet set) {
    Bytes first = address(draws.below(6));
    if (set.isInterval()) {
      int start = draws.below(6);
      return Element.interval(address(start), address(start + draws.below(3)));
    }
    if (set.isMap()) {
      return Element.of(
          first, draws.below(2) == 0 ? Verdict.DROP : new Verdict.Goto(pick(draws, CHAINS).name()));
    }
    return Element.of(first);
  }

  private static Bytes address(int host) {
    return Bytes.of(new Ipv4Address(0x0a000000 + host).toBytes());
  }
}
