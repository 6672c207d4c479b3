package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import io.ocicat.selector.LabelSelector;
import java.util.List;

/** One entry of a rule's {@code from} or {@code to}. */
public sealed interface Peer {

  /** The pods with these labels in those namespaces. */
  record Pods(NamespaceSelection namespaces, LabelSelector pods) implements Peer {}

  /** The addresses of a block but for those of {@code except}, whoever has them. */
  record IpBlock(Cidr cidr, List<Cidr> except) implements Peer {
    public IpBlock {
      except = List.copyOf(except);
    }

    public boolean contains(IpAddress address) {
      return cidr.contains(address) && except.stream().noneMatch(e -> e.contains(address));
    }
  }
}
