package io.ocicat.nft.compile;

import io.ocicat.nftables.DataType;
import io.ocicat.nftables.Element;
import io.ocicat.nftables.KeyType;
import io.ocicat.nftables.NftSet;
import io.ocicat.nftables.SetContent;
import io.ocicat.nftables.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tier's map from identities to rows, and the rows. */
final class TierTable {

  private static final KeyType KEY = KeyType.of(DataType.MARK);

  private final TierProgram program;
  private final String name;
  private final Map<Identity, RowChain> rows = new HashMap<>();
  private final Map<RowChain, Integer> uses = new HashMap<>();

  private final Map<Identity, Element> changed = new HashMap<>();
  private final Map<Identity, Element> removed = new HashMap<>();

  TierTable(TierChain tier, TierProgram program) {
    this.program = program;
    this.name = tier.name();
  }

  TierProgram program() {
    return program;
  }

  static NftSet map(String name) {
    return NftSet.verdictMap(name, KEY).withComment("by what the peer is");
  }

  /** All rows in use. */
  Set<RowChain> rows() {
    return uses.keySet();
  }

  /** Adds an identity, if it is not there. */
  void add(Identity identity) {
    if (rows.containsKey(identity)) {
      return;
    }
    Set<Atom> atoms = new HashSet<>(identity.atoms());
    atoms.retainAll(program.atoms());
    RowChain row = program.row(atoms);
    rows.put(identity, row);
    uses.merge(row, 1, Integer::sum);
    Element element = Element.of(identity.id(), new Verdict.Goto(row.name()));
    removed.remove(identity);
    changed.put(identity, element);
  }

  /** Removes an identity, if it is there. */
  void remove(Identity identity) {
    RowChain row = rows.remove(identity);
    if (row != null) {
      uses.merge(row, -1, (a, b) -> a + b == 0 ? null : a + b);
      changed.remove(identity);
      removed.put(identity, Element.of(identity.id()));
    }
  }

  boolean isChanged() {
    return !changed.isEmpty() || !removed.isEmpty();
  }

  /** {@code before} with what was added and removed since the last call. */
  SetContent update(SetContent before) {
    List<Element> gone = new ArrayList<>(removed.values());
    List<Element> fresh = new ArrayList<>(changed.values());
    removed.clear();
    changed.clear();
    return before.withoutAll(gone).withAll(fresh);
  }

  @Override
  public String toString() {
    return name;
  }
}
