package io.ocicat.nftables.fake;

import io.ocicat.nftables.CommitResult;
import io.ocicat.nftables.Counts;
import io.ocicat.nftables.Generation;
import io.ocicat.nftables.NamedCounter;
import io.ocicat.nftables.NftDump;
import io.ocicat.nftables.NftFamily;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.nftables.Nftables;
import io.ocicat.nftables.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nf_tables in memory. Not safe for use by several threads at once. */
public final class FakeNftables implements Nftables {
  private record TableName(NftFamily family, String name) {}

  private final Map<TableName, HeldTable> tables = new HashMap<>();
  private final List<NftTransaction> committed = new ArrayList<>();
  private int generation = 1;
  private long lastHandle;

  @Override
  public CommitResult commit(NftTransaction transaction) {
    Table table = transaction.table();
    TableName name = new TableName(table.family(), table.name());
    FakeCommit commit =
        new FakeCommit(transaction, Optional.ofNullable(tables.get(name)), lastHandle);
    List<CommitResult.Refusal> refusals = commit.run();
    if (!refusals.isEmpty()) {
      return new CommitResult.Refused(table, refusals);
    }
    lastHandle = commit.lastHandle();
    commit.result().ifPresentOrElse(held -> tables.put(name, held), () -> tables.remove(name));
    generation++;
    committed.add(transaction);
    return new CommitResult.Committed();
  }

  @Override
  public CommitResult commit(NftTransaction transaction, Generation expected) {
    return expected.id() == generation
        ? commit(transaction)
        : new CommitResult.GenerationMismatch(expected);
  }

  @Override
  public Generation generation() {
    return new Generation(generation);
  }

  @Override
  public Optional<NftDump> dump(Table table) {
    return Optional.ofNullable(tables.get(new TableName(table.family(), table.name())))
        .map(
            held -> {
              Map<String, Counts> counts = new HashMap<>();
              for (NamedCounter counter : held.content().counters()) {
                counts.put(counter.name(), Counts.ZERO);
              }
              return new NftDump(held.content(), generation(), false, held.ruleStates(), counts);
            });
  }

  /** What was committed so far, in order. */
  public List<NftTransaction> committed() {
    return List.copyOf(committed);
  }
}
