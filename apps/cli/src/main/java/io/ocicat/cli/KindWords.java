package io.ocicat.cli;

import io.ocicat.model.Kinds;
import io.ocicat.model.ResourceKind;
import java.util.Iterator;

/** The kinds' plural names, for a shell to complete. */
final class KindWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Kinds.all().stream().map(ResourceKind::plural).sorted().iterator();
  }
}
