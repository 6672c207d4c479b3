package io.ocicat.policy;

import io.ocicat.inet.Cidr;
import io.ocicat.model.NetworkSet;
import io.ocicat.selector.Labels;
import java.util.List;

/**
 * A network set: addresses that selectors find by labels.
 *
 * @param namespace empty for a GlobalNetworkSet
 */
public record PolicySet(String namespace, String name, Labels labels, List<Cidr> nets)
    implements Subject {

  public PolicySet {
    nets = List.copyOf(nets);
  }

  public static PolicySet of(NetworkSet set) {
    return new PolicySet(set.metadata().namespace(), set.name(), set.labels(), set.nets());
  }

  @Override
  public Key key() {
    return new Key(Kind.NETWORK_SET, namespace, name);
  }

  @Override
  public List<NamedPort> ports() {
    return List.of();
  }
}
