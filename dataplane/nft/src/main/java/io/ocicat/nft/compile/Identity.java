package io.ocicat.nft.compile;

import io.ocicat.nftables.Bytes;
import io.ocicat.selector.ContentHash;
import java.util.List;
import java.util.Set;

/**
 * What addresses are to the rules of this node: those of one identity are in the same groups and
 * prefixes of all that some rule asks for, so no rule can tell them apart.
 *
 * @param atoms all that they are in, in order; not empty
 * @param id its name in the kernel, four bytes that depend on {@code atoms} alone unless two hashes
 *     meet
 */
record Identity(List<Atom> atoms, Bytes id) {

  private static final int ID_DIGITS = 8;

  @Override
  public boolean equals(Object o) {
    return this == o
        || (o instanceof Identity other && id.equals(other.id) && atoms.equals(other.atoms));
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  static Identity of(Set<Atom> atoms) {
    return of(atoms, 0);
  }

  /**
   * @param attempt another one for another id
   */
  static Identity of(Set<Atom> atoms, int attempt) {
    List<Atom> sorted = atoms.stream().sorted().toList();
    String text = attempt == 0 ? sorted.toString() : sorted + " " + attempt;
    return new Identity(sorted, Bytes.ofHex(ContentHash.of(text).substring(0, ID_DIGITS)));
  }
}
