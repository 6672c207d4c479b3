package io.ocicat.nftables;

import java.util.Optional;

/** A holder of nf_tables: a network namespace's kernel, or an imitation of it. */
public interface Nftables {
  /** Does all of {@code transaction} or nothing. */
  CommitResult commit(NftTransaction transaction);

  /**
   * The same, provided that nobody changed anything since {@code expected}: not only our table but
   * any table of the namespace.
   */
  CommitResult commit(NftTransaction transaction, Generation expected);

  Generation generation();

  /** The table with all that is in it, or nothing if there is no such table. */
  Optional<NftDump> dump(Table table);
}
