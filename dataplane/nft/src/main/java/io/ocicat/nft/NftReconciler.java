package io.ocicat.nft;

import io.ocicat.libc.LibcException;
import io.ocicat.netlink.NetlinkException;
import io.ocicat.nftables.CommitResult;
import io.ocicat.nftables.Generation;
import io.ocicat.nftables.NftDump;
import io.ocicat.nftables.NftTable;
import io.ocicat.nftables.NftTransaction;
import io.ocicat.nftables.Nftables;
import java.util.List;
import java.util.Optional;

/**
 * Brings one table of the kernel to what it should be and keeps it there.
 *
 * <p>Each call does all or nothing: a packet meets the table before or after, never in between.
 * Belongs to one thread.
 */
public final class NftReconciler {
  /** How often to look anew because somebody else was faster. */
  private static final int ATTEMPTS = 10;

  private final Nftables nftables;

  /** What was asked for last; in force if {@link #trusted}. */
  private Optional<NftTable> goal = Optional.empty();

  private Unknown unknownToGoal = Unknown.REMOVE;
  private boolean trusted;
  private Generation expected = new Generation(0);
  private long drifts;

  public NftReconciler(Nftables nftables) {
    this.nftables = nftables;
  }

  /**
   * Makes the kernel enforce {@code desired}. The first call adopts what is there and changes what
   * differs; later ones trust what was applied and send only the difference.
   *
   * @param unknown what to do with more than {@code desired} has
   */
  public NftOutcome apply(NftTable desired, Unknown unknown) {
    if (trusted && goal.isPresent()) {
      NftTable target = target(goal.get(), desired, unknown);
      TableDelta delta = TableDelta.between(goal.get(), target);
      if (delta.isPossibleInPlace()) {
        try {
          NftTransaction transaction = delta.inPlace();
          if (commit(transaction)) {
            succeeded(target);
            return new NftOutcome.InForce(transaction.operations().size(), List.of());
          }
        } catch (NetlinkException | LibcException e) {
          return failed(desired, unknown, e.toString(), List.of());
        }
      }
    }
    // The first call, or what we trusted is not so any more.
    return observeAndApply(desired, unknown);
  }

  private boolean commit(NftTransaction transaction) {
    if (transaction.isEmpty()) {
      return true;
    }
    return switch (nftables.commit(transaction)) {
      case CommitResult.Committed _ -> {
        expected = next(expected);
        yield true;
      }
      case CommitResult.Refused _, CommitResult.GenerationMismatch _ -> false;
    };
  }

  /** Zero stands for no generation, so the kernel leaves it out. */
  private static Generation next(Generation generation) {
    return new Generation(generation.id() == -1 ? 1 : generation.id() + 1);
  }

  private static NftTable target(NftTable base, NftTable desired, Unknown unknown) {
    return switch (unknown) {
      case KEEP -> TableDelta.keepingUnknown(base, desired);
      case REMOVE -> desired;
    };
  }

  /**
   * Reads the table back, tells in what it is not what was last applied, and puts that right; or
   * tries again what failed. Before the first {@link #apply} there is nothing to do.
   */
  public NftOutcome verify() {
    return goal.isPresent()
        ? observeAndApply(goal.get(), unknownToGoal)
        : new NftOutcome.InForce(0, List.of());
  }

  /**
   * Reads the table back and compares it; changes nothing.
   *
   * @throws NetlinkException or {@link LibcException} if it cannot be read
   */
  public NftInspection inspect(NftTable shouldBe) {
    Optional<NftDump> dump = nftables.dump(shouldBe.table());
    return new NftInspection(differences(dump, shouldBe), dump);
  }

  /**
   * Whether nobody but us has changed nf_tables, in any table, since we last read or wrote ours;
   * then there is no need to {@link #verify}. Costs one short system call.
   */
  public boolean isUntouchedByOthers() {
    return trusted && nftables.generation().equals(expected);
  }

  /** What the kernel enforces, if that is known. */
  public Optional<NftTable> applied() {
    return trusted ? goal : Optional.empty();
  }

  /** How many differences made by others were found and put right since the start. */
  public long drifts() {
    return drifts;
  }

  private NftOutcome observeAndApply(NftTable desired, Unknown unknown) {
    String reason = "";
    List<Drift> found = List.of();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Generation before = nftables.generation();
        Optional<NftDump> dump = nftables.dump(desired.table());
        NftTable observed = dump.map(NftDump::content).orElse(NftTable.empty(desired.table()));
        Generation generation = dump.map(NftDump::generation).orElse(before);
        found = trusted ? driftsOf(dump) : List.of();
        NftTable target = target(observed, desired, unknown);
        NftTransaction transaction = transaction(dump, target, attempt);
        CommitResult result =
            transaction.isEmpty()
                ? new CommitResult.Committed()
                : nftables.commit(transaction, generation);
        switch (result) {
          case CommitResult.Committed _ -> {
            succeeded(target);
            expected = transaction.isEmpty() ? generation : next(generation);
            drifts += found.size();
            return new NftOutcome.InForce(transaction.operations().size(), found);
          }
          case CommitResult.GenerationMismatch _ ->
              reason =
                  "cannot change "
                      + desired.table()
                      + ": another program changed nf_tables each time before we could";
          case CommitResult.Refused refused -> reason = refused.message();
        }
      }
    } catch (NetlinkException | LibcException e) {
      reason = e.toString();
    }
    return failed(desired, unknown, reason, found);
  }

  /** In place if that can be; else, and if the kernel refused that before, all anew. */
  private static NftTransaction transaction(Optional<NftDump> dump, NftTable target, int attempt) {
    if (dump.isEmpty() || attempt >= ATTEMPTS / 2) {
      return TableDelta.rebuild(target);
    }
    TableDelta delta = TableDelta.between(dump.get().content(), target);
    if (!delta.isPossibleInPlace()) {
      return TableDelta.rebuild(target);
    }
    NftTransaction change = delta.inPlace();
    return dump.get().isDormant() ? TableDelta.awaken(change) : change;
  }

  private List<Drift> driftsOf(Optional<NftDump> dump) {
    return differences(dump, goal.orElseThrow());
  }

  private static List<Drift> differences(Optional<NftDump> dump, NftTable shouldBe) {
    if (dump.isEmpty()) {
      return List.of(new Drift(Drift.Kind.MISSING, shouldBe.table().toString()));
    }
    List<Drift> found = TableDelta.between(dump.get().content(), shouldBe).drifts();
    if (dump.get().isDormant()) {
      found.addFirst(new Drift(Drift.Kind.DIFFERENT, shouldBe.table() + ": dormant"));
    }
    return found;
  }

  private void succeeded(NftTable target) {
    goal = Optional.of(target);
    // What was unknown and is kept is part of the goal now.
    unknownToGoal = Unknown.REMOVE;
    trusted = true;
  }

  /** What is in force is not known now; the next call reads it back. */
  private NftOutcome failed(NftTable desired, Unknown unknown, String reason, List<Drift> found) {
    goal = Optional.of(desired);
    unknownToGoal = unknown;
    trusted = false;
    return new NftOutcome.Failed(reason, found);
  }
}
